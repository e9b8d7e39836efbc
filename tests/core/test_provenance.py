"""Every recorded number is what its explanation says, and every weight and state named in it is torch's."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from math import prod
from statistics import median
from time import process_time

import numpy as np
import pytest
import torch

from rnntui import lab
from rnntui.core.evaluate import FUNCTIONS, Moment
from rnntui.core.expression import parse
from rnntui.core.parts import Anatomy, Ref
from rnntui.core.provenance import numbers, parse_ref, why
from rnntui.core.worked import chain, figure
from rnntui.errors import BadInput
from rnntui.scene import Scene
from tests.core.records import CELLS, record

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}
INVERSE = {"σ": FUNCTIONS["sigmoid"], "tanh": np.tanh, "ReLU": FUNCTIONS["relu"], "": lambda total: total}


class Recorded:
    """A record of a cell, the torch module with its weights, and every explanation, made once for all tests."""

    def __init__(self, trace, net=None, tolerance=None):
        self.trace, self.net, self.tolerance = trace, net, tolerance
        self.explain = cache(partial(why, trace))

    def explanations(self):
        """Of every symbol of every lane for a few units, at the first, a middle and the last step."""
        for one in self.trace.passes:
            for symbol in self.trace.symbols:
                for unit in (0, 2, self.trace.hidden - 1):
                    for t in (1, 4, self.trace.steps):
                        ref = Ref(one.layer, one.direction, symbol, unit, t)
                        yield ref, self.explain(ref)


def deep(breakdown):
    """All parts, opened as far as they open."""
    for part in breakdown.parts:
        yield part
        if part.inside:
            yield from deep(part.inside)


def joined(inside):
    values = [part.value for part in inside.parts]
    total = {"sum": sum, "product": prod, "copy": sum}[inside.joined](values)
    return INVERSE[inside.function](total)


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


def test_the_formula_with_numbers_is_reduced_from_the_inside_out():
    trace, _ = record("lstm")
    values = {symbol: figure(float(trace.passes[0].values[symbol][2, 2])) for symbol in trace.symbols}
    c_before = figure(float(trace.passes[0].values["c"][1, 2]))
    assert why(trace, parse_ref("c[2]", 3)).chain[0] == "{f} × {0} + {i} × {g}".format(c_before, **values)
    steps = why(trace, parse_ref("f[2]", 3)).chain
    assert [step.startswith("σ(") for step in steps] == [True, True, False]
    assert steps[-1] == values["f"]


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


def test_numbers_say_the_same_as_why():
    trace, _ = record("gru", layers=2, bidirectional=True)
    for symbol, worked in numbers(trace, 1, "backward", 4, 2).items():
        explanation = why(trace, Ref(1, "backward", symbol, 2, 4))
        assert (worked.value, worked.chain) == (explanation.value, explanation.chain)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("exp(-x) / (1 + abs(x))", lambda x: np.exp(-x) / (1 + abs(x))),
        ("1 - softplus(x) * 2", lambda x: 1 - np.log1p(np.exp(x)) * 2),
        ("-tanh(x) - x * x", lambda x: -np.tanh(x) - x * x),
        ("sigmoid(relu(x) / 2)", lambda x: 1 / (1 + np.exp(-max(x, 0) / 2))),
        ("maximum(x, 0.1)", lambda x: max(x, 0.1)),
    ],
)
def test_any_expression_that_can_be_read_is_evaluated_and_taken_apart(source, expected):
    trace, _ = record("rnn", inputs="random", dtype="float64")
    moment, tree = Moment(trace, trace.passes[0], 3), parse(source)
    wanted = expected(float(trace.inputs.dense[3, 2]))
    assert moment.number(tree, 2) == pytest.approx(wanted, rel=1e-12)
    assert float(moment.whole(tree)[2]) == pytest.approx(wanted, rel=1e-12)
    inside = Anatomy(moment, 2).breakdown(tree)
    if inside.joined in ("sum", "product"):
        assert joined(inside) == pytest.approx(wanted, rel=1e-12)
    assert chain(tree, moment, 2)[-1] == figure(moment.number(tree, 2))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_in_the_table_is_torchs(name):
    owner = torch if hasattr(torch, name) else torch.nn.functional
    points = torch.tensor([0.25, 0.5, 1.5], dtype=torch.float64)
    arguments = {"clamp": (0.3, 1.0), "maximum": (torch.tensor(0.4),), "minimum": (torch.tensor(0.4),)}.get(name, ())
    plain = [float(argument) for argument in arguments]
    np.testing.assert_allclose(
        FUNCTIONS[name](points.numpy(), *plain), getattr(owner, name)(points, *arguments).numpy(), rtol=1e-6
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1.0, "1"), (-0.5, "−0.50"), (0.0042, "0.0042"), (-3e-7, "−3e−7"), (123456.7, "1.23e5"),
     (float("inf"), "∞"), (float("-inf"), "−∞"), (float("nan"), "nan"), (0.999, "1.00")],
)  # fmt: skip
def test_a_figure_is_short_and_never_a_zero_that_is_none(value, text):
    assert figure(value) == text


def test_numbers_that_are_none_are_explained_without_a_warning():
    trace, _ = record("rnn-relu", dtype="float32")
    trace.passes[0].values["h"][1, :] = [np.inf, -np.inf, np.nan, 0, 1]
    explanation = why(trace, parse_ref("h[0]", 3))
    assert explanation.parts[0].value != explanation.parts[0].value or abs(explanation.parts[0].value) == float("inf")
    assert numbers(trace, 0, "forward", 3, 0)["h"].chain


@pytest.mark.slow
def test_the_numbers_of_one_unit_cost_less_than_two_milliseconds():
    trace, _ = record("lstm", hidden=32)
    times = []
    for t in range(1, 11):
        start = process_time()
        numbers(trace, 0, "forward", t, 3)
        times.append(process_time() - start)
    assert median(times) < 2e-3
