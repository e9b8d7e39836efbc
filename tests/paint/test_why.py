"""The explanation pane: bars to both sides of an axis, the selected part in sight, the sum in the last line."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from rnntui.core.provenance import parse_ref, why
from rnntui.core.worked import figure
from rnntui.paint import why as pane
from rnntui.paint.palette import palette
from tests.core.records import CELLS, record

PALETTE = palette()
SIZES = [(38, 4), (38, 12), (60, 8), (100, 10), (100, 30), (160, 40)]


def asked(cell="lstm", what="f[2]", t=3, **options):
    trace, _ = record(cell, **options)
    return why(trace, parse_ref(what, t)), trace


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cell", CELLS)
def test_nothing_leaves_its_bounds_and_the_selected_part_is_in_sight(cell, size):
    trace, _ = record(cell, hidden=20, text="hello 👩‍👩‍👧 \x1b]52;c;x\x07")
    for symbol in trace.symbols:
        for t in (0, 1, 9) if symbol in trace.states else (1, 9):
            explanation = why(trace, parse_ref(f"{symbol}[2]", t))
            for selected in range(0, max(1, len(explanation.parts)), 5):
                painting = pane.paint(explanation, trace, selected, *size, PALETTE)
                assert len(painting.lines) <= size[1]
                assert all(sum(cell_len(s.text) for s in line) <= size[0] for line in painting.lines)
                assert "\x1b" not in painting.text()
                if explanation.parts:
                    marked = [y for y, line in enumerate(painting.text().splitlines()) if line.startswith("▸")]
                    assert [painting.hit(0, y) for y in marked] == [{"part": selected}]


def test_the_head_says_value_formula_and_numbers():
    explanation, trace = asked()
    lines = pane.paint(explanation, trace, 0, 100, 20, PALETTE).text().splitlines()
    assert lines[0].startswith(f"f₃[2] = {pane.exact(explanation.value)}   forget gate")
    assert 'reading "l"' in lines[0]
    assert lines[1].strip() == "f₃ = σ(W_if x₃ + b_if + W_hf h₂ + b_hf)"
    assert lines[2].strip() == f"= {explanation.numbers}"


def test_indices_are_those_of_the_step_and_of_the_lane():
    trace, _ = record("gru", bidirectional=True)
    there = why(trace, parse_ref("reverse.r[1]", 4))
    painted = pane.paint(there, trace, 0, 100, 30, PALETTE).text()
    assert "h₅[" in painted
    assert "ₜ" not in painted
    assert "hₜ₊₁[" in pane.text(there, trace)
    assert "h₃[" in pane.paint(why(trace, parse_ref("r[1]", 4)), trace, 0, 100, 30, PALETTE).text()


def test_the_last_line_says_how_the_parts_make_the_value():
    explanation, trace = asked()
    total, value = figure(explanation.inside.total), figure(explanation.value)
    text = pane.paint(explanation, trace, 0, 100, 20, PALETTE).text()
    assert text.splitlines()[-1].strip() == f"Σ = {total} → σ = {value}"


def test_what_is_not_shown_is_counted_and_summed():
    explanation, trace = asked(hidden=20)
    painting = pane.paint(explanation, trace, 0, 100, 12, PALETTE)
    shown = {hit.move["part"] for hit in painting.hits}
    rest = [part.value for place, part in enumerate(explanation.parts) if place not in shown]
    assert 0 < len(rest) < len(explanation.parts)
    assert f"{len(rest)} not shown sum to {figure(sum(rest))}" in painting.text().splitlines()[-1]


def test_bars_grow_from_the_axis_to_the_side_of_their_sign():
    assert pane.signed_bar(1.0, 1.0, 4) == ("    ", "████")
    assert pane.signed_bar(-0.6, 1.0, 4) == (" ▐██", "    ")
    assert pane.signed_bar(1e-9, 1.0, 4) == ("    ", "▌   ")
    assert pane.signed_bar(0.0, 1.0, 4) == ("    ", "    ")
    assert pane.signed_bar(float("nan"), 1.0, 2) in {("  ", "██"), ("██", "  ")}
    explanation, trace = asked()
    for line in pane.paint(explanation, trace, -1, 100, 30, PALETTE).text().splitlines():
        left, axis, right = line.partition("│")
        if axis:
            assert ("█" in left or "▐" in left) == ("−" in right.split()[0] or "−" in right.split("█")[-1].split()[0])


def test_a_part_that_leads_on_is_marked_and_one_that_ends_here_is_not():
    explanation, trace = asked()
    lines = pane.paint(explanation, trace, 0, 100, 30, PALETTE).text().splitlines()
    for part in pane.stepped(explanation, trace).parts:
        line = next(line for line in lines if f"  {part.label} " in line)
        assert line.endswith("↵") == (part.source is not None)
    assert any(line.endswith("↵") for line in lines)


def test_the_selected_part_is_told_in_plain_words():
    explanation, trace = asked()
    place = next(i for i, part in enumerate(explanation.parts) if "x" in part.label)
    detail = pane.paint(explanation, trace, place, 100, 30, PALETTE).text().splitlines()[-2]
    assert 'one-hot input: token 3 is "l", so x₃[2] = 1' in detail
    place = next(i for i, part in enumerate(explanation.parts) if part.source)
    assert "at t = 2 · ↵ goes there" in pane.paint(explanation, trace, place, 100, 30, PALETTE).text()


def test_torchs_names_are_there_where_there_is_room():
    explanation, trace = asked()
    assert "weight_hh_l0[7,0]" in pane.paint(explanation, trace, -1, 110, 30, PALETTE).text()
    assert "weight_hh_l0" not in pane.paint(explanation, trace, -1, 60, 30, PALETTE).text()


def test_an_opened_part_is_explained_in_the_same_way():
    explanation, trace = asked("gru", "n[1]")
    product = next(part for part in explanation.parts if part.inside)
    text = pane.paint(explanation.opened(product), trace, 0, 100, 12, PALETTE).text()
    assert text.splitlines()[0].startswith(f"{product.label} = ")
    assert "a part of n₃[1]" in text
    assert f"Π = {figure(product.value)}" in text


def test_the_initial_state_says_so():
    explanation, trace = asked(what="c[0]", t=0)
    assert "initial state" in pane.paint(explanation, trace, 0, 80, 8, PALETTE).text()


def test_the_plain_text_form_has_every_part():
    explanation, trace = asked(hidden=20)
    text = pane.text(explanation, trace)
    assert all(part.label in text for part in explanation.parts)
    assert "not shown" not in text


def test_numbers_that_are_none_are_painted():
    trace, _ = record("rnn-relu", dtype="float64")
    trace.passes[0].values["h"][1, 0] = float("inf")
    assert "∞" in pane.text(why(trace, parse_ref("h[0]", 3)), trace)
