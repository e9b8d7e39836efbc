"""Cells that a learner could write: other functions, products inside products, several states."""

import numpy as np
import pytest
import torch
from torch import exp, sigmoid, softmax, square, tanh
from torch.nn.functional import softplus

from rnntui.core.equations import read
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


@pytest.mark.parametrize("function", [peephole, nested, elementwise])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_an_own_cell_has_the_gradients_of_autograd(function, bidirectional):
    layers = 1 if function is elementwise and bidirectional else 2
    made, parameters, x = network(read(function, "own"), layers, bidirectional, size=3)
    net = linear(made, parameters, x)
    seed = np.random.default_rng(0).normal(size=net.output.shape)
    arrived = [one.arrived() for one in net.back(seed[::-1, None], Windows.whole(len(x)))]
    for values in parameters.values():
        values.requires_grad_()
    output, lanes, _ = unrolled(made, parameters, x)
    (output * torch.tensor(seed)).sum().backward()
    for one, lane in zip(arrived, lanes, strict=True):
        record = one.gradients()
        for symbol, total in record.total.items():
            close(total, gradient(lane, symbol))
        for state in made.cell.states:
            paths = sum(values for path, values in record.paths.items() if path.state == state)
            close(record.local[state] + paths, record.total[state])
    from rnntui.core.gradients.weights import parameter_gradients

    for one in parameter_gradients(made, arrived):
        theirs = parameters[one.name].grad
        theirs = np.zeros(parameters[one.name].shape) if theirs is None else theirs.numpy()
        close(np.ldexp(one.values.reshape(theirs.shape), one.level), theirs)


@pytest.mark.parametrize(
    "function", [peephole, nested, elementwise, "lstm", "gru", "gru-reset-before", "rnn", "rnn-relu"]
)
def test_the_step_jacobians_are_those_of_jacrev(function):
    made, parameters, x = network(function if isinstance(function, str) else read(function, "own"), size=3)
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


def mixing(x, h, W):
    """Softmax looks at all units."""
    h = softmax(W.ih @ x + W.b_ih + W.hh @ h + W.b_hh, 0)
    return h  # noqa: RET504


@pytest.mark.parametrize("steps", [1, 5])
def test_a_function_that_mixes_units_is_refused_in_one_sentence(steps):
    made, parameters, x = network(read(mixing, "own"), steps=steps)
    with pytest.raises(BadInput, match=r"softmax mixes units or steps.*such as tanh\.$"):
        linear(made, parameters, x)
