"""Cells that a learner could write: other functions, products inside products, several states."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import (
    cumsum,
    diag,
    dot,
    exp,
    gt,
    hypot,
    lerp,
    matmul,
    maximum,
    mean,
    mv,
    norm,
    ones,
    outer,
    roll,
    sigmoid,
    softmax,
    sqrt,
    square,
    tanh,
    trace,
    where,
)
from torch.nn import functional
from torch.nn.functional import normalize, softplus

from rnntui.core.equations import read
from rnntui.core.gradients.backprop import inputs
from rnntui.core.gradients.jacobian import jacobians
from rnntui.core.gradients.windows import Windows
from rnntui.core.parameters import bind
from rnntui.core.unroll import sub_steps
from rnntui.errors import BadInput
from tests.core.gradients.oracle import close, gradient, linear, network, unrolled

HALF = 0.5


def relu(x):
    """Not torch's: it leaks."""
    return torch.where(x > 0, x, 0.1 * x)


def peephole(x, h, c, W):
    """The output gate sees the new cell state, through a matrix; the input gate is the forget gate's complement."""
    f = sigmoid(W.if_ @ x + W.b_if + W.hf @ h + W.b_hf)
    g = tanh(W.ig @ x + W.b_ig + W.hg @ h + W.b_hg)
    c = f * c + (1 - f) * g
    o = sigmoid(W.io @ x + W.b_io + W.ho @ c + W.b_ho)
    h = o * tanh(c)
    return h, c


def nested(x, h, W):
    """A product inside a product, with a bias in between."""
    r = sigmoid(W.ir @ x + W.b_ir + W.hr @ h + W.b_hr)
    n = tanh(W.in_ @ tanh(x) + W.b_in + W.hn @ (r * tanh(W.hr @ h + W.b_hr) + r * h))
    h = HALF * n + h * r / (1 + exp(-n))
    return h  # noqa: RET504


def elementwise(x, h, c, W):
    """x, of as many numbers as there are units, is used as it is; softplus and a leaky relu are not in the tables."""
    c = softplus(c) * HALF - abs(h) * x
    h = relu(W.hh @ h + W.b_hh + W.ih @ x) + tanh(c) * square(c)
    return h, c


elementwise.__globals__["abs"] = torch.abs


def normalised(x, h, W):
    """Every unit of h is divided by the norm of all; at the first step h is 0."""
    s = normalize(h, 2.0, 0)
    h = tanh(W.x @ x + W.s @ s + W.b)
    return h  # noqa: RET504


def summed(x, h, W):
    """What is 0 for 0, and acts on a vector alone; along steps instead of units it would be something else."""
    h = tanh(W.x @ x + W.s @ cumsum(h, 0) + roll(h, 1) + W.b)
    return h  # noqa: RET504


def layered(x, s, m, W):
    """Layer normalisation written out, its statistics single numbers; what m was before is never read."""
    m = W.ax @ x + W.as_ @ s + W.b_a - mean(W.as_ @ s)
    s = tanh(W.gain * m / sqrt(mean(square(m)) + 0.01) + W.b_n) * softmax(W.os @ (s * norm(m)) + W.b_o, 0)
    return s, m


def mixed(x, h, c, W):
    """Functions of two arguments, of x alone, of a truth, of one unit alone beside those that mix all of them."""
    n = W.xn @ softmax(cumsum(tanh(x), 0), 0) + W.hn @ lerp(h, c, 0.3) * dot(x, x) + W.b_n
    g = where(gt(n, 0), n, functional.leaky_relu(n, 0.2)) + norm(x * mean(h))
    c = hypot(softplus(c, 2.0), normalize(g * W.scale, 2.0, 0)) * maximum(g, h)
    h = softmax(cumsum(h * c, 0), 0) + HALF * tanh(c) * norm(W.scale + h)
    return h, c


