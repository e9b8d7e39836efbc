"""The parts that a number is made of, cell by cell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rnntui.core.parts import Ref
from rnntui.core.provenance import parse_ref, why
from tests.core.records import record


def test_a_forget_gate_is_recomputed_from_torchs_own_parameters():
    trace, net = record("lstm", text="hello", hidden=4, dtype="float64")
    parts = {part.weight: part.value for part in why(trace, parse_ref("f[1]", 3)).parts}
    torchs = {name: parameter.detach().numpy() for name, parameter in net.named_parameters()}
    h = trace.passes[0].values["h"][1]
    token = int(trace.inputs.ids[2])
    expected = {f"weight_hh_l0[5,{j}]": torchs["weight_hh_l0"][5, j] * h[j] for j in range(4)}
    expected[f"weight_ih_l0[5,{token}]"] = torchs["weight_ih_l0"][5, token]
    expected["bias_ih_l0[5]"] = torchs["bias_ih_l0"][5]
    expected["bias_hh_l0[5]"] = torchs["bias_hh_l0"][5]
    assert parts == pytest.approx(expected, rel=1e-12)


def test_of_a_onehot_input_only_the_element_that_is_one_is_a_part_and_its_token_is_named():
    trace, _ = record("lstm", text="hello")
    inputs = [part for part in why(trace, parse_ref("i[0]", 2)).parts if "x" in part.label]
    assert [part.label for part in inputs] == ["W_ii[0,1] · xₜ[1]"]
    assert '"e"' in inputs[0].note
    assert inputs[0].source is None


def test_of_a_dense_input_every_element_is_a_part():
    trace, _ = record("rnn", inputs="random")
    assert sum("x" in part.label for part in why(trace, parse_ref("h[0]", 2)).parts) == trace.inputs.size


def test_above_layer_0_the_input_is_the_layer_below_forward_units_first():
    trace, _ = record("lstm", layers=2, bidirectional=True, hidden=3)
    parts = {p.label: p.source for p in why(trace, parse_ref("L1.reverse.g[0]", 4)).parts if p.label.startswith("W_ig")}
    assert parts["W_ig[0,1] · xₜ[1]"] == Ref(0, "forward", "h", 1, 4)
    assert parts["W_ig[0,5] · xₜ[5]"] == Ref(0, "backward", "h", 2, 4)


def test_the_backward_lane_reads_the_step_after():
    trace, _ = record("rnn", bidirectional=True)
    explanation = why(trace, parse_ref("reverse.h[0]", 4))
    assert "hₜ₊₁" in explanation.formula
    assert {part.source.t for part in explanation.parts if part.source} == {5}


def test_a_cell_state_has_the_two_products_as_parts_and_they_open_into_factors():
    trace, _ = record("lstm")
    explanation = why(trace, parse_ref("c[2]", 3))
    assert {part.label for part in explanation.parts} == {"(fₜ ⊙ cₜ₋₁)[2]", "(iₜ ⊙ gₜ)[2]"}
    kept = next(part for part in explanation.parts if "f" in part.label)
    opened = explanation.opened(kept)
    assert {str(part.source) for part in opened.parts} == {"f[2]", "c[2]"}
    assert opened.value == kept.value


def test_a_nested_sum_is_one_part_that_opens():
    trace, _ = record("gru")
    explanation = why(trace, parse_ref("n[1]", 3))
    product = next(part for part in explanation.parts if part.inside)
    inner = next(part for part in product.inside.parts if part.inside)
    assert inner.label == "(W_hn hₜ₋₁ + b_hn)[1]"
    assert len(inner.inside.parts) == trace.hidden + 1


def test_a_reset_before_the_product_is_a_factor_of_every_element():
    trace, _ = record("gru-reset-before")
    part = next(p for p in why(trace, parse_ref("n[1]", 3)).parts if p.label.startswith("W_hn[1,4]"))
    assert part.label == "W_hn[1,4] · rₜ[4] · hₜ₋₁[4]"
    assert {str(factor.source) for factor in part.inside.parts} == {"None", "r[4]", "h[4]"}


def rewritten(trace, symbol, source):
    """The trace of a cell in which one equation has another right side."""
    equations = tuple(replace(e, source=source) if e.symbol == symbol else e for e in trace.equations)
    return replace(trace, equations=equations)


def test_an_outer_function_that_is_not_in_the_table_still_has_the_terms_of_its_argument():
    trace, _ = record("rnn")
    whole = why(trace, parse_ref("h[1]", 3))
    other = why(rewritten(trace, "h", trace.equations[0].source.replace("tanh", "mystery")), parse_ref("h[1]", 3))
    assert other.parts == whole.parts
    assert other.inside.function == "mystery"
    assert other.chain == tuple(step.replace("tanh", "mystery") for step in whole.chain)


def test_an_inner_function_that_is_not_in_the_table_is_named_with_its_line():
    trace, _ = record("lstm")
    found = why(rewritten(trace, "c", "f * c + i * mystery(g)"), parse_ref("c[1]", 3))
    assert (found.value, found.parts) == (trace.passes[0].values["c"][2, 1], ())
    assert found.note.startswith("only torch knows mystery(…)")
    assert "lstm.py:14" in found.note
