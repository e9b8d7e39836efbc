"""Equations with numbers put in."""

from __future__ import annotations

from statistics import median
from time import process_time

import numpy as np
import pytest

from rnntui.core.parts import Ref
from rnntui.core.provenance import parse_ref, why
from rnntui.core.worked import figure, numbers
from tests.core.records import record


def test_the_formula_with_numbers_is_reduced_from_the_inside_out():
    trace, _ = record("lstm")
    values = {symbol: figure(float(trace.passes[0].values[symbol][2, 2])) for symbol in trace.symbols}
    c_before = figure(float(trace.passes[0].values["c"][1, 2]))
    assert why(trace, parse_ref("c[2]", 3)).chain[0] == "{f} × {0} + {i} × {g}".format(c_before, **values)
    steps = why(trace, parse_ref("f[2]", 3)).chain
    assert [step.startswith("σ(") for step in steps] == [True, True, False]
    assert steps[-1] == values["f"]


def test_numbers_say_the_same_as_why():
    trace, _ = record("gru", layers=2, bidirectional=True)
    for symbol, worked in numbers(trace, 1, "backward", 4, 2).items():
        explanation = why(trace, Ref(1, "backward", symbol, 2, 4))
        assert (worked.value, worked.chain) == (explanation.value, explanation.chain)


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