def own(function):
    """As the cell is read from a learner's file; those of the first tests have the weights of gates."""
    return replace(read(function, "own"), own=function in MIXING)


def squared(x, h, W):
    """Matrices on the way, each of which goes straight into another function."""
    h = tanh(W.x @ x * ones(3) + mv(matmul(outer(h, W.b), diag(sigmoid(h))), W.h @ h) + trace(outer(h, h)))
    return h  # noqa: RET504


MIXING = [normalised, summed, layered, mixed, squared]


@pytest.mark.parametrize("function", [peephole, nested, elementwise, *MIXING])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_an_own_cell_has_the_gradients_of_autograd(function, bidirectional):
    layers = 1 if function in {elementwise, mixed} and bidirectional else 2
    made, parameters, x = network(
        own(function), layers, bidirectional, size=5 if layers == 1 and function is mixed else 3
    )
    net = linear(made, parameters, x)
    seed = np.random.default_rng(0).normal(size=net.output.shape)
    sweeps = net.back(seed[::-1, None], Windows.whole(len(x)))
    arrived = [one.arrived() for one in sweeps]
    for values in (x, *parameters.values()):
        values.requires_grad_()
    output, lanes, start = unrolled(made, parameters, x)
    (output * torch.tensor(seed)).sum().backward()
    close(inputs(sweeps[: 1 + bidirectional]).plain()[::-1, 0], x.grad)
    for one, lane, place in zip(arrived, lanes, made.passes, strict=True):
        record = one.gradients()
        for symbol, total in record.total.items():
            close(total, gradient(lane, symbol))
        for state in made.cell.states:
            paths = sum(values for path, values in record.paths.items() if path.state == state)
            close(record.local[state] + paths, record.total[state])
            first = start[place][state].grad
            close(record.initial(state), np.zeros(made.hidden) if first is None else first)
    from rnntui.core.gradients.weights import parameter_gradients

    for one in parameter_gradients(made, arrived):
        theirs = parameters[one.name].grad
        theirs = np.zeros(parameters[one.name].shape) if theirs is None else theirs.numpy()
        close(np.ldexp(one.values.reshape(theirs.shape), one.level), theirs)
        users = [each.symbol for each in made.cell.equations if f"W.{one.name.partition('_l')[0]}" in each.source]
        if made.cell.own and len(users) == 1:
            assert one.record().gates == {users[0]: pytest.approx(np.linalg.norm(theirs))}


@pytest.mark.parametrize(
    "function", [peephole, nested, elementwise, *MIXING, "lstm", "gru", "gru-reset-before", "rnn", "rnn-relu"]
)
def test_the_step_jacobians_are_those_of_jacrev(function):
    made, parameters, x = network(function if isinstance(function, str) else own(function), size=3)
    step = linear(made, parameters, x).steps[0]
    weights, states = bind(parameters, made.cell, 0, "forward"), made.cell.states
    symbols = [equation.symbol for equation in made.cell.equations]

    def joined(given, *before):
        computed = sub_steps(made.cell)(given, *before, weights)
        return torch.cat([computed[symbols.index(state)] for state in states])

    of_state = tuple(range(1, 1 + len(states)))
    before = [torch.from_numpy(step.lane.before[state].copy()) for state in states]
    expected = torch.func.vmap(torch.func.jacrev(joined, argnums=of_state))(x, *before)
    close(jacobians(step), torch.cat(expected, dim=2).numpy(), 1e-12)


def halved(x, h, W):
    """Arithmetic with a matrix."""
    h = tanh(W.x @ x + mv(HALF * outer(h, h), h))
    return h  # noqa: RET504


def test_a_matrix_that_does_not_go_straight_into_a_function_is_refused_with_the_line():
    made, parameters, x = network(replace(read(halved, "own"), own=True))
    with pytest.raises(
        BadInput, match=r"^test_own_cells.py:\d+: outer gives a matrix; write it where another function"
    ):
        linear(made, parameters, x)
