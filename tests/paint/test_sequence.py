import timeit
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import regex

from rnntui.paint import heat, sequence
from rnntui.paint.cells import width
from rnntui.paint.palette import palette
from rnntui.scene import Cursor
from tests.paint.traces import trace

DARK = palette("dark", "truecolor")


def styles(painting, y):
    return {s.text.strip(): s.style for s in painting.lines[y]}


def test_the_cursor_stands_under_the_token_just_read():
    hello = trace("rnn", "hello yak")
    shown = sequence.paint(hello, Cursor(t=5), 60, 2, DARK)
    tokens, pointer = shown.text().split("\n")
    assert tokens.split("  ")[-1].strip() == "t = 5 / 9"
    assert tokens[pointer.index("▲")] == "o"
    assert "␣" in tokens
    assert styles(shown, 0)["o"] == DARK.lit


def test_read_tokens_are_clear_and_unread_ones_faint():
    shown = sequence.paint(trace("rnn", "abcd"), Cursor(t=2), 60, 2, DARK)
    found = styles(shown, 0)
    assert (found["a"], found["b"], found["c"]) == (DARK.text, DARK.lit, DARK.faint)


def test_control_characters_are_pictures_and_wide_characters_keep_the_columns():
    tokens = regex.findall(r"\X", "a\x1b\n日🇩🇪👨‍👩‍👧‍👦z")
    odd = trace("rnn", tokens)
    shown = sequence.paint(odd, Cursor(t=7), 70, 2, DARK)
    first, pointer = shown.text().split("\n")
    assert "␛" in first
    assert "␊" in first
    column = pointer.index("▲")
    assert width(first[: first.index("z")]) == column == 3 + 6 * 3


def test_words_stand_in_cells_of_equal_width_and_long_ones_are_cut():
    words = trace("rnn", ["the", "incomprehensibilities", "of", "it"])
    shown = sequence.paint(words, Cursor(t=3), 90, 2, DARK)
    line, pointer = shown.text().split("\n")
    assert "incomprehe…" in line
    assert line.index("of") == pointer.index("▲") == 3 + 2 * sequence.LARGEST_CELL


def test_a_click_points_to_the_position():
    shown = sequence.paint(trace("rnn", "hello"), Cursor(t=2), 60, 2, DARK)
    assert shown.hit(3 + 2 * 3, 0) == {"t": 4}


def test_two_lanes_stand_at_k_and_at_the_end_less_k_and_join_where_both_have_read():
    two = trace("gru", "abcdefghi", bidirectional=True)
    assert sequence.height(two) == 4
    forward, tokens, backward, joined = sequence.paint(two, Cursor(t=7), 80, 4, DARK).text().split("\n")
    assert tokens[forward.index("▶")] == "g"
    assert tokens[backward.index("◀")] == "c"
    assert forward.count("●") == backward.count("●") == 6
    assert [tokens[column] for column, mark in enumerate(joined) if mark == "◆"] == list("cdefg")
    assert "joined 5 of 9" in joined
    assert "→ t = 7  ← t = 3  of 9" in tokens


def test_the_same_k_shows_the_same_lanes_from_either_side():
    two = trace("gru", "abcdefghi", bidirectional=True)
    for k in range(10):
        one = sequence.paint(two, Cursor(t=k), 80, 4, DARK).text()
        other = sequence.paint(two, Cursor(t=10 - k, direction="backward"), 80, 4, DARK).text()
        assert one == other


def test_a_long_text_turns_by_pages_around_the_cursor():
    long = trace("rnn", "ab" * 500)
    starts = set()
    for t in range(1, 1001, 7):
        shown = sequence.paint(long, Cursor(t=t), 80, 2, DARK)
        steps = [move["t"] for x in range(80) if (move := shown.hit(x, 0))]
        assert t in steps
        starts.add(min(steps))
    assert len(starts) < 80


@pytest.mark.parametrize("size", [(1, 1), (10, 2), (40, 3), (60, 4), (120, 8)])
@pytest.mark.parametrize("both", [False, True])
def test_nothing_is_wider_or_higher_than_asked_for(size, both):
    odd = trace("rnn", ["日本語の長い単語です", "🇩🇪", "\x1b[31m", " "] * 3, bidirectional=both)
    for t in range(13):
        shown = sequence.paint(odd, Cursor(t=t), *size, DARK)
        assert len(shown.lines) <= size[1]
        assert all(width("".join(s.text for s in line)) <= size[0] for line in shown.lines)


@pytest.mark.parametrize("paint", [sequence.paint, partial(heat.paint, symbol="h")])
def test_a_long_text_takes_no_longer_to_paint_than_a_short_one(paint):
    two = trace("rnn", "ab" * 50, hidden=2, bidirectional=True)

    def seconds(times):
        passes = (replace(p, values={k: np.tile(v, (times, 1)) for k, v in p.values.items()}) for p in two.passes)
        longer = replace(two, tokens=two.tokens * times, passes=tuple(passes))
        cursor = Cursor(t=longer.steps // 2 + 1)
        paint(longer, cursor, 80, 8, DARK)
        return min(timeit.repeat(lambda: paint(longer, cursor, 80, 8, DARK), number=1, repeat=15))

    assert seconds(1000) < 3 * seconds(1)
