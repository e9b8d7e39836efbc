from dataclasses import replace

import numpy as np
import pytest

from rnntui import lab
from rnntui.core import byhand
from rnntui.core.lockstep import difference
from rnntui.core.unseen import unseen
from rnntui.paint import heat, numbers
from rnntui.paint.cells import width
from rnntui.paint.palette import COLOURS, palette
from rnntui.scene import Cursor, Scene
from tests.paint.traces import trace

DARK = palette("dark", "truecolor")
FOX = "the quick brown fox jumps over the lazy dog"


def cells(painting):
    """Every column of every line with its style."""
    found = []
    for line in painting.lines:
        found.append([(character, s.style) for s in line for character in s.text])
    return found


def test_a_step_changes_one_column_and_the_headers_beside_it():
    fox = trace("lstm", FOX)
    one = cells(heat.paint(fox, Cursor(t=10, symbol="i", unit=2), 80, 10, DARK, "h"))
    two = cells(heat.paint(fox, Cursor(t=11, symbol="i", unit=2), 80, 10, DARK, "h"))
    changed = {(y, x) for y, line in enumerate(one) for x, cell in enumerate(line) if cell != two[y][x]}
    columns = {x for y, x in changed if y > 0}
    assert {x for y, x in changed if y == 0} | columns <= set(range(4 + 18, 4 + 22))
    assert {y for y, x in changed if x >= 24} == set(range(9))
    assert {(y, x) for y, x in changed if x < 24} == {(0, 22), (0, 23), (3, 22), (3, 23)}


@pytest.mark.parametrize(("width", "digits"), [(100, 1), (140, 2)])
def test_every_cell_carries_its_sign_and_the_first_digits_of_the_scale(width, digits):
    fox = trace("lstm", FOX, gain=3)
    lines = heat.paint(fox, Cursor(t=43, symbol="i"), width, 10, palette("dark", "none"), "c").text().split("\n")
    scale, column = numbers.scale(fox, "c"), fox.passes[0].values["c"][:, 2]
    size, power = digits + 1, 10**digits
    drawn = [lines[3][4 + size * row : 4 + size * (row + 1)] for row in range(43)]
    for value, cell in zip(column, drawn, strict=True):
        parts = min(power - 1, round(abs(power * float(value) / scale.largest)))
        assert cell.strip() == ("0" if not parts else f"{'+' if value > 0 else '−'}{parts:0{digits}}")
    assert lines[-1].endswith(f"digit{'s' if digits > 1 else ''} × {scale.largest / power:g}")


def test_whole_numbers_stand_in_the_cells_when_the_sequence_fits():
    hello = trace("lstm", "hello")
    value = float(hello.passes[0].values["h"][4, 7])
    wide = heat.paint(hello, Cursor(t=5), 40, 10, DARK, "h").text().split("\n")
    narrow = heat.paint(hello, Cursor(t=5), 26, 10, DARK, "h").text().split("\n")
    assert wide[8].endswith(numbers.long(value))
    assert narrow[8].endswith(numbers.short(value))


@pytest.mark.parametrize(
    ("columns", "text"), [(2, "−1"), (3, "−13"), (4, "−.13"), (5, "−.13 "), (6, "−0.13 "), (7, " −0.13 ")]
)
def test_a_cell_is_as_exact_as_it_is_wide(columns, text):
    assert numbers.Scale(1.0).cell(-0.134, columns) == text
    assert numbers.Scale(1.0, share=True).cell(1.0, columns).strip() == {2: "1.", 6: "1.00", 7: "1.00"}.get(
        columns, "1.0"
    )
    assert width(numbers.Scale(1.0).cell(float("nan"), columns)) == columns
    assert width(numbers.Scale(1.0).cell(-1e9, columns)) == columns


