"""Where the cursor goes; a step can be taken whole or symbol by symbol."""

from dataclasses import replace

import pytest

from rnntui.core.equations import load
from rnntui.lab import trace as make
from rnntui.scene import Cursor, Scene
from rnntui.ui import moves


@pytest.fixture(scope="module")
def one_way():
    return make(Scene(text="hello", cell="lstm", hidden=3))


@pytest.fixture(scope="module")
def both_ways():
    return make(Scene(text="hello", cell="gru", hidden=3, bidirectional=True, layers=2))


def walk(trace, cursor, move, times):
    for _ in range(times):
        cursor = move(trace, cursor)
    return cursor


def test_stepping_stops_at_both_ends(one_way):
    start = one_way.clamp(Cursor())
    end = walk(one_way, start, lambda t, c: moves.step(t, c, 1), 9)
    assert end.t == 5
    assert walk(one_way, end, lambda t, c: moves.step(t, c, -1), 9) == start


def test_the_backward_lane_reads_from_the_last_token_to_the_first(both_ways):
    cursor = moves.lane(both_ways, both_ways.clamp(Cursor()), 1)
    assert (cursor.direction, cursor.t) == ("backward", 6)
    assert moves.step(both_ways, cursor, 1).t == 5
    assert moves.after(both_ways, cursor, 5).t == 1


def test_changing_lanes_keeps_how_many_tokens_have_been_read(both_ways):
    cursor = moves.after(both_ways, both_ways.clamp(Cursor()), 2)
    for layer, direction in [(0, "backward"), (1, "forward"), (1, "backward"), (1, "backward")]:
        cursor = moves.lane(both_ways, cursor, 1)
        assert (cursor.layer, cursor.direction) == (layer, direction)
        assert both_ways.steps_read(cursor) == 2


def test_sub_steps_visit_every_symbol_of_every_step_in_the_order_of_the_equations(one_way):
    symbols = tuple(e.symbol for e in load("lstm").equations)
    cursor, seen = one_way.clamp(Cursor()), []
    for _ in range(one_way.steps * len(symbols)):
        cursor = moves.sub_step(one_way, cursor, 1)
        seen.append((cursor.t, cursor.symbol))
    assert seen == [(t, symbol) for t in range(1, 6) for symbol in symbols]
    assert moves.sub_step(one_way, cursor, 1) == cursor


def test_sub_steps_back_undo_sub_steps(one_way):
    cursors = [one_way.clamp(Cursor())]
    for _ in range(14):
        cursors.append(moves.sub_step(one_way, cursors[-1], 1))
    for before, after in zip(cursors[-2::-1], cursors[:0:-1], strict=True):
        assert moves.sub_step(one_way, after, -1) == before


def test_a_step_that_stands_half_done_is_finished_or_undone_first(one_way):
    half = walk(one_way, one_way.clamp(Cursor()), lambda t, c: moves.sub_step(t, c, 1), 8)
    assert (half.t, half.partial) == (2, True)
    assert moves.step(one_way, half, 1) == replace(half, partial=False)
    assert moves.step(one_way, half, -1) == replace(half, t=1, partial=False)


def test_another_trace_keeps_the_place_as_far_as_it_can(one_way, both_ways):
    cursor = moves.after(both_ways, moves.lane(both_ways, both_ways.clamp(Cursor(unit=2)), 3), 4)
    carried = moves.carried(both_ways, cursor, one_way)
    assert (carried.layer, carried.direction, carried.t, carried.unit) == (0, "forward", 4, 2)
    shorter = make(Scene(text="hi", cell="gru", hidden=2, bidirectional=True, layers=2))
    there = moves.carried(both_ways, cursor, shorter)
    assert (there.direction, there.t, there.unit) == ("backward", 1, 1)


def test_pointing_at_a_value_makes_its_step_whole(one_way):
    half = moves.sub_step(one_way, one_way.clamp(Cursor()), 1)
    assert moves.point(one_way, half, {"t": 3, "unit": 1}) == replace(half, t=3, unit=1, partial=False)


def test_pointing_at_the_other_direction_keeps_how_much_was_read(both_ways):
    cursor = moves.after(both_ways, both_ways.clamp(Cursor()), 2)
    pointed = moves.point(both_ways, cursor, {"direction": "backward"})
    assert (pointed.direction, pointed.t) == ("backward", 4)
