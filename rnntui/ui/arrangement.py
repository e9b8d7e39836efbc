"""Which panes fit: at small sizes panes take turns, at large ones they stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TOO_SMALL = (40, 12)
"""Columns and rows below which nothing useful can be drawn."""
TWO_ABREAST = 100
THREE_ABREAST = 165
ONE_ROW = 18
SMALLEST_DIAGRAM = 10
BESIDE_UNITS = 5
"""Lines of a state pane that are no units: its border, two of header, the legend."""


@dataclass(frozen=True)
class Arrangement:
    """What is shown of each row of panes, in order."""

    upper: tuple[str, ...]
    lower: tuple[str, ...]

    @property
    def shown(self) -> frozenset[str]:
        """Every pane that is on the screen."""
        return frozenset((*self.upper, *self.lower))


def arrange(width: int, height: int, states: Sequence[str], front: str, why: bool) -> Arrangement:
    """The panes that a screen of this size shows when `front` was focused last and `why` has been opened.

    `states` are the ids of the state panes there are. The upper row holds cell, equations and why; the lower one gates
    and states.
    """
    upper_all, lower_all = ("cell", "equations"), ("gates", *states)
    if width >= THREE_ABREAST:
        upper: tuple[str, ...] = ("cell", "equations", "why")
        lower: tuple[str, ...] = lower_all
    elif width >= TWO_ABREAST:
        upper = ("equations", "why") if why else upper_all
        lower = lower_all
    else:
        upper = ("why",) if why else ((front,) if front in upper_all else ("equations",))
        state = front if front in states else next(iter(states), "gates")
        lower = ("gates", state) if width >= 70 else ((front,) if front in lower_all else (state,))
    if height < ONE_ROW:
        if front in lower_all and not why:
            return Arrangement((), lower)
        return Arrangement(upper, ())
    return Arrangement(upper, lower)


def upper_height(room: int, upper: int, units: int) -> int:
    """Lines for the upper row of panes, which could use `upper`, above maps of so many units.

    If the maps then can have two lines a unit they get them; if not even one fits, the upper row has two fifths.
    """
    upper = max(upper, SMALLEST_DIAGRAM)
    if room - (2 * units + BESIDE_UNITS) >= upper:
        return upper
    return min(max(room - (units + BESIDE_UNITS), room * 2 // 5, 10), upper)


WAYS: Final = ("cell", "paths")
MEASURES: Final = ("spectrum", "clipping", "weights")
"""The lower row of the gradients: the way through the cell, or what the whole of it measures."""
TWO_ROWS: Final = 30
"""Lines from which curves and what lies below them stand over each other."""


def arrange_gradients(width: int, height: int, front: str) -> Arrangement:
    """The panes of gradients that a screen of this size shows when `front` was focused last."""
    upper_all, lower_all = ("curve", "knobs"), (*WAYS, *MEASURES)
    if width >= THREE_ABREAST:
        upper, lower = ("curve", "cell", "knobs"), ("paths", *MEASURES)
    elif width >= TWO_ABREAST:
        upper, lower = upper_all, MEASURES if front in MEASURES else WAYS
    else:
        upper = (front,) if front in upper_all else ("curve",)
        lower = (front,) if front in lower_all else ("paths",)
    if height >= TWO_ROWS:
        return Arrangement(upper, lower)
    return Arrangement((), lower) if front in lower else Arrangement(upper, ())
