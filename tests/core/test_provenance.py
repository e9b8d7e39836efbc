"""Every recorded number is what its explanation says, and every weight and state named in it is torch's."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rnntui import lab
from rnntui.core.provenance import parse_ref, why
from rnntui.core.worked import figure
from rnntui.errors import BadInput
from rnntui.scene import Scene
from tests.core.explained import Recorded, deep, joined
from tests.core.records import CELLS, record

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}


@pytest.fixture(scope="module", params=[(c, d, b) for c in CELLS for d in TOLERANCE for b in (False, True)], ids=str)
def recorded(request):
    cell, dtype, bidirectional = request.param
    inputs = "random" if bidirectional and dtype == "float64" else "onehot"
    layers = 2 if bidirectional or cell == "gru" else 1
    trace, net = record(cell, layers=layers, bidirectional=bidirectional, dtype=dtype, inputs=inputs)
    return Recorded(trace, net, TOLERANCE[dtype])


def test_the_record_these_tests_read_is_torchs(recorded):
    trace, net = recorded.trace, recorded.net
    if trace.cell == "gru-reset-before":
        pytest.skip("torch has no such cell")
    x = torch.stack([torch.from_numpy(row) for row in trace.inputs.rows()]).to(next(net.parameters()).dtype)
    np.testing.assert_allclose(trace.output, net(x)[0].detach().numpy(), atol=1e-6)


def test_the_parts_make_the_recorded_value(recorded):
    for ref, explanation in recorded.explanations():
        inside = explanation.inside
        values = recorded.trace.of(ref.layer, ref.direction).values
        assert explanation.value == float(values[ref.symbol][ref.t - 1, ref.unit])
        assert abs(joined(inside) - explanation.value) <= recorded.tolerance * inside.tolerance_scale, ref


def test_every_part_that_opens_is_what_is_inside_it(recorded):
    opened = 0
    for _, explanation in recorded.explanations():
        for part in deep(explanation.inside):
            if part.inside:
                opened += 1
                assert joined(part.inside) == pytest.approx(part.value, rel=1e-12, abs=1e-14)
    assert opened > 0 or recorded.trace.cell.startswith("rnn")


def test_parts_come_largest_first(recorded):
    for _, explanation in recorded.explanations():
        sizes = [abs(part.value) for part in explanation.parts]
        assert sizes == sorted(sizes, reverse=True)


def test_what_a_part_used_is_what_stands_at_its_source(recorded):
    followed = 0
    for ref, explanation in recorded.explanations():
        for part in deep(explanation.inside):
            if part.source is not None:
                followed += 1
                assert recorded.explain(part.source).value == part.used, (ref, part)
    assert followed > 0


def test_torchs_name_of_a_weight_leads_to_the_number_in_the_part(recorded):
    named = 0
    for _, explanation in recorded.explanations():
        for part in deep(explanation.inside):
            if part.weight and not part.inside:
                name, _, index = part.weight.rstrip("]").partition("[")
                weight = float(getattr(recorded.net, name).detach()[tuple(int(i) for i in index.split(","))])
                named += 1
                assert figure(weight) == part.numbers.partition(" × ")[0]
    assert named > 0


@pytest.mark.parametrize(("lane", "t"), [("", 0), ("reverse.", 12)])
def test_the_initial_state_is_made_of_nothing(lane, t):
    trace, _ = record("lstm", bidirectional=True)
    explanation = why(trace, parse_ref(f"{lane}c[1]", t))
    assert (explanation.value, explanation.parts) == (0.0, ())
    assert "initial state" in explanation.note


@pytest.mark.parametrize(
    ("text", "t", "said"),
    [
        ("F[1]", 3, "no symbol 'F'"),
        ("fo[1]", 3, "Known: i, f, g, o, c, h"),
        ("f[9]", 3, "nearest is f[4]"),
        ("L2.f[1]", 3, "no layer 2, the nearest is L0"),
        ("reverse.f[1]", 3, "forward only"),
        ("f[1]", 0, "no value at t = 0"),
        ("h[1]", 12, "no value at t = 12"),
        ("f", 3, "SYMBOL[UNIT]"),
        ("f[-1]", 3, "SYMBOL[UNIT]"),
        ("L1f[1]]", 3, "SYMBOL[UNIT]"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(text, t, said):
    trace, _ = record("lstm")
    with pytest.raises(BadInput) as refused:
        why(trace, parse_ref(text, t))
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["f[2]", "L1.f[2]", "reverse.h[0]", "L3.reverse.c[12]"])
def test_a_reference_is_written_as_it_is_read(text):
    assert str(parse_ref(text, 5)) == text
    assert parse_ref(text, 5).t == 5


@pytest.mark.parametrize("inputs", ["onehot", "random"])
@pytest.mark.parametrize("cell", CELLS)
def test_what_the_lab_records_is_explained_by_the_labs_parameters(cell, inputs):
    scene = Scene(cell=cell, text="hello you", hidden=4, layers=2, bidirectional=True, inputs=inputs)
    trace, parameters = lab.trace(scene), lab.parameters(scene)
    for _, explanation in Recorded(trace).explanations():
        inside = explanation.inside
        assert abs(joined(inside) - explanation.value) <= 1e-5 * inside.tolerance_scale
        for part in deep(inside):
            if part.weight and not part.inside:
                name, _, index = part.weight.rstrip("]").partition("[")
                weight = float(parameters[name][tuple(int(i) for i in index.split(","))])
                assert part.value == pytest.approx(weight * (part.used if part.source else 1.0)) or inputs == "random"
