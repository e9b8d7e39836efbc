import pytest
import torch

from rnntui.cellname import OwnCell
from rnntui.core.cellfile import read_cell
from rnntui.core.equations import load
from rnntui.core.modules import module
from rnntui.core.parameters import Network, bind
from rnntui.core.unroll import explicit
from rnntui.models.unrolled import unrolled
from rnntui.training.spec import CELLS
from tests.core.own.files import PAPERS

T, B, D, H = 5, 3, 4, 6


def drawn(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(sum(shape)))


def cell_called(name):
    file = PAPERS / f"{name}.py"
    return load(name) if name in CELLS else read_cell(OwnCell(str(file), name), file.read_bytes())


def asked(name):
    """A network of one layer, its parameters, x and the states before, all asking for gradients."""
    network = Network(cell_called(name), D, H)
    parameters = {one: drawn(*shape).mul_(0.5).requires_grad_() for one, shape in network.shapes.items()}
    return (
        network,
        parameters,
        drawn(T, B, D).requires_grad_(),
        [drawn(B, H).requires_grad_() for _ in network.cell.states],
    )


def gradients(h, inputs):
    return torch.autograd.grad((h * drawn(T, B, H)).sum(), inputs)


@pytest.mark.parametrize("name", [*CELLS, "mgu", "peephole"])
def test_a_batch_has_the_states_and_the_gradients_of_its_rows_one_by_one(name):
    network, parameters, x, before = asked(name)
    weights = bind(parameters, network.cell, 0, "forward")
    h, *last = unrolled(network.cell, weights, x, before)
    rows = [
        explicit(
            network.cell, weights, x[:, row], {s: one[row] for s, one in zip(network.cell.states, before, strict=True)}
        )
        for row in range(B)
    ]
    theirs = torch.stack([row[network.cell.states[0]] for row in rows], 1)
    torch.testing.assert_close(h, theirs, rtol=0, atol=1e-12)
    for state, found in zip(network.cell.states, last, strict=True):
        torch.testing.assert_close(found, torch.stack([row[state][-1] for row in rows]), rtol=0, atol=1e-12)
    inputs = [x, *before, *parameters.values()]
    for mine, their in zip(gradients(h, inputs), gradients(theirs, inputs), strict=True):
        torch.testing.assert_close(mine, their, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["lstm", "gru", "rnn", "rnn-relu"])
def test_the_gradients_are_those_of_torchs_modules(name):
    network, parameters, x, before = asked(name)
    theirs = module(network, parameters)
    h, *_ = unrolled(network.cell, bind(parameters, network.cell, 0, "forward"), x, before)
    states = tuple(one[None] for one in before)
    expected, _ = theirs(x, states if len(states) > 1 else states[0])
    torch.testing.assert_close(h, expected, rtol=0, atol=1e-12)
    mine = gradients(h, [x, *before, *parameters.values()])
    their = gradients(expected, [x, *before, *(theirs.get_parameter(one) for one in parameters)])
    for one, other in zip(mine, their, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)
