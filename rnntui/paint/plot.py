"""Lines drawn by plotext, one at a time and without its frame: the one place that imports it, at the first plot.

plotext raises on infinities and on empty data, draws all that it is given, and cuts to the terminal it finds: so what
reaches it is finite, within the limits, and at most two points a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rnntui.core.trace import Array

BLANK: Final = "\u2800"
STEPS: Final = (1, 2, 5)
HALF_A_DOT: Final = 1 / 8
"""Of a line of text, which has four rows of braille dots."""


@dataclass(frozen=True)
class Frame:
    """The part of the plane that a plot shows, and the columns and lines that it has for that."""

    left: float
    right: float
    low: float
    high: float
    columns: int
    lines: int

    def column(self, x: float) -> int:
        """The column of an x, the first one for `left` and the last one for `right`."""
        return round(float(self.across(np.array(x))))

    def line(self, y: float) -> int:
        """The line of a y, the first one for `high` and the last one for `low`."""
        return self.lines - 1 - round(float(self.up(np.array(y))))

    def across(self, x: Array) -> Array:
        """Columns from the left, 0 to columns - 1; what lies outside comes to the edge."""
        return _share(x, self.left, self.right) * (self.columns - 1)

    def up(self, y: Array) -> Array:
        """Lines from below, 0 to lines - 1; what lies outside comes to the edge."""
        return _share(y, self.low, self.high) * (self.lines - 1)

    def x(self, column: int) -> float:
        """The x in the middle of a column."""
        return self.left + (self.right - self.left) * column / max(1, self.columns - 1)


def frame(x: Array, ys: Sequence[Array], columns: int, lines: int) -> Frame | None:
    """A frame over all x, from the lowest to the highest y that is finite; None where there is none, or no room."""
    finite = np.concatenate([y[np.isfinite(y)] for y in ys]) if ys else np.zeros(0)
    if columns < 2 or lines < 2 or not finite.size:
        return None
    low, high = float(finite.min()), float(finite.max())
    if high - low < 1:
        low, high = (low + high) / 2 - 0.5, (low + high) / 2 + 0.5
    return Frame(float(x[0]), float(x[-1]), low, high, columns, lines)


def _share(values: Array, low: float, high: float) -> Array:
    """Where values stand between two ends, 0 to 1; halved before they are taken apart, as that may overflow."""
    if high <= low:
        return np.full(values.shape, 0.5)
    share: Array = np.clip((values / 2 - low / 2) / (high / 2 - low / 2), 0, 1)
    return share


def raster(x: Array, y: Array, frame: Frame) -> list[str]:
    """A line through points as braille, exactly the frame's columns and lines; it breaks where a y is not finite."""
    rows: list[str] = []
    for run in _finite_runs(y):
        across, up = _thinned(frame.across(x[run]), frame.up(y[run]))
        drawn = _plotext(tuple(across.round(3).tolist()), tuple(up.round(3).tolist()), frame.columns, frame.lines)
        rows = [overlaid(below, above) for below, above in zip(rows, drawn, strict=True)] if rows else list(drawn)
    return rows or [BLANK * frame.columns] * frame.lines


@lru_cache(maxsize=64)
def _plotext(x: tuple[float, ...], y: tuple[float, ...], columns: int, lines: int) -> tuple[str, ...]:
    """One line through points that are counted in columns from the left and in lines from below."""
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.theme("clear")
    plotext.frame(False)
    plotext.xticks([])
    plotext.yticks([])
    plotext.plotsize(columns, lines)
    plotext.xlim(-0.5, columns - 0.5)
    plotext.ylim(-0.5, lines - 0.5)
    plotext.plot(x, y, marker="braille") if len(x) > 1 else plotext.scatter(x, y, marker="braille")
    rows = plotext.uncolorize(plotext.build()).split("\n")[:lines]
    rows += [""] * (lines - len(rows))
    return tuple(row.replace(" ", BLANK)[:columns].ljust(columns, BLANK) for row in rows)


def overlaid(below: str, above: str) -> str:
    """Two rows of braille as one: the dots of both."""
    pairs = zip(below, above, strict=True)
    return "".join(chr(0x2800 | (ord(one) & 0xFF) | (ord(other) & 0xFF)) for one, other in pairs)


def ticks(low: float, high: float, most: int) -> list[int]:
    """Whole numbers between two ends, at most so many, evenly spaced by 1, 2, 5, 10, 20, 50, …"""
    for power in range(12):
        for step in (part * 10**power for part in STEPS):
            first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
            if last - first < max(1, most):
                return [step * place for place in range(first, last + 1)]
    return []


def _finite_runs(y: Array) -> Iterator[slice]:
    """The stretches in which every number is finite."""
    finite = np.isfinite(y)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], finite, [False])).astype(np.int8)))
    return (slice(int(start), int(stop)) for start, stop in edges.reshape(-1, 2))


def _thinned(across: Array, up: Array) -> tuple[Array, Array]:
    """At most two points a column, its lowest and its highest; points on the line between others are left out."""
    places = np.round(across).astype(np.intp)
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    if len(across) > 2 * len(starts):
        edges = [*starts.tolist(), len(across)]
        kept = {0, len(across) - 1}
        for first, last in pairwise(edges):
            kept |= {first + int(np.argmin(up[first:last])), first + int(np.argmax(up[first:last]))}
        order = np.array(sorted(kept))
        across, up = across[order], up[order]
    corners = _corners(across, up, HALF_A_DOT)
    return across[corners], up[corners]


def _corners(x: Array, y: Array, tolerance: float) -> NDArray[np.intp]:
    """The points without which a line would differ by more than the tolerance (Ramer 1972)."""
    keep = np.zeros(len(x), dtype=bool)
    keep[[0, -1]] = True
    open_ends = [(0, len(x) - 1)]
    while open_ends:
        first, last = open_ends.pop()
        if last - first < 2:
            continue
        share = (x[first : last + 1] - x[first]) / ((x[last] - x[first]) or 1.0)
        off = np.abs(y[first : last + 1] - (y[first] + share * (y[last] - y[first])))
        far = first + int(np.argmax(off))
        if off[far - first] > tolerance:
            keep[far] = True
            open_ends += [(first, far), (far, last)]
    return np.flatnonzero(keep)
