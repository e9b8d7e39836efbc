from dataclasses import replace

import numpy as np
import pytest

from rnntui.core.trace import Readout
from rnntui.paint import sequence
from rnntui.paint.cells import width
from rnntui.paint.palette import palette
from rnntui.scene import Cursor
from tests.paint.traces import trace

LABELS = ("h", "\x1b[2J", "l", " ", "a very long token of a vocabulary")
P = np.array([0.5, 0.3, 0.1, 0.097, 0.003])


def read_out(**options):
    """A trace of "hello" with a made-up read-out that is sure of the same order at every step."""
    ids = np.tile(np.arange(5), (5, 1))
    came = np.array([0.25, 0.1, 0.1, 0.02, np.nan])
    return replace(trace(text="hello", **options), readout=Readout(LABELS, ids, np.tile(P, (5, 1)), came))


def line(made, cursor, columns=90):
    made = sequence.paint(made, cursor, columns, sequence.height(made), palette())
    assert all(sum(segment.cell_length for segment in one) <= columns for one in made.lines)
    return made.text().split("\n")[-1]


def test_the_most_probable_tokens_are_named_and_what_came():
    said = line(read_out(), Cursor(t=2))
    assert said.startswith(" next h 50 %  ␛[2J 30 %  l 10 %  ␣ 10 %  a␣very␣long… <1 %")
    assert said.endswith('then "l": 10 %')


def test_nothing_is_said_before_the_output_is_there():
    made = read_out()
    assert line(made, Cursor(t=0)) == " next"
    assert line(made, Cursor(t=2, symbol="f", partial=True)) == " next"
    assert line(made, Cursor(t=2, symbol="h", partial=True)) != " next"
    deep = read_out(layers=2)
    assert line(deep, Cursor(layer=0, t=2, symbol="h", partial=True)) == " next"
    both = read_out(bidirectional=True)
    assert line(both, Cursor(t=2)) == " next"
    assert line(both, Cursor(t=4)) != " next"
    assert line(both, Cursor(t=2, direction="backward")) != " next"


def test_after_the_last_token_nothing_came():
    assert "then" not in line(read_out(), Cursor(t=5))


@pytest.mark.parametrize("columns", [1, 8, 20, 40])
def test_what_does_not_fit_is_left_out(columns):
    assert width(line(read_out(), Cursor(t=2), columns)) <= columns


def test_a_trace_without_a_read_out_has_no_such_line():
    assert sequence.height(trace()) == sequence.height(read_out()) - 1
