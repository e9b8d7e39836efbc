"""Bits per character over the steps of a training: what is learned from, what is not, n-grams, and earlier runs."""

from __future__ import annotations

from typing import Final

import numpy as np
from rich.segment import Segment
from rich.style import Style

from rnntui.core.trace import Array
from rnntui.paint import plot
from rnntui.paint.cells import Brush, clip
from rnntui.paint.cells import width as columns_of
from rnntui.paint.grid import Grid
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor
from rnntui.training.progress import Progress

LEAST_PLOT: Final = (20, 4)
AXIS: Final = 2
"""Lines below the plot: the axis and its numbers."""
DASH: Final = "╌"
TICK_COLUMNS: Final = 10
Line = tuple[str, str, Array, Array, Style]
"""A line of the plot: its mark, its name, steps, bits, ink."""


def title(_progress: Progress, _cursor: Cursor) -> str:
    """What is drawn."""
    return "Bits per character"


def best(progress: Progress) -> tuple[int, float] | None:
    """The order of the n-gram model that predicts best, and its bits per character."""
    known = progress.snapshot.baselines if progress.snapshot is not None else {}
    return min(known.items(), key=lambda one: one[1], default=None)


def paint(progress: Progress, _cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The lines over the steps, and a legend with where each of them stands now."""
    lines = _lines(progress, palette)
    legend = _legend(progress, lines, width, palette)
    room = height - len(legend.lines) - AXIS
    chart = _Chart(progress, lines, width, room, palette)
    if room < LEAST_PLOT[1] or width < LEAST_PLOT[0] or chart.frame is None:
        return Painting(legend.lines[:height])
    return Painting([*chart.painting(), *legend.lines])


def _lines(progress: Progress, palette: Palette) -> list[Line]:
    """The newest run's two lines, then the validation of the earlier ones, the newest first."""
    curve, inks = progress.curve, palette.series
    found: list[Line] = []
    if curve.steps.size:
        found.append(("·", "training", curve.steps, curve.training, palette.dim))
    if curve.val_steps.size:
        found.append(("▲", "validation", curve.val_steps, curve.validation, inks[0]))
    for place, one in enumerate(reversed(progress.earlier), start=1):
        if one.val_steps.size:
            mark, ink = "●◇■×+"[(place - 1) % 5], inks[1 + (place - 1) % (len(inks) - 1)]
            found.append((mark, f"before: {one.name}", one.val_steps, one.validation, ink))
    return found


class _Chart:
    """Axes, lines and the moment that is shown, on one sheet."""

    def __init__(self, progress: Progress, lines: list[Line], width: int, room: int, palette: Palette) -> None:
        self.progress, self.lines, self.room, self.palette = progress, lines, room, palette
        self.baseline = best(progress)
        ends = [np.array([self.baseline[1], self.baseline[1] - 0.2])] if self.baseline else []
        last = max([float(steps[-1]) for _, _, steps, _, _ in lines], default=0.0)
        self.right = float(max(last, progress.spec.steps if progress.state != "idle" else 0, 1))
        bits = [values for _, _, _, values, _ in lines]
        self.gutter = 3
        self.frame = plot.frame(np.array([0.0, self.right]), [*bits, *ends] if bits else [], width - self.gutter, room)
        self.grid = Grid(width, max(0, room) + AXIS, palette.text)

    def painting(self) -> list[list[Segment]]:
        """The sheet's lines."""
        frame, grid, palette = self.frame, self.grid, self.palette
        assert frame is not None
        self._axes(frame)
        if self.baseline is not None:
            for column in range(frame.columns):
                grid.put(self.gutter + column, frame.line(self.baseline[1]), DASH, palette.notice)
        for _, _, steps, bits, ink in reversed(self.lines):
            for y, row in enumerate(plot.raster(steps, bits, frame)):
                grid.lay(self.gutter, y, row, ink)
        for mark, _, steps, bits, ink in reversed(self.lines):
            if mark != "·":
                grid.put(self.gutter + frame.column(float(steps[-1])), frame.line(float(bits[-1])), mark, ink)
        if self.progress.past is not None:
            x = self.gutter + frame.column(self.progress.step)
            for y in range(self.room):
                grid.put(x, y, "│", palette.cursor)
        return grid.lines()

    def _axes(self, frame: plot.Frame) -> None:
        grid, palette = self.grid, self.palette
        for y in range(self.room):
            grid.put(self.gutter - 1, y, "│", palette.faint)
        for tick in plot.ticks(frame.low, frame.high, max(2, self.room // 2)):
            y = frame.line(tick)
            grid.put(0, y, f"{tick:>{self.gutter - 1}}", palette.dim)
            grid.put(self.gutter - 1, y, "┤", palette.faint)
            for x in range(self.gutter, grid.columns, 2):
                grid.put(x, y, "·", palette.rail)
        grid.put(self.gutter - 1, self.room, "└" + "─" * frame.columns, palette.faint)
        words = "steps"
        grid.put(grid.columns - columns_of(words), self.room + 1, words, palette.dim)
        for tick in plot.ticks(0, self.right, max(2, frame.columns // TICK_COLUMNS)):
            x, number = self.gutter + frame.column(tick), f"{tick:,}"
            if x + columns_of(number) < grid.columns - columns_of(words):
                grid.put(x, self.room, "┬", palette.faint)
                grid.put(x, self.room + 1, number, palette.dim)


def _legend(progress: Progress, lines: list[Line], width: int, palette: Palette) -> Painting:
    """Marks, names and where each line stands now, as many as fit on two lines."""
    brush = Brush(width, 2)
    entries = [(f"{mark} {name} {float(bits[-1]):.2f}", ink) for mark, name, _, bits, ink in lines]
    baseline = best(progress)
    if baseline is not None:
        entries.insert(min(2, len(entries)), (f"{DASH} best n-gram {baseline[1]:.2f}", palette.notice))
    for words, ink in entries:
        if not brush.lines_left and brush.column + columns_of(words) > width:
            break
        if brush.lines_left == 2 or brush.column + columns_of(words) > width:
            brush.line()
        brush.add(clip(words, width), ink).add("   ", palette.text)
    return brush.painting()
