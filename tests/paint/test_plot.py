"""Lines as braille: whatever the numbers are, the picture has its size and nothing raises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnntui.paint import magnitude, pace, plot
from rnntui.paint.ascii import to_ascii

ANY = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-400, 400)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY, min_size=1, max_size=60), st.integers(2, 40), st.integers(2, 9))
def test_any_numbers_at_any_size_give_a_picture_of_that_size_or_none(values, columns, lines):
    x, y = np.arange(1.0, len(values) + 1), np.clip(np.array(values), -1e300, 1e300)
    y = np.where(np.isfinite(values), y, np.array(values))
    frame = plot.frame(x, [y], columns, lines)
    if frame is None:
        assert not np.isfinite(values).any()
        return
    rows = plot.raster(x, y, frame)
    assert len(rows) == lines
    assert {len(row) for row in rows} == {columns}
    assert all(0x2800 <= ord(character) <= 0x28FF for row in rows for character in row)


def test_a_falling_line_runs_from_one_corner_to_the_other():
    x = np.arange(1.0, 101)
    frame = plot.frame(x, [-x], 20, 6)
    rows = plot.raster(x, -x, frame)
    assert rows[0][0] != plot.BLANK
    assert rows[-1][-1] != plot.BLANK
    assert rows[0][-1] == rows[-1][0] == plot.BLANK
    assert (frame.line(-1.0), frame.line(-100.0), frame.column(1.0), frame.column(100.0)) == (0, 5, 0, 19)


def test_a_line_breaks_where_a_number_is_not_finite():
    x, y = np.arange(1.0, 41), np.zeros(40)
    y[15:25] = -np.inf
    rows = plot.raster(x, y, plot.frame(x, [y], 40, 3))
    assert rows[1][5] != plot.BLANK
    assert [row[20] for row in rows] == [plot.BLANK] * 3


def test_ten_thousand_points_are_thinned_and_their_spikes_stay():
    x, y = np.arange(1.0, 10_001), np.zeros(10_000)
    y[4_321] = 9.0
    rows = plot.raster(x, y, plot.frame(x, [y], 50, 5))
    assert any(character != plot.BLANK for character in rows[0])


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [(-6.2, 0.4, 4, [-6, -4, -2, 0]), (-300, 2, 5, [-300, -200, -100, 0]), (0.2, 0.8, 3, []), (-1, 1, 3, [-1, 0, 1])],
)
def test_ticks_are_whole_decades_evenly_apart(low, high, most, expected):
    assert plot.ticks(low, high, most) == expected


@pytest.mark.parametrize(
    ("value", "said", "brief"),
    [
        (1.0, "1.0", "1.00"),
        (0.031, "0.031", ".031"),
        (0.0012, "0.0012", "1e−3"),
        (12.4, "12", "12.4"),
        (99.99, "100", " 100"),
        (4.04e-13, "4.0e−13", "e−13"),
        (123456.0, "1.2e5", " 1e5"),
        (0.0, "0", "   0"),
        (float("inf"), "∞", "   ∞"),
    ],
)
def test_a_norm_is_said_in_a_few_columns(value, said, brief):
    with np.errstate(divide="ignore"):
        ln = float(np.log(value))
    assert magnitude.said(ln) == said
    assert magnitude.brief(ln) == brief


@given(st.floats(-1e5, 1e5) | st.sampled_from([float("nan"), float("inf"), -float("inf")]))
def test_a_norm_beyond_every_float_is_said_too_and_fits(ln):
    assert len(magnitude.brief(ln)) == 4
    assert magnitude.said(ln)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (-np.log(2) / 1.25, "halves every 1.2 steps"),
        (-np.log(2) / 14.2, "halves every 14 steps"),
        (np.log(1.02), "grows 2 % a step"),
        (np.log(3.0), "grows 3 times a step"),
        (0.0, "stays as large"),
        (None, ""),
        (float("nan"), ""),
    ],
)
def test_how_fast_it_goes_is_said_in_words(rate, words):
    assert pace.every(rate) == words


def test_braille_in_ascii_keeps_its_place_and_its_height():
    assert to_ascii("⠀⠉⠒⣀⣿") == " '-_:"
    assert all(len(to_ascii(chr(0x2800 + dots))) == 1 for dots in range(256))
