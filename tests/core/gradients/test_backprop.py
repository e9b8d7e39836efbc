"""Every gradient that the equations give, against autograd over the unrolled network."""

import numpy as np
import pytest
import torch

from rnntui.core import byhand
from rnntui.core.gradients.backprop import inputs
from rnntui.core.gradients.losses import Reading, loss
from rnntui.core.gradients.weights import parameter_gradients
from rnntui.core.gradients.windows import Windows
from rnntui.names import cell_names
from tests.core.gradients.oracle import SIZES, close, gradient, linear, network, unrolled

LOSSES = ("last", "mean", "token:3", "lm")
IDS = np.array([0, 1, 2, 0, 1, 1, 2])
READING = Reading(IDS, ("a", "b", "c"), 0)


def torch_loss(name, output, hidden, readout):
    if name == "last":
        return output[-1, :hidden].sum() + output[0, hidden:].sum()
    if name == "mean":
        return output.mean()
    if name == "lm":
        scores = output[:-1] @ torch.tensor(readout["weight"]).T + torch.tensor(readout["bias"])
        return torch.nn.functional.cross_entropy(scores, torch.tensor(IDS[1:]))
    return output[int(name[6:]) - 1].sum()


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(("layers", "bidirectional"), SIZES)
@pytest.mark.parametrize("cell", cell_names())
def test_everything_is_what_autograd_says(cell, layers, bidirectional, name):
    made, parameters, x = network(cell, layers, bidirectional)
    net = linear(made, parameters, x)
    found = loss(name, net.output, made.hidden, READING)
    sweeps = net.back(found.gradient[::-1, None], Windows.whole(len(x)))
    arrived = [one.arrived() for one in sweeps]

    parameters = {key: value.requires_grad_() for key, value in parameters.items()}
    x = x.clone().requires_grad_()
    output, lanes, start = unrolled(made, parameters, x)
    expected = torch_loss(name, output, made.hidden, found.readout)
    expected.backward()

    assert found.value == pytest.approx(expected.item(), rel=1e-12)
    close(inputs(sweeps[: 1 + bidirectional]).plain()[::-1, 0], x.grad)
    for one, lane, place in zip(arrived, lanes, made.passes, strict=True):
        record = one.gradients()
        assert (record.layer, record.direction) == place
        for symbol, total in record.total.items():
            close(total, gradient(lane, symbol))
        for state in made.cell.states:
            paths = sum(values for path, values in record.paths.items() if path.state == state)
            close(record.local[state] + paths, record.total[state])
            close(record.initial(state), start[place][state].grad)
            close(np.exp(record.log_norms[state]), np.linalg.norm(record.total[state], axis=1))
    for one in parameter_gradients(made, arrived):
        theirs = parameters[one.name].grad.numpy()
        close(np.ldexp(one.values.reshape(theirs.shape), one.level), theirs)
        assert one.shares.sum() == pytest.approx(1 if theirs.any() else 0)
        assert one.record().norm == pytest.approx(np.linalg.norm(theirs), rel=1e-9)
        for gate, rows in zip(made.cell.gates, np.split(theirs, len(made.cell.gates)), strict=True):
            assert one.record().gates[gate] == pytest.approx(np.linalg.norm(rows), rel=1e-9)


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("lstm", "f[1]=0.9;i@3=0.2;c[0]@5=2;h[2]@2=-1;h@0=0.4;L1.reverse.o=0.5;reverse.c[1]@8=0.3;L1.h[1]@7=0.1"),
        ("gru", "z[0]=1;n@4=0.3;h[1]@3=0.5;h[0]@0=0.5;reverse.r[2]=0;L1.reverse.h@1=0.2"),
        ("gru-reset-before", "r=1;h[1]@3=0.5;L1.z@2=0.5"),
    ],
)
def test_nothing_goes_back_through_what_is_held_by_hand(cell, line):
    made, parameters, x = network(cell, 2, True)
    by_hand = byhand.read(line)
    net = linear(made, parameters, x, by_hand)
    seed = torch.randn(net.output.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    sweeps = net.back(seed.numpy()[::-1, None], Windows.whole(len(x)))
    arrived = [one.arrived() for one in sweeps]

    parameters = {key: value.requires_grad_() for key, value in parameters.items()}
    x = x.clone().requires_grad_()
    output, lanes, start = unrolled(made, parameters, x, by_hand=by_hand)
    np.testing.assert_array_equal(net.output, output.detach().numpy())
    (output * seed).sum().backward()

    close(inputs(sweeps[:2]).plain()[::-1, 0], x.grad)
    for one, lane, place in zip(arrived, lanes, made.passes, strict=True):
        record = one.gradients()
        for symbol, total in record.total.items():
            close(total, gradient(lane, symbol))
        for state in made.cell.states:
            close(record.initial(state), start[place][state].grad)
    for one in parameter_gradients(made, arrived):
        theirs = parameters[one.name].grad.numpy()
        close(np.ldexp(one.values.reshape(theirs.shape), one.level), theirs)


@pytest.mark.parametrize("cell", cell_names())
def test_a_share_is_the_part_of_its_step_alone(cell):
    """One step's gradient of the parameters, taken by autograd from what arrives at it, along the whole."""
    made, parameters, x = network(cell, steps=4)
    net = linear(made, parameters, x)
    arrived = [one.arrived() for one in net.back(np.ones((4, 1, 3)), Windows.whole(4))]
    found = {one.name: one for one in parameter_gradients(made, arrived)}
    totals = arrived[0].totals["h"].plain()
    weight = parameters["weight_hh_l0"].requires_grad_()
    values = {state: net.steps[0].lane.before[state] for state in made.cell.states}
    from rnntui.core.parameters import bind
    from rnntui.core.unroll import sub_steps

    added = []
    for row in range(4):
        states = [torch.tensor(values[state][row]) for state in made.cell.states]
        computed = sub_steps(made.cell)(x[row], *states, bind(parameters, made.cell, 0, "forward"))
        symbols = [equation.symbol for equation in made.cell.equations]
        ends = [computed[symbols.index(state)] for state in made.cell.states]
        # what arrives at the states of this step: of h all of it, of c what the following step hands on
        handed = [torch.tensor(arrived[0].arriving.values[row].reshape(-1, 3)[k]) for k in range(len(ends))]
        added.append(torch.autograd.grad(ends, weight, handed)[0].numpy())
    whole = sum(added)
    assert totals.shape == (4, 3)
    expected = [np.vdot(one, whole) / np.vdot(whole, whole) for one in added]
    close(found["weight_hh_l0"].shares, expected)


@pytest.mark.parametrize("cell", cell_names())
def test_the_gradient_is_the_slope_of_the_loss(cell):
    """Finite differences: no derivative rule at all."""
    made, parameters, x = network(cell, 2, True)
    net = linear(made, parameters, x)
    found = loss("mean", net.output, made.hidden, READING)
    sweeps = net.back(found.gradient[::-1, None], Windows.whole(len(x)))
    ours = {one.name: np.ldexp(one.values, one.level).ravel() for one in
            parameter_gradients(made, [one.arrived() for one in sweeps])}  # fmt: skip
    largest = max(np.abs(values).max() for values in ours.values())
    for name, values in parameters.items():
        for place in (0, values.numel() // 2):
            ends = []
            for step in (-1e-6, 1e-6):
                moved = {key: value.clone() for key, value in parameters.items()}
                moved[name].view(-1)[place] += step
                ends.append(linear(made, moved, x).output.mean())
            assert (ends[1] - ends[0]) / 2e-6 == pytest.approx(ours[name][place], abs=1e-6 * largest)


@pytest.mark.parametrize(("back", "every"), [(2, 2), (3, 1), (3, 2), (2, 3), (7, 2), (1, 1)])
@pytest.mark.parametrize(("layers", "bidirectional"), SIZES)
@pytest.mark.parametrize("cell", ["lstm", "gru-reset-before"])
def test_truncated_sweeps_are_autograds_with_detached_windows(cell, layers, bidirectional, back, every):
    made, parameters, x = network(cell, layers, bidirectional)
    net = linear(made, parameters, x)
    output = loss("lm", net.output, made.hidden, READING).gradient
    windows = Windows.truncated(len(x), back, every)
    seeds = windows.gather(output) * windows.own(every)[..., None]
    arrived = [one.arrived() for one in net.back(seeds, windows)]

    parameters = {key: value.requires_grad_() for key, value in parameters.items()}
    sums = [dict.fromkeys(one.totals, 0.0) for one in arrived]
    for last in range(len(x) - 1, -1, -every):
        first = max(0, last - back + 1)
        theirs, lanes, _ = unrolled(made, parameters, x, (first, last))
        own = torch.zeros(len(x), 1, dtype=torch.float64)
        own[max(first, last - every + 1) : last + 1] = 1
        (theirs * own * torch.tensor(output)).sum().backward()
        inside = ((np.arange(len(x)) >= first) & (np.arange(len(x)) <= last))[:, None]
        for total, lane in zip(sums, lanes, strict=True):
            for symbol in total:
                total[symbol] = total[symbol] + gradient(lane, symbol) * inside
    for one, expected in zip(arrived, sums, strict=True):
        record = one.gradients()
        for symbol, total in record.total.items():
            close(total, expected[symbol])
        for state in made.cell.states:
            paths = sum(values for path, values in record.paths.items() if path.state == state)
            close(record.local[state] + paths, record.total[state])
    for one in parameter_gradients(made, arrived):
        theirs = parameters[one.name].grad.numpy()
        close(np.ldexp(one.values.reshape(theirs.shape), one.level), theirs)