def test_units_grow_taller_and_a_ruler_appears_where_there_is_room():
    fox, cursor = trace("lstm", FOX), Cursor(t=20, symbol="h", unit=2)
    low, ruled, tall = (heat.paint(fox, cursor, 100, lines, DARK, "h") for lines in (10, 12, 20))
    assert [line[:2] for line in low.text().split("\n")[1:9]] == [f"{'▸' if u == 2 else ' '}{u}" for u in range(8)]
    assert ruled.text().split("\n")[0].split() == ["1", *map(str, range(5, 44, 5))]
    lines = tall.text().split("\n")
    assert [line[:2].strip("▸ ") for line in lines[2:18]] == [half for u in range(8) for half in (str(u), "")]
    styled = cells(tall)
    for x in range(4, 44):
        assert styled[4][x][1].bgcolor == styled[5][x][1].bgcolor
    for y in (6, 7):
        assert tall.hit(4 + 2 * 10, y) == {"unit": 2, "direction": "forward", "t": 11, "symbol": "h"}
    assert {style for _, style in styled[7][42:44]} == {DARK.lit}


def test_long_words_have_wide_columns_where_the_sequence_fits():
    words = trace("lstm", ["the", "quick", "brown", "extraordinarily"])
    assert "extraordin…" in heat.paint(words, Cursor(t=2), 60, 10, DARK, "h").text()
    assert "quick" in heat.paint(words, Cursor(t=2), 60, 10, DARK, "h").text()


def test_what_is_not_yet_read_or_computed_is_blank():
    hello = trace("lstm", "hello")
    lines = heat.paint(hello, Cursor(t=3, symbol="g", unit=0, partial=True), 40, 10, DARK, "h").text().split("\n")
    assert lines[1].count(".") == 2
    assert lines[1].count("·") == 3
    lines = heat.paint(hello, Cursor(t=3, symbol="g", unit=0, partial=True), 40, 10, DARK, "i").text().split("\n")
    assert lines[1].count(".") == 3
    lines = heat.paint(hello, Cursor(t=0), 40, 10, DARK, "h").text().split("\n")
    assert lines[1].count("·") == 5


def test_a_click_points_to_unit_step_and_direction():
    two = trace("gru", "hello world", bidirectional=True)
    cursor = Cursor(t=3, symbol="z", unit=1)
    shown = heat.paint(two, cursor, 80, 20, DARK, "h")
    assert shown.hit(4 + 6 * 2, 1) == {"unit": 1, "direction": "forward", "t": 3, "symbol": "h"}
    header = next(y for y, line in enumerate(shown.text().split("\n")) if "w" in line and "." not in line)
    assert shown.hit(4 + 6, header) == {"t": 2}
    assert shown.hit(4, header + 1) == {"unit": 0, "direction": "backward", "t": 1, "symbol": "h"}


def test_two_lanes_are_drawn_when_there_is_room_and_else_the_selected_one():
    two = trace("gru", "hello", bidirectional=True)
    tall = heat.paint(two, Cursor(t=4), 60, 16, DARK, "h").text()
    assert tall.count("→") == tall.count("←") == 7
    assert tall.index("→") < tall.index("←")
    low = heat.paint(two, Cursor(t=4, direction="backward"), 60, 6, DARK, "h").text()
    assert "→" not in low
    assert "←" in low


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan, 1e30, 1e-30])
@pytest.mark.parametrize("text", ["hello", FOX])
def test_numbers_that_are_none_are_drawn(bad, text):
    odd = trace("rnn-relu", text)
    odd.passes[0].values["h"][2, 1] = bad
    shown = heat.paint(odd, Cursor(t=3, unit=1), 60, 12, DARK, "h")
    glyph = {"inf": "+∞", "-inf": "−∞", "nan": "nan" if text == "hello" else "!!"}
    assert glyph.get(str(bad), "▸") in shown.text()
    assert heat.title(odd, Cursor(t=3, unit=1), "h")


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (9, 3), (20, 5), (38, 8), (120, 40)])
@pytest.mark.parametrize("both", [False, True])
def test_nothing_is_wider_or_higher_than_asked_for(colours, size, both):
    odd = trace("lstm", ["日本", "🇩🇪", "\x1b[31m", "a very long word indeed", " ", "\n"], hidden=12, bidirectional=both)
    for cursor in (Cursor(), Cursor(t=4, unit=11), Cursor(t=3, direction="backward", unit=5)):
        shown = heat.paint(odd, cursor, *size, palette("light", colours), "h")
        assert len(shown.lines) <= size[1]
        assert all(width("".join(s.text for s in line)) <= size[0] for line in shown.lines)
        assert "\x1b" not in shown.text()


