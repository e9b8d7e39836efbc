"""Two cells written from their papers, and one that torch has: what comes out is what a loop of one's own gives."""

from pathlib import Path

import numpy as np
import pytest
import torch

from rnntui import lab
from rnntui.core.cellfile import cell_of
from rnntui.core.initial import draw
from rnntui.core.parameters import Network, bind
from rnntui.core.provenance import parse_ref, why
from rnntui.core.unroll import explicit
from rnntui.core.worked import numbers
from rnntui.paint import layout
from rnntui.paint.palette import palette
from rnntui.scene import Scene, parse
from tests.core.own.files import LSTM, MGU, PEEPHOLE

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def mgu(x, h, W):
    """Zhou et al. 2016, in numpy."""
    f = sigmoid(W["hf"] @ h + W["xf"] @ x + W["b_f"])
    return (1 - f) * h + f * np.tanh(W["hn"] @ (f * h) + W["xn"] @ x + W["b_n"])


def peephole(x, h, c, W):
    """Gers & Schmidhuber 2000, in numpy."""
    i = sigmoid(W["xi"] @ x + W["hi"] @ h + W["p_i"] * c + W["b_i"])
    f = sigmoid(W["xf"] @ x + W["hf"] @ h + W["p_f"] * c + W["b_f"])
    c = f * c + i * np.tanh(W["xc"] @ x + W["hc"] @ h + W["b_c"])
    o = sigmoid(W["xo"] @ x + W["ho"] @ h + W["p_o"] * c + W["b_o"])
    return o * np.tanh(c), c


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("file", "step"), [(MGU, mgu), (PEEPHOLE, peephole)], ids=["mgu", "peephole"])
def test_every_state_of_every_lane_is_a_plain_loops(file, step, dtype):
    trace = lab.trace(Scene(text="hello you", cell=file, hidden=5, layers=2, bidirectional=True, dtype=dtype))
    assert trace.cell == f"{step.__name__}.py:{step.__name__}"
    for one in trace.passes:
        states = [np.zeros(5)] * len(trace.states)
        rows = range(trace.steps) if one.direction == "forward" else reversed(range(trace.steps))
        for row in rows:
            found = step(trace.x(one.layer, row), *states, one.weights)
            states = list(found) if isinstance(found, tuple) else [found]
            for state, expected in zip(trace.states, states, strict=True):
                np.testing.assert_allclose(one.values[state][row], expected, atol=TOLERANCE[dtype])


@pytest.mark.parametrize("file", [MGU, PEEPHOLE], ids=["mgu", "peephole"])
def test_a_cell_from_a_paper_takes_fewer_than_fifteen_lines(file):
    assert len(Path(file).read_text(encoding="utf-8").splitlines()) < 15


@pytest.mark.parametrize("file", [MGU, PEEPHOLE], ids=["mgu", "peephole"])
def test_it_steps_with_boxes_equations_and_an_explanation_of_every_value(file):
    trace = lab.trace(Scene(text="hello", cell=file, hidden=4, bidirectional=True, t=3))
    shown = layout.screen(trace, trace.clamp(parse(trace.scene).cursor), 140, palette("dark", "none")).text()
    for equation in trace.equations:
        assert f"╭ {equation.symbol} " in shown
        assert f"{equation.symbol}₃ = " in shown
        assert equation.meaning in shown
        for lane in ("", "reverse."):
            found = why(trace, parse_ref(f"{lane}{equation.symbol}[2]", 3))
            direction = "backward" if lane else "forward"
            assert found.value == pytest.approx(float(trace.of(0, direction).values[equation.symbol][2][2]))
            assert len(numbers(trace, 0, direction, 3, 2)[equation.symbol].chain) > 1
            if found.inside.joined == "sum" and not found.inside.function:
                assert found.inside.total == pytest.approx(found.value, abs=1e-5)
    weight = next(part for part in why(trace, parse_ref("f[1]", 3)).parts if part.weight.startswith("xf"))
    assert weight.weight == f"xf_l0[1,{trace.inputs.ids[2]}]"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_torchs_equations_in_a_file_give_torchs_numbers(dtype, tmp_path):
    own = Scene(text="hello world", cell=LSTM, layers=2, bidirectional=True, dtype=dtype)
    parameters = lab.parameters(own)
    trace = lab.trace(own)
    module = torch.nn.LSTM(trace.inputs.size, 8, 2, bidirectional=True, dtype=getattr(torch, dtype))
    for name in module.state_dict():
        kind, _, lane = name.partition("_l")
        before = {"weight_ih": "i", "weight_hh": "h", "bias_ih": "b_i", "bias_hh": "b_h"}[kind]
        blocks = [torch.from_numpy(parameters[f"{before}{gate}_l{lane}"]) for gate in "ifgo"]
        module.state_dict()[name].copy_(torch.cat(blocks))
    with torch.no_grad():
        expected = module(torch.from_numpy(np.stack(list(trace.inputs.rows()))).to(getattr(torch, dtype)))[0]
    np.testing.assert_allclose(trace.output, expected.numpy(), atol=TOLERANCE[dtype])


def test_ten_thousand_steps_are_read_explicitly_and_stay_the_same():
    text = "the quick brown fox " * 500
    whole = lab.trace(Scene(text=text, cell=MGU, hidden=4)).passes[0].values["h"]
    assert whole.shape == (10_000, 4)
    part = lab.trace(Scene(text=text[:300], cell=MGU, hidden=4)).passes[0].values["h"]
    np.testing.assert_array_equal(whole[:300], part)


def test_a_batch_by_vmap_is_the_same_as_one_after_the_other():
    cell, _, _ = cell_of(Scene(cell=PEEPHOLE))
    weights = bind(draw(Network(cell, 3, 4), 0, None), cell, 0, "forward")
    x = torch.randn(5, 6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    initial = {state: torch.zeros(4, dtype=torch.float64) for state in cell.states}
    batched = torch.func.vmap(lambda one: explicit(cell, weights, one, initial)["h"])(x)
    alone = torch.stack([explicit(cell, weights, one, initial)["h"] for one in x])
    torch.testing.assert_close(batched, alone, atol=1e-14, rtol=0)
