"""The sentence: its numbers are the record's, its slots are the cell's, and it says no more than has happened."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from rnntui.core import byhand
from rnntui.core.expression import Matmul, Name, Weight, walk
from rnntui.core.worked import figure
from rnntui.paint import sentence
from rnntui.paint.palette import palette
from rnntui.scene import Cursor
from tests.core.records import CELLS, record

PALETTE = palette()


def said(trace, cursor, columns=200, height=1):
    return sentence.paint(trace, cursor, columns, height, PALETTE).text()


@pytest.mark.parametrize("cell", CELLS)
def test_every_slot_of_a_cells_sentence_is_made_of_its_symbols_states_and_weights(cell):
    trace, _ = record(cell)
    known = {"x", *trace.symbols, *(f"{state}_prev" for state in trace.states)}
    slots = [slot for line in trace.sentence.splitlines() for slot in sentence.slots(line, trace.states)]
    assert slots
    for text, tree in slots:
        for node in walk(tree):
            if isinstance(node, Name):
                assert node.name in known, text
            if isinstance(node, Matmul | Weight):
                assert node.attribute in trace.passes[0].weights, text


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_says_from_where_to_where_its_memory_goes(cell):
    trace, _ = record(cell, layers=2, bidirectional=True)
    memory = trace.states[-1]
    for one in trace.passes:
        before, after = (float(v[1]) for v in (one.before(memory, 3), one.values[memory][3]))
        text = said(trace, Cursor(one.layer, one.direction, 4, unit=1))
        wanted = f"{memory} goes from {sentence.written(before, '+.2f')} to {sentence.written(after, '+.2f')}"
        assert wanted in text
        assert text.startswith(f'Layer {one.layer}, {one.direction} lane, "l" · Unit 1: ')


def test_the_lstms_sentence_has_its_gates_and_a_true_minus():
    trace, _ = record("lstm")
    values = {symbol: float(trace.passes[0].values[symbol][2, 2]) for symbol in trace.symbols}
    text = said(trace, Cursor(t=3, unit=2))
    assert f"the forget gate keeps {values['f']:.0%}".replace("%", " %") in text
    assert f"i ⊙ g writes {values['i'] * values['g']:+.2f}".replace("-", "−") in text
    assert "-" not in text


def test_a_vanilla_cells_parts_make_its_state():
    trace, net = record("rnn", dtype="float64")
    w, b = net.weight_ih_l0.detach()[0, 1], (net.bias_ih_l0 + net.bias_hh_l0).detach()[0]
    text = said(trace, Cursor(t=2))
    assert f'"e" brings {sentence.written(float(w), "+.2f")}' in text
    assert f"the biases {sentence.written(float(b), '+.2f')}" in text


def test_above_layer_0_the_input_is_the_layer_below():
    trace, _ = record("rnn", layers=2)
    assert "Unit 0: layer 0 brings" in said(trace, Cursor(layer=1, t=2))


def test_going_by_sub_steps_only_the_lit_one_is_said():
    trace, _ = record("lstm")
    f, c, c_before = (figure(float(trace.passes[0].values[s][row, 2])) for s, row in (("f", 2), ("c", 2), ("c", 1)))
    assert said(trace, Cursor(t=3, unit=2, symbol="f", partial=True)) == f"f, the forget gate of unit 2, is {f}."
    text = said(trace, Cursor(t=3, unit=2, symbol="c", partial=True))
    assert text == f"c, the cell state of unit 2, is {c}; it was {c_before}."


@pytest.mark.parametrize(("direction", "t", "reads"), [("forward", 0, "first"), ("backward", 12, "last")])
def test_at_the_start_it_says_which_key_reads_which_token(direction, t, reads):
    trace, _ = record("lstm", bidirectional=True)
    text = said(trace, Cursor(direction=direction, t=t))
    assert f"→ reads the {reads} token" in text
    assert ('"h"' if reads == "first" else '"d"') in text


def test_without_a_template_it_says_the_states():
    trace, _ = record("lstm")
    c, h = (figure(float(trace.passes[0].values[s][2, 1])) for s in "ch")
    assert said(replace(trace, sentence=""), Cursor(t=3, unit=1)) == f"Unit 1: c = {c}, h = {h}."


@pytest.mark.parametrize("template", ["{q:.2f}", "{f +}", "{f:.2q}", "{softmax(f)}", "{W.no:.1f}", "{f"])
def test_a_template_that_cannot_be_filled_in_is_said_and_the_states_still_are(template):
    trace, _ = record("lstm")
    text = said(replace(trace, sentence=template), Cursor(t=3, unit=1), 300)
    assert "Unit 1: c = " in text
    assert "SENTENCE cannot be filled in" in text


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("columns", [38, 78, 118, 160])
def test_it_stays_in_its_bounds_and_is_whole_from_78_columns_on(cell, columns):
    trace, _ = record(cell, text="he\x1b]0;x\x07")
    for height in (1, 2):
        for t in range(4):
            painting = sentence.paint(trace, Cursor(t=t), columns, height, PALETTE)
            assert 1 <= len(painting.lines) <= height
            assert all(sum(cell_len(s.text) for s in line) <= columns for line in painting.lines)
            assert "\x1b" not in painting.text()
            if columns >= 78:
                assert painting.text().endswith(".")


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [(0.584, ".0%", "58 %"), (-0.1, "+.2f", "−0.10"), (0.0004, "+.2f", "+0.0004"), (0.0, "+.2f", "+0.00"),
     (-0.0, "+.2f", "+0.00"), (float("-inf"), "+.2f", "−∞"), (float("nan"), "+.2f", "nan"), (2e7, "+.2f", "+2.00e7")],
)  # fmt: skip
def test_a_number_in_a_sentence_is_never_a_zero_that_is_none(value, spec, text):
    assert sentence.written(value, spec) == text


def test_a_narrow_pane_tells_the_states_rather_than_cut_a_number():
    trace, _ = record("lstm")
    shown = sentence.paint(trace, Cursor(t=3, unit=1), 40, 1, palette()).text()
    state = trace.passes[0].values
    assert shown == f"Unit 1: c = {figure(float(state['c'][2, 1]))}, h = {figure(float(state['h'][2, 1]))}."


@pytest.mark.parametrize(
    ("line", "told"), [("c=0.5", "c = {c} by hand, h = {h}."), ("h[1]@3=3", "c = {c}, h = {h} by hand.")]
)
def test_of_a_state_that_is_set_by_hand_no_sentence_says_how_it_was_computed(line, told):
    trace, _ = record("lstm")
    here = {symbol: figure(float(values[2, 1])) for symbol, values in trace.passes[0].values.items()}
    touched = replace(trace, by_hand=byhand.read(line))
    assert said(touched, Cursor(t=3, unit=1)).strip() == f"By hand · Unit 1: {told.format(**here)}"
    assert "forget gate keeps" in said(replace(trace, by_hand=byhand.read("f=1;h[0]@3=0")), Cursor(t=3, unit=1))
