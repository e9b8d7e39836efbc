from itertools import pairwise

import pytest

from rnntui.core.equations import load
from rnntui.names import cell_names
from rnntui.paint import boxes, diagram, numbers
from rnntui.paint.cells import width
from rnntui.paint.palette import palette
from rnntui.scene import Cursor
from tests.paint.traces import mgu, trace

DARK = palette("dark", "truecolor")


def styled(painting):
    return [(s.text, s.style) for line in painting.lines for s in line]


@pytest.mark.parametrize("cell", cell_names())
def test_every_slot_of_a_diagram_is_a_symbol_or_a_state_before(cell):
    loaded = load(cell)
    symbols = {equation.symbol for equation in loaded.equations}
    known = symbols | {f"{state}_prev" for state in loaded.states} | {"x", *diagram.STEPS}
    assert diagram.slots(loaded.diagram) <= known
    assert symbols | {f"{state}_prev" for state in loaded.states} | {"x"} <= diagram.slots(loaded.diagram)


@pytest.mark.parametrize("cell", cell_names())
def test_a_diagram_fits_its_pane(cell):
    columns, lines = diagram.size(load(cell).diagram)
    assert columns <= 52
    assert lines <= 8


@pytest.mark.parametrize("cell", cell_names())
def test_every_wire_ends_at_something(cell):
    hello = trace(cell, "hello")
    rows = [line.ljust(60) for line in diagram.paint(hello, Cursor(t=1), 52, 8, DARK).text().split("\n")]
    for above, below in pairwise(rows):
        for column, (up, down) in enumerate(zip(above, below, strict=True)):
            if up in "┃┏┓┳┣╋":
                near = below[column - 1 : column + 2].strip()
                assert down in "┃┗┛┻╋×+┣┏" or any(c.isalnum() or c in "[]." for c in near), (cell, above, below)
            if down in "┃┗┛┻╋" and down not in "┗":
                near = above[column - 1 : column + 2].strip()
                assert up in "┃┏┓┳┣╋×+" or any(c.isalnum() or c in "[]." for c in near), (cell, above, below)


@pytest.mark.parametrize("cell", cell_names())
def test_the_numbers_are_those_of_the_cursors_unit(cell):
    hello = trace(cell, "hello", gain=3)
    shown = diagram.paint(hello, Cursor(t=3, unit=5), 60, 10, DARK).text()
    for symbol in hello.symbols:
        value = float(hello.passes[0].values[symbol][2, 5])
        assert numbers.short(value, numbers.scale(hello, symbol).share) in shown
    for state in hello.states:
        assert numbers.short(float(hello.passes[0].values[state][1, 5])) in shown
    assert '"l"' in shown
    assert "h₂" in shown
    assert "h₃" in shown


@pytest.mark.parametrize("cell", cell_names())
def test_only_the_current_sub_step_is_lit_and_what_comes_later_is_not_there(cell):
    hello = trace(cell, "hello")
    for place, symbol in enumerate(hello.symbols):
        found = styled(diagram.paint(hello, Cursor(t=3, symbol=symbol, unit=5, partial=True), 60, 10, DARK))
        value = float(hello.passes[0].values[symbol][2, 5])
        number = numbers.short(value, numbers.scale(hello, symbol).share)
        assert any(text.endswith(number) and style == DARK.lit for text, style in found)
        assert sum(text.count("·") for text, _ in found) == len(hello.symbols) - place - 1


def test_the_backward_lane_comes_from_the_step_after():
    two = trace("gru", "hello", bidirectional=True)
    shown = diagram.paint(two, Cursor(t=3, direction="backward"), 60, 10, DARK).text()
    assert "h₄" in shown
    assert numbers.short(float(two.passes[1].values["h"][3, 0])) in shown


def test_before_reading_the_initial_state_stands_on_the_right():
    shown = diagram.paint(trace("lstm", "hello"), Cursor(), 60, 10, DARK).text()
    assert "c₀" in shown
    assert shown.count("+.00") == 2


def test_a_step_beyond_three_digits_stays_symbolic_and_the_layout_holds():
    long = trace("rnn", "ab" * 600)
    narrow = diagram.paint(long, Cursor(t=5), 60, 10, DARK)
    wide = diagram.paint(long, Cursor(t=1100), 60, 10, DARK)
    assert "hₜ₋₁" in wide.text()
    assert [len(a) for a in narrow.text().split("\n")][1] == [len(a) for a in wide.text().split("\n")][1]


def test_a_click_on_a_gate_points_to_it():
    shown = diagram.paint(trace("lstm", "hello"), Cursor(t=2), 52, 8, DARK)
    rows = shown.text().split("\n")
    line = next(y for y, row in enumerate(rows) if "[tanh]" in row)
    assert shown.hit(rows[line].index("[tanh]") + 1, line) == {"symbol": "g"}


def test_a_cell_without_a_diagram_is_laid_out_from_its_dependencies():
    own = trace(mgu(), "hello")
    assert boxes.layers(own) == [["f"], ["n"], ["h"]]
    assert boxes.layers(trace("lstm", "hi")) == [["i", "f", "g", "o"], ["c"], ["h"]]
    assert boxes.reads(own, "n") == ("x", "f", "hₜ₋₁")
    assert boxes.reads(own, "n", backward=True) == ("x", "f", "hₜ₊₁")
    shown = diagram.paint(own, Cursor(t=2, symbol="n", partial=True), 50, 12, DARK)
    assert numbers.short(float(own.passes[0].values["f"][1, 0]), share=True) in shown.text()
    assert "candidate" in shown.text()
    assert "·" in shown.text()
    assert ("n", DARK.lit) in styled(shown)


@pytest.mark.parametrize("size", [(1, 1), (12, 3), (38, 8), (52, 8), (120, 30)])
@pytest.mark.parametrize("cell", [*cell_names(), "own"])
def test_nothing_is_wider_or_higher_than_asked_for_and_the_lit_symbol_is_always_there(cell, size):
    odd = trace(mgu() if cell == "own" else cell, ["日本語の", "\x1b[31m", "🇩🇪"], layers=2)
    for cursor in (Cursor(), Cursor(t=2, symbol="h", unit=7), Cursor(layer=1, t=3)):
        shown = diagram.paint(odd, cursor, *size, DARK)
        assert len(shown.lines) <= size[1]
        assert all(width("".join(s.text for s in line)) <= size[0] for line in shown.lines)
        assert "\x1b" not in shown.text()
        if cursor.t and size[0] >= 12 and size[1] >= 3:
            assert any(style == DARK.lit for _, style in styled(shown))
