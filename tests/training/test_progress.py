"""What the Train screen holds: it grows with snapshots, ends in one of a few ways, and stays small."""

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest

from rnntui.engine.stream import LARGEST_CHANGE
from rnntui.errors import BadInput
from rnntui.scene import Cursor
from rnntui.training.curve import MOST_POINTS, Curve
from rnntui.training.progress import Look, Progress
from rnntui.training.record import LONGEST_PRIME, Change
from rnntui.training.shelf import MOST_BESIDE
from tests.training.snapshots import SPEC, TEXT, reading, sample, snapshot


def trained(*steps):
    progress = replace(Progress(), state="starting")
    for step in steps:
        progress = progress.shown(snapshot(step, 6 - step / 50, run="run"), paused=False)
    return progress


def test_a_curve_has_a_point_for_each_measurement_and_none_before_the_first():
    curve = trained(0, 5, 10).curve
    assert (curve.name, curve.steps.tolist(), curve.val_steps.tolist()) == ("lstm 6", [5, 10], [0, 5, 10])
    assert curve.training == pytest.approx([5.9, 5.8])
    assert curve.last == pytest.approx(5.8)
    assert math.isnan(Curve().last)


def test_a_resumed_curve_goes_on_from_the_checkpoint():
    curve = trained(0, 5, 10, 15).curve.longer(snapshot(10, 3.0))
    assert curve.steps.tolist() == [5, 10]
    assert curve.training[-1] == pytest.approx(3.0)


def test_the_lines_of_the_updates_have_a_value_or_a_gap_at_every_step():
    curve = Curve()
    for step, changes in {
        0: {},
        1: {"gradient_norm": 3.0, "update_ratios": {}},
        2: {"gradient_norm": 0.5, "update_ratios": {"layer 0": 0.01}},
        3: {"gradient_norm": 2.0, "update_ratios": {"layer 0": 0.02, "read-out": 0.03}},
        4: {"gradient_norm": 9.0, "knobs": replace(snapshot().knobs, clip=0)},
    }.items():
        curve = curve.longer(snapshot(step, **changes))
    assert curve.steps.tolist() == [1, 2, 3, 4]
    assert curve.norms.tolist() == [3, 0.5, 2, 9]
    assert curve.clips.tolist()[:3] == [1, 1, 1]
    assert math.isnan(curve.clips[3])
    np.testing.assert_array_equal(curve.ratios["layer 0"], [math.nan, 0.01, 0.02, math.nan])
    np.testing.assert_array_equal(curve.ratios["read-out"], [math.nan, math.nan, 0.03, math.nan])
    assert curve.clipped == 0.5
    assert math.isnan(Curve().clipped)


def test_a_curve_of_a_long_training_stays_small_and_keeps_its_newest_point():
    curve = Curve()
    for step in range(1, 3 * MOST_POINTS):
        curve = curve.longer(snapshot(step, 1 + 1 / step, update_ratios={"layer 0": 0.01}))
        assert len(curve.steps) <= MOST_POINTS
        assert curve.steps[-1] == step
        assert len(curve.norms) == len(curve.ratios["layer 0"]) == len(curve.steps)
    assert (np.diff(curve.steps) > 0).all()


def test_a_reading_that_did_not_change_stays_the_same_object_and_another_one_replaces_it():
    first = trained(5)
    same = first.shown(snapshot(10, reading=reading(5)), paused=False)
    assert same.reading is first.reading
    for other in (reading(6), reading(5, text=TEXT[:-1]), reading(5, layers=2), reading(5, hidden=7)):
        assert first.shown(snapshot(10, reading=other), paused=False).reading is other
    assert first.shown(snapshot(10, reading=None), paused=False).reading is None


@pytest.mark.parametrize(
    ("before", "last", "how", "state"),
    [
        ("training", snapshot(200), "finished", "finished"),
        ("training", snapshot(200), "broken", "unkept"),
        ("training", snapshot(200, kept=(0, 200)), "broken", "finished"),
        ("training", snapshot(20), "broken", "broken"),
        ("training", snapshot(20, stopped="It exploded."), "finished", "broken"),
        ("stopping", snapshot(20), "cancelled", "stopped"),
        ("stopping", snapshot(20), "broken", "unkept"),
        ("stopping", snapshot(20, stopped="It exploded."), "broken", "broken"),
        ("stopping", None, "cancelled", "idle"),
        ("starting", None, "broken", "broken"),
    ],
)
def test_a_training_ends_in_one_of_a_few_ways(before, last, how, state):
    assert replace(Progress(), state=before, snapshot=last).ended(how).state == state


def test_a_new_run_keeps_the_curves_of_a_few_earlier_ones():
    progress = Progress()
    for _ in range(MOST_BESIDE + 2):
        for step in (0, 10):
            progress = progress.shown(snapshot(step), paused=True)
        assert progress.again
        progress = progress.beginning()
        assert (progress.state, progress.snapshot, progress.past) == ("starting", None, None)
    assert len(progress.earlier) == MOST_BESIDE
    assert progress.beginning().earlier == progress.earlier


def test_what_is_chosen_for_the_next_run_outlives_the_snapshots_of_this_one():
    progress = trained(0, 5)
    assert progress.spec == SPEC
    chosen = replace(progress, spec=replace(SPEC, cell="gru")).shown(snapshot(6), paused=False)
    assert chosen.spec.cell == "gru"
    assert not chosen.again


def test_the_time_machine_goes_from_checkpoint_to_checkpoint():
    progress = trained(0, 30)
    assert [progress.kept_beside(by, step) for by, step in ((-1, None), (-1, 24), (-1, 0), (1, 16), (1, 24))] == [
        24, 16, None, 24, None,
    ]  # fmt: skip
    past = replace(progress, past=Look(16, sample("Then"), reading(16)))
    assert (past.step, past.sample.text) == (16, "Then")
    assert past.reading.chances[0, 0] != progress.reading.chances[0, 0]


def test_a_cursor_stands_on_a_character_and_a_unit():
    assert Progress().clamp(Cursor(t=7, unit=3)) == Cursor(t=1)
    assert trained(0).clamp(Cursor(layer=4, t=0, unit=99)) == Cursor(t=1, unit=5)
    assert trained(0).clamp(Cursor(t=99)) == Cursor(t=9)


def test_a_prime_is_short_enough_for_the_door_of_a_process_that_trains():
    longest = Change("prime", "😀" * LONGEST_PRIME)
    assert len(pickle.dumps(longest, protocol=5)) < LARGEST_CHANGE
    with pytest.raises(BadInput, match=r"The prime has 4,097 characters; give at most 4,096\."):
        Change("prime", "a" * 4097)
