"""Which panes fit: at small sizes panes take turns, at large ones they stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SMALLEST: Final = (40, 12)
"""Columns and rows below which nothing useful can be drawn."""
TOO_SMALL_WORDS: Final = "rnntui needs 40 × 12 cells or more.\nEnlarge the window, or press q."
TWO_ABREAST = 100
THREE_ABREAST = 165
BOTH_ABREAST = 70
ONE_ROW = 18
SECOND: Final = "second-"
"""What the ids of the second network's panes begin with."""
SMALLEST_DIAGRAM = 10
BESIDE_UNITS = 5
"""Lines of a state pane that are no units: its border, two of header, the legend."""


def too_small(columns: int, rows: int) -> bool:
    """Whether a screen of this size shows nothing but that it is too small."""
    return columns < SMALLEST[0] or rows < SMALLEST[1]


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


def arrange_two(width: int, height: int, states: Sequence[str], front: str) -> Arrangement:
    """The panes for two networks in lockstep: the same ones of both, beside each other where there is room."""
    both = width >= BOTH_ABREAST
    upper_one = front if front in ("cell", "equations") else "equations"
    lower_one = front if front in ("gates", *states) else next(iter(states), "gates")
    upper, lower = ((one, f"{SECOND}{one}") if both else (one,) for one in (upper_one, lower_one))
    if height < ONE_ROW:
        return Arrangement((), lower) if front in lower else Arrangement(upper, ())
    return Arrangement(upper, lower)


def upper_height(room: int, upper: int, units: int) -> int:
    """Lines for the upper row of panes, which could use `upper`, above maps of so many units.

    If the maps then can have two lines a unit they get them; if not even one fits, the upper row has two fifths.
    """
    upper = max(upper, SMALLEST_DIAGRAM)
    if room - (2 * units + BESIDE_UNITS) >= upper:
        return upper
    return min(max(room - (units + BESIDE_UNITS), room * 2 // 5, 10), upper)


CURVES: Final = ("curve", "knobs", "spectrum")
WAYS: Final = ("cell", "paths")
EFFECTS: Final = ("clipping", "weights")
TWO_ROWS: Final = 30
"""Lines from which curves and what lies below them stand over each other."""


def arrange_gradients(width: int, height: int, front: str) -> Arrangement:
    """The panes of gradients that a screen of this size shows when `front` was focused last.

    The upper row holds curve, spectrum and knobs; the lower one the way through the cell, and what comes of it.
    """
    upper: tuple[str, ...]
    lower: tuple[str, ...]
    if width >= THREE_ABREAST:
        upper, lower = CURVES, (*WAYS, *EFFECTS)
    elif width >= TWO_ABREAST:
        upper = ("spectrum" if front == "spectrum" else "curve", "knobs")
        lower = EFFECTS if front in EFFECTS else WAYS
    else:
        upper = (front,) if front in CURVES else ("curve",)
        lower = (front,) if front in (*WAYS, *EFFECTS) else ("paths",)
    if height >= TWO_ROWS:
        return Arrangement(upper, lower)
    return Arrangement((), lower) if front in lower else Arrangement(upper, ())


PLOTS: Final = ("bits", "norm", "ratio")
LEARNING: Final = (*PLOTS, "writing")
TRAINED: Final = ("chances", "h", "gates", "neuron")


def arrange_training(width: int, height: int, fronts: Sequence[str]) -> Arrangement:
    """The panes of a training that a screen of this size shows; `fronts` are those focused so far, the newest first.

    The upper row holds a plot and what is written, on a wide screen two plots; the lower one what is expected, and what
    goes on inside.
    """

    def newest(among: Sequence[str], default: str) -> str:
        return next((one for one in fronts if one in among), default)

    upper: tuple[str, ...]
    lower: tuple[str, ...]
    if width >= THREE_ABREAST:
        upper = ("bits", newest(PLOTS[1:], "norm"), "writing")
        lower = ("chances", "h", newest(("gates", "neuron"), "gates"))
    elif width >= TWO_ABREAST:
        upper, lower = (newest(PLOTS, "bits"), "writing"), ("chances", newest(TRAINED[1:], "h"))
    else:
        upper, lower = (newest(LEARNING, "writing"),), (newest(TRAINED, "chances"),)
    if height >= ONE_ROW + 2:
        return Arrangement(upper, lower)
    return Arrangement((), lower) if fronts and fronts[0] in lower else Arrangement(upper, ())
