import numpy as np
import pytest
import torch

from rnntui.core.equations import load, read_source
from rnntui.core.expression import Name, Product
from rnntui.core.fused import scan
from rnntui.core.loops import LOOPS
from rnntui.core.plan import Recurrence, plan


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 9, 10, 100, 999])
def test_the_scan_is_the_loop_that_it_replaces(steps):
    rng = np.random.default_rng(0)
    keep, add, state = rng.random((steps, 3)), rng.standard_normal((steps, 3)), rng.standard_normal(3)
    found = scan(*map(torch.from_numpy, (keep, add, state)))
    for row in range(steps):
        state = keep[row] * state + add[row]
        np.testing.assert_allclose(found[row].numpy(), state, atol=1e-12)


@pytest.mark.parametrize("keep", [0.0, 1.0])
def test_the_scan_keeps_everything_and_nothing_exactly(keep):
    add = torch.arange(20.0)[:, None]
    found = scan(torch.full((20, 1), keep), add, torch.tensor([100.0]))
    assert torch.equal(found, add if keep == 0 else 100 + add.cumsum(0))


def test_the_scan_is_differentiable():
    generator = torch.Generator().manual_seed(0)
    keep, add, start = (torch.rand(size, dtype=torch.float64, generator=generator) for size in ((7, 2), (7, 2), (2,)))
    assert torch.autograd.gradcheck(scan, [each.requires_grad_() for each in (keep, add, start)])


@pytest.mark.parametrize("cell", LOOPS)
def test_all_gates_that_can_be_are_made_in_one_product(cell):
    gates = load(cell).gates
    whole = {"lstm": gates, "gru": ("r", "z"), "gru-reset-before": ("r", "z")}.get(cell, ())
    assert [gates[block] for block in plan(load(cell)).gates] == list(whole)


def test_the_plan_of_an_lstm_sees_what_its_memory_keeps():
    recurrences = {symbol: how for symbol, how in plan(load("lstm")).steps if isinstance(how, Recurrence)}
    assert recurrences == {"c": Recurrence(keep=Name("f"), add=Product((Name("i"), Name("g"))))}


def test_a_state_that_squashes_its_own_past_has_no_plan(tmp_path):
    source = """
def odd(x, h, c, W):
    c = tanh(W.ic @ x + W.hc @ h + W.b_ic + W.b_hc + c)
    h = tanh(c)
    return h, c
"""
    cell = read_source(source, "odd", lambda: None, file=tmp_path / "odd.py")
    with pytest.raises(NotImplementedError, match="c does not follow from itself linearly"):
        plan(cell)
