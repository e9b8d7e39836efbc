"""Lines drawn by plotext, one at a time and without its frame: the one place that imports it, at the first plot.

plotext raises on infinities and on empty data, draws all that it is given, and cuts to the terminal it finds: so what
reaches it is finite, within the limits, and at most two points a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rnntui.core.trace import Array

BLANK: Final = "\u2800"
STEPS: Final = (1, 2, 5)
POINTS_A_LINE: Final = 4
"""Rows of braille dots in a line of text."""


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
        share = (x - self.left) / (self.right - self.left) if self.right > self.left else 0.5
        return round(min(max(share, 0.0), 1.0) * (self.columns - 1))

    def line(self, y: float) -> int:
        """The line of a y, the first one for `high` and the last one for `low`."""
        share = (self.high - y) / (self.high - self.low) if self.high > self.low else 0.5
        return round(min(max(share, 0.0), 1.0) * (self.lines - 1))

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


def raster(x: Array, y: Array, frame: Frame) -> list[str]:
    """A line through points as braille, exactly the frame's columns and lines; it breaks where a y is not finite."""
    runs = [(x[run], y[run]) for run in _finite_runs(y)]
    thinned = [_thinned(xs, ys, frame) for xs, ys in runs]
    rounded = tuple((tuple(map(float, xs)), tuple(map(float, ys))) for xs, ys in thinned)
    return list(_raster(rounded, frame))


@lru_cache(maxsize=64)
def _raster(runs: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...], frame: Frame) -> tuple[str, ...]:
    rows = [BLANK * frame.columns] * frame.lines
    for x, y in runs:
        rows = [overlaid(below, above) for below, above in zip(rows, _plotext(x, y, frame), strict=True)]
    return tuple(rows)


def _plotext(x: tuple[float, ...], y: tuple[float, ...], frame: Frame) -> list[str]:
    import plotext

    half = (frame.right - frame.left) / max(1, frame.columns - 1) / 2 or 0.5
    dot = (frame.high - frame.low) / max(1, frame.lines - 1) / 2 or 0.5
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.theme("clear")
    plotext.frame(False)
    plotext.xticks([])
    plotext.yticks([])
    plotext.plotsize(frame.columns, frame.lines)
    plotext.xlim(frame.left - half, frame.right + half)
    plotext.ylim(frame.low - dot, frame.high + dot)
    plotext.plot(x, y, marker="braille") if len(x) > 1 else plotext.scatter(x, y, marker="braille")
    rows = plotext.uncolorize(plotext.build()).split("\n")[: frame.lines]
    rows += [""] * (frame.lines - len(rows))
    return [row.replace(" ", BLANK)[: frame.columns].ljust(frame.columns, BLANK) for row in rows]


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


def _thinned(x: Array, y: Array, frame: Frame) -> tuple[Array, Array]:
    """At most two points a column, its lowest and its highest; points that lie on the line between others are left."""
    if len(x) > 2 * frame.columns:
        places = np.array([frame.column(value) for value in x])
        kept: set[int] = {0, len(x) - 1}
        for column in np.unique(places):
            here = np.flatnonzero(places == column)
            kept |= {int(here[np.argmin(y[here])]), int(here[np.argmax(y[here])])}
        order = np.array(sorted(kept))
        x, y = x[order], y[order]
    kept_points = _corners(x, y, (frame.high - frame.low) / (POINTS_A_LINE * 2 * frame.lines))
    return x[kept_points], y[kept_points]


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
