"""Where the cursor goes when a gradient is followed: forward to the loss, then back to the initial state."""

import pytest

from rnntui.scene import PAST_THE_END, Cursor, parse
from rnntui.ui.walks import WALKING
from tests.paint.flows import study

BOTH = "gradients:cell=gru,text=hello,hidden=2,layers=2,bidirectional=yes"
LANES = [(0, "forward"), (0, "backward"), (1, "forward"), (1, "backward")]


@pytest.fixture(scope="module")
def record():
    return study(BOTH)


def at_the_loss(record, lane):
    return record.clamp(WALKING.fresh(Cursor(layer=lane[0], direction=lane[1])))


@pytest.mark.parametrize("lane", LANES)
def test_the_walk_back_goes_from_the_loss_to_the_initial_state_and_returns(record, lane):
    cursor, step = at_the_loss(record, lane), WALKING.keys["step"]
    seen = [cursor]
    for _ in range(8):
        seen.append(step(record.trace, seen[-1], -1))
    ts = [6, 5, 4, 3, 2, 1, 0, 0, 0]
    assert [one.t for one in seen] == (ts if lane[1] == "forward" else [6 - t for t in ts])
    for _ in range(9):
        seen.append(step(record.trace, seen[-1], 1))
    assert seen[-1] == cursor
    assert {one.walk for one in seen} == {"back"}
    assert all(record.clamp(one) == one for one in seen)


@pytest.mark.parametrize("lane", LANES)
def test_who_reads_on_past_the_last_token_enters_the_loss(record, lane):
    start = WALKING.keys["turn"](record.trace, at_the_loss(record, lane), 1)
    assert start.walk == "forward"
    assert record.trace.steps_read(start) == 0
    seen = [start]
    while WALKING.onward(record.trace, seen[-1]) != seen[-1]:
        seen.append(WALKING.onward(record.trace, seen[-1]))
    assert [one.walk for one in seen] == ["forward"] * 6 + ["back"] * 7
    places = [record.trace.steps_read(one) for one in seen]
    assert places == [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0]
    assert WALKING.keys["turn"](record.trace, seen[2], 1) == at_the_loss(record, lane)
    assert WALKING.again(record.trace, seen[-1]) == at_the_loss(record, lane)


def test_another_lane_is_at_the_same_place_of_the_way(record):
    cursor = WALKING.keys["step"](record.trace, at_the_loss(record, LANES[0]), -2)
    for layer, direction in (*LANES[1:], LANES[-1]):
        cursor = WALKING.keys["lane"](record.trace, cursor, 1)
        assert (cursor.layer, cursor.direction) == (layer, direction)
        assert record.trace.steps_read(cursor) == 4


def test_a_click_goes_to_its_step_and_on_the_other_direction_keeps_the_place(record):
    cursor = WALKING.keys["step"](record.trace, at_the_loss(record, LANES[0]), -2)
    assert WALKING.point(record.trace, cursor, {"t": 2}).t == 2
    assert WALKING.point(record.trace, cursor, {"direction": "backward"}).t == 2
    reading = WALKING.keys["turn"](record.trace, cursor, 1)
    assert WALKING.point(record.trace, reading, {"t": 6}).walk == "back"


def test_another_record_keeps_how_far_was_walked_or_read(record):
    longer = study("gradients:cell=lstm,text=hello%20world,hidden=2")
    back = WALKING.keys["step"](record.trace, at_the_loss(record, LANES[1]), -2)
    there = WALKING.carried(record.trace, back, longer.trace)
    assert (there.layer, there.direction, there.t, there.walk) == (0, "forward", 10, "back")
    reading = WALKING.keys["step"](record.trace, WALKING.keys["turn"](record.trace, back, 1), 3)
    assert WALKING.carried(record.trace, reading, longer.trace).t == 3


def test_a_scene_line_that_says_no_t_begins_at_the_loss():
    assert parse("gradients:text=hello").t == PAST_THE_END
    assert study("gradients:cell=rnn,text=hello,hidden=2").clamp(parse("gradients:text=hello").cursor).t == 6
    assert parse("gradients:text=hello,bidirectional=yes,direction=backward").t == 0
    assert parse("gradients:text=hello,t=3").t == 3
    assert parse("explore:text=hello").t == 0
