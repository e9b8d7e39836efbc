"""Which panes are on the screen at which size."""

import pytest

from rnntui.ui.arrangement import (
    BESIDE_UNITS,
    CURVES,
    EFFECTS,
    LEARNING,
    TRAINED,
    WAYS,
    arrange,
    arrange_gradients,
    arrange_training,
    upper_height,
)

STATES = ("state-0", "state-1")


def test_everything_stands_side_by_side_at_120_columns():
    plan = arrange(120, 36, STATES, "equations", why=False)
    assert plan.upper == ("cell", "equations")
    assert plan.lower == ("gates", "state-0", "state-1")


def test_the_explanation_has_a_place_of_its_own_on_wide_screens():
    assert "why" in arrange(200, 50, STATES, "cell", why=False).upper


@pytest.mark.parametrize("front", ["cell", "equations", "gates", "state-0", "state-1"])
@pytest.mark.parametrize("size", [(40, 12), (60, 16), (80, 24), (99, 24), (120, 17), (120, 36), (200, 50)])
def test_the_pane_that_was_focused_last_is_always_on_the_screen(size, front):
    assert front in arrange(*size, STATES, front, why=False).shown


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36), (200, 50)])
@pytest.mark.parametrize("front", ["cell", "equations", "gates", "state-1"])
def test_an_opened_explanation_is_always_on_the_screen(size, front):
    assert "why" in arrange(*size, STATES, front, why=True).shown


def test_a_low_screen_has_one_row_of_panes():
    assert arrange(80, 14, STATES, "gates", why=False).upper == ()
    assert arrange(80, 14, STATES, "cell", why=False).lower == ()


@pytest.mark.parametrize("room", range(13, 60))
@pytest.mark.parametrize("units", [1, 4, 8, 32])
def test_both_rows_can_be_read_and_maps_get_all_that_the_upper_row_cannot_use(room, units):
    upper = upper_height(room, 18, units)
    lower = room - upper
    assert 10 <= upper <= 18
    if room >= 18 + units + BESIDE_UNITS:
        assert upper == 18
    if upper > room * 2 // 5 and upper > 10:
        assert lower >= units + BESIDE_UNITS


@pytest.mark.parametrize("front", [*CURVES, *WAYS, *EFFECTS])
@pytest.mark.parametrize("size", [(40, 12), (60, 16), (80, 24), (80, 40), (120, 24), (120, 36), (200, 50)])
def test_of_gradients_too_the_pane_that_was_focused_last_is_on_the_screen(size, front):
    plan = arrange_gradients(*size, front)
    assert front in plan.shown
    assert plan.upper or plan.lower
    if size[1] >= 30:
        assert plan.upper
        assert plan.lower
    if size[0] >= 165 and size[1] >= 30:
        assert plan.shown == {*CURVES, *WAYS, *EFFECTS}


@pytest.mark.parametrize("front", [*LEARNING, *TRAINED])
@pytest.mark.parametrize("size", [(40, 12), (60, 16), (80, 24), (120, 19), (120, 36), (200, 50)])
def test_of_a_training_the_panes_that_were_focused_last_in_each_row_are_on_the_screen(size, front):
    plan = arrange_training(*size, (front, "gates", "ratio", "h", "norm"))
    assert front in plan.shown
    if size[1] >= 20:
        assert front in TRAINED or plan.lower[-1] == "gates"
        assert front in LEARNING or "ratio" in plan.shown
