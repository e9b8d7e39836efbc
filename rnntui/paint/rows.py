"""How units are laid out in lines: one rule for gates and states, so that their rows stand at the same height."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rnntui.core.trace import Trace
from rnntui.paint.window import window
from rnntui.scene import Cursor, Direction

LEAST_LANE: Final = 3
"""Units that each of two lanes must have room for."""
TALLEST: Final = 3
"""Most lines of one unit."""
LEAST_LEGEND: Final = 5
"""Lines from which one is left for a legend."""
LEAST_PAGE: Final = 12
"""Units on a page that do not miss one when the header takes a second line."""


@dataclass(frozen=True)
class Rows:
    """Which units are drawn, in how many lines each, under (or between) how many header lines."""

    lanes: tuple[Direction, ...]
    """One lane, below its header; or both, the forward one above the header and the backward one below."""
    units: range
    lines: int
    header: int
    legend: bool


def rows(trace: Trace, cursor: Cursor, height: int, tall: bool = True) -> Rows:
    """The layout of a pane of that height: all units if they fit, then taller ones, then a taller header.

    `tall` is false where a line without text would show nothing.
    """
    legend = height >= LEAST_LEGEND
    body = max(1, height - legend - 1)
    both = trace.bidirectional and body >= 2 * min(LEAST_LANE, trace.hidden)
    lanes: tuple[Direction, ...] = ("forward", "backward") if both else (cursor.direction,)
    needed = len(lanes) * trace.hidden
    lines = max(1, min(body // needed, TALLEST)) if tall else 1
    spare = body > needed * lines if body >= needed else body > LEAST_PAGE * len(lanes)
    places = max(1, (body - spare) // (len(lanes) * lines))
    return Rows(lanes, window(cursor.unit, places, trace.hidden), lines, 1 + spare, legend)
