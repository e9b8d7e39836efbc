import numpy as np
import pytest

from rnntui.paint import gates, heat, numbers
from rnntui.paint.cells import width
from rnntui.paint.palette import COLOURS, palette
from rnntui.scene import Cursor
from tests.paint.traces import mgu, trace

DARK = palette("dark", "truecolor")


def test_every_gate_has_a_bar_and_the_number_of_the_trace():
    hello = trace("lstm", "hello", gain=3)
    lines = gates.paint(hello, Cursor(t=3, symbol="f", unit=2), 80, 12, DARK).text().split("\n")
    assert lines[0].split() == ["i", "f", "g", "o"]
    assert "forget gate" in lines[1]
    row = lines[4]
    assert row.startswith("▸2")
    for symbol in "ifo":
        assert f"{hello.passes[0].values[symbol][2, 2]:.2f}"[1:] in row
    assert f"{abs(hello.passes[0].values['g'][2, 2]):.2f}"[1:] in row


def test_a_longer_bar_is_a_larger_gate_and_sides_are_signs():
    hello = trace("lstm", "hello")
    hello.passes[0].values["i"][0, :3] = (0.1, 0.5, 1.0)
    hello.passes[0].values["g"][0, :3] = (-0.8, 0.0, 0.8)
    painting = gates.paint(hello, Cursor(t=1, symbol="o"), 80, 10, DARK)
    lines = painting.text().split("\n")[1:4]
    assert [line[4:16] for line in lines] == ["█▎──────────", "██████──────", "████████████"]
    left, right = zip(*(line.split("│", 1) for line in lines), strict=True)
    assert left[0].endswith("████")
    assert not right[0].startswith("█")
    assert right[2].startswith("████")
    assert not left[1].endswith("█")


def test_rows_stand_at_the_height_of_the_heat_maps_beside():
    for both in (False, True):
        net = trace("lstm", "the quick brown fox", hidden=6, bidirectional=both)
        for height in range(3, 45):
            for unit in (0, 5):
                cursor = Cursor(t=4, unit=unit)
                maps = heat.paint(net, cursor, 60, height, DARK, "h")
                bars = gates.paint(net, cursor, 60, height, DARK)
                found = [
                    [
                        (hit.move["unit"], hit.move["direction"], hit.y)
                        for hit in one.hits
                        if hit.left == 1 and "unit" in hit.move
                    ]
                    for one in (maps, bars)
                ]
                assert found[0]
                assert found[0] == found[1]


@pytest.mark.parametrize(
    ("width", "words"),
    [(80, "input gate forget gate candidate output gate"), (50, "input forget candidate output"), (34, "σ σ tanh σ")],
)
def test_all_symbols_are_called_in_the_same_way(width, words):
    lines = gates.paint(trace("lstm", "hello"), Cursor(t=2), width, 11, DARK).text().split("\n")
    assert lines[1].split() == words.split()


def test_both_lanes_show_their_gates_where_they_stand():
    net = trace("lstm", "the quick brown fox", hidden=4, bidirectional=True)
    lines = gates.paint(net, Cursor(t=4, unit=1), 40, 11, DARK).text().split("\n")
    assert numbers.short(float(net.passes[0].values["f"][3, 1]), True) in lines[1]
    assert numbers.short(float(net.passes[1].values["f"][15, 1]), True) in lines[-3]


def test_what_is_not_yet_computed_has_no_number():
    hello = trace("lstm", "hello")
    lines = gates.paint(hello, Cursor(t=3, symbol="f", partial=True), 80, 10, DARK).text().split("\n")[1:]
    assert all(line.count(".") == 2 and line.count("·") == 2 for line in lines)
    start = gates.paint(hello, Cursor(), 80, 10, DARK).text().split("\n")[1:]
    assert all("." not in line for line in start)
    assert gates.title(hello, Cursor()) == "Gates · nothing read yet"
    assert gates.title(hello, Cursor(t=3)) == "Gates at t = 3"


@pytest.mark.parametrize("cell", ["rnn", "rnn-relu"])
def test_a_cell_without_gates_shows_its_state(cell):
    hello = trace(cell, "hello")
    shown = gates.paint(hello, Cursor(t=2), 40, 10, DARK).text()
    assert shown.split("\n")[0].split() == ["h"]
    assert gates.title(hello, Cursor(t=2)) == "State at t = 2"


def test_narrow_panes_keep_the_numbers_of_all_gates():
    hello = trace("lstm", "hello")
    line = gates.paint(hello, Cursor(t=2), 30, 6, DARK).text().split("\n")[1]
    assert line.count(".") == 4
    one = gates.paint(hello, Cursor(t=2, symbol="o"), 11, 6, DARK).text().split("\n")
    assert one[0].split() == ["o"]


def test_a_click_points_to_unit_and_symbol():
    shown = gates.paint(trace("gru", "hello"), Cursor(t=2), 60, 8, DARK)
    assert shown.hit(6, 2) == {"unit": 1, "symbol": "r", "direction": "forward"}
    assert shown.hit(1, 2) == {"unit": 1, "direction": "forward"}


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("size", [(1, 1), (5, 2), (11, 3), (26, 5), (38, 8), (120, 40)])
def test_nothing_is_wider_or_higher_than_asked_for_whatever_the_numbers(colours, size):
    for cell in ("lstm", "rnn-relu", mgu()):
        odd = trace(cell, "hello", hidden=12)
        for values in odd.passes[0].values.values():
            values[1, :4] = (np.inf, -np.inf, np.nan, 1e30)
        for cursor in (Cursor(), Cursor(t=2, unit=1), Cursor(t=2, unit=11)):
            shown = gates.paint(odd, cursor, *size, palette("contrast", colours))
            assert len(shown.lines) <= size[1]
            assert all(width("".join(s.text for s in line)) <= size[0] for line in shown.lines)