def test_a_long_text_is_drawn_in_a_window_around_the_cursor():
    long = trace("rnn", "ab" * 300)
    shown = heat.paint(long, Cursor(t=400), 60, 12, DARK, "h")
    steps = {move["t"] for x in range(60) if "t" in (move := shown.hit(x, 3) or {})}
    assert 400 in steps
    assert len(steps) <= 28


def test_the_scale_is_that_of_the_whole_trace_and_of_the_equation():
    fox = trace("lstm", FOX, gain=4)
    assert numbers.scale(fox, "f") == numbers.Scale(1.0, share=True)
    assert numbers.scale(fox, "h") == numbers.scale(fox, "g") == numbers.Scale(1.0)
    largest = abs(fox.passes[0].values["c"]).max()
    assert largest <= numbers.scale(fox, "c").largest <= 2.5 * largest
    assert "digit × 0." in heat.paint(fox, Cursor(t=3), 80, 12, DARK, "c").text().split("\n")[-1]
    empty = replace(fox, passes=tuple(replace(p, values={k: v * 0 for k, v in p.values.items()}) for p in fox.passes))
    assert numbers.scale(empty, "c") == numbers.Scale(1.0)
    more = tuple(replace(p, values={**p.values, "h": p.values["h"] * 4}) for p in fox.passes)
    held = replace(fox, passes=more, by_hand=byhand.read("o[1]@2=-4"))
    assert numbers.scale(held, "f") == numbers.Scale(1.0, share=True)
    assert numbers.scale(held, "h").largest >= abs(more[0].values["h"]).max() > 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.234, "+.23"), (-1.44, "−1.4"), (0.999, "+1.0"), (-12.3, " −12"), (120, "+120"), (1234, "+1e3"), (99999, "+1e5"),
     (-1e12, "−e12"), (float("inf"), "  +∞"), (float("nan"), " nan"), (0.0, "+.00")],
)  # fmt: skip
def test_a_short_number_takes_four_columns(value, text):
    assert numbers.short(value) == text
    assert width(numbers.short(value)) == 4


def test_two_networks_side_by_side_are_drawn_on_one_scale_for_each_symbol():
    one, other = lab.lockstep(Scene(text=FOX, cell="lstm", hidden=3, versus="cell=rnn-relu;init=spectral-radius=2"))
    alone = [numbers.scale(replace(each, alongside=None), "h").largest for each in (one, other)]
    assert alone[0] == 1 < alone[1]
    assert numbers.scale(one, "h") == numbers.scale(other, "h") == numbers.Scale(alone[1])
    assert numbers.scale(one, "f") == numbers.Scale(1.0, share=True)
    legends = [heat.paint(each, Cursor(t=9), 80, 8, DARK, "h").text().splitlines()[-1] for each in (one, other)]
    assert legends[0] == legends[1]
    apart = lab.lockstep(Scene(text=FOX, cell="lstm", hidden=3, versus="seed=1"))
    gap = difference(*apart)
    assert numbers.scale(gap, "h").largest >= abs(gap.passes[0].values["h"]).max()
    assert unseen(apart[0], Cursor(t=3)).alongside is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *[(0.0, "+0.00"), (0.034, "+0.03"), (-1.254, "−1.25"), (-0.0011, "−0.0011"), (0.00012, "+0.00012")],
        *[(6.4e-5, "+6.4e−5"), (31_000.0, "+3.1e4"), (-np.inf, "−∞"), (np.nan, "nan")],
    ],
)
def test_a_number_in_a_title_is_written_as_everywhere_else(value, words):
    assert numbers.long(value) == words
