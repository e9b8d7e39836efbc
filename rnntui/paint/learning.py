"""Lines over the steps of a training on one sheet, with a legend that says where each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from rnntui.training.progress import Progress

LEAST_PLOT: Final = (20, 4)
LEGEND: Final = 2
"""Lines that the legend may take, where there are so many."""
AXIS: Final = 2
"""Lines below the plot: the axis and its numbers."""
DASH: Final = "╌"
UNMARKED: Final = "·"
MARKS: Final = "▲●◇■×+"
INKS: Final = (0, 1, 3, 4, 5, 2)
"""The series of a palette, in the order in which they are used."""
MARKED: Final = 14
"""Columns between two marks on a line, where there are several."""
TICK_COLUMNS: Final = 10
APART: Final = "   "
"""Between two entries of the legend."""
Scale = Callable[[float, float, int], dict[float, str]]
"""What stands at an axis between two heights: at most so many of them, and the number that is written there."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of the plot; with a dash for a mark it is a level, which holds until the next step that it has."""

    mark: str
    name: str
    steps: Array
    """(N,)"""
    heights: Array
    """(N,) as they are drawn: bits, or decades; there is a gap where one is not finite."""
    ink: Style

    def at(self, step: float) -> float:
        """How high it is at a step, or was last before it."""
        return float(self.heights[max(0, int(np.searchsorted(self.steps, step, "right")) - 1)])


def paint(
    progress: Progress,
    lines: Sequence[Line],
    said: Callable[[float], str],
    scale: Scale,
    width: int,
    height: int,
    palette: Palette,
) -> Painting:
    """The lines over the steps and the legend, in which `said` writes the heights."""
    legend_lines = LEGEND if height >= LEGEND + AXIS + LEAST_PLOT[1] else 1
    below = _legend(progress, lines, said, width, legend_lines, palette)
    chart = _Chart(progress, lines, scale, width, height - len(below.lines) - AXIS, palette)
    if chart.room < LEAST_PLOT[1] or width < LEAST_PLOT[0] or chart.frame is None:
        return Painting(below.lines[:height])
    return Painting([*chart.painting(chart.frame), *below.lines])


class _Chart:
    """Axes, lines and the moment that is shown, on one sheet."""

    def __init__(
        self,
        progress: Progress,
        lines: Sequence[Line],
        scale: Scale,
        width: int,
        room: int,
        palette: Palette,
    ) -> None:
        self.progress, self.lines, self.room, self.palette = progress, lines, room, palette
        drawn = [one for one in lines if one.mark != DASH]
        last = max([float(one.steps[-1]) for one in drawn], default=0.0)
        self.right = float(max(last, progress.steps if progress.state != "idle" else 0, 1))
        heights = [one.heights for one in lines] if drawn else []
        across = np.array([0.0, self.right])
        bounds = plot.frame(across, heights, 2, 2)
        self.ticks = scale(bounds.low, bounds.high, max(2, room // 2)) if bounds else {}
        self.gutter = max(map(columns_of, self.ticks.values()), default=2) + 1
        self.frame = plot.frame(across, heights, width - self.gutter, room)
        self.grid = Grid(width, max(0, room) + AXIS, palette.text)

    def painting(self, frame: plot.Frame) -> list[list[Segment]]:
        """The sheet's lines."""
        grid, palette = self.grid, self.palette
        self._axes(frame)
        lines = [one for one in self.lines if one.mark != DASH]
        for level in (one for one in self.lines if one.mark == DASH):
            self._level(level, frame)
        for one in reversed(lines):
            for y, row in enumerate(plot.raster(one.steps, one.heights, frame)):
                grid.lay(self.gutter, y, row, one.ink)
        marked = [one for one in lines if one.mark != UNMARKED]
        for place, one in reversed(list(enumerate(marked))):
            self._marks(one, frame, (4 + 3 * place) % MARKED if len(marked) > 1 else None)
        if self.progress.past is not None:
            x = self.gutter + frame.column(self.progress.step)
            for y in range(self.room):
                grid.put(x, y, "│", palette.cursor)
        return grid.lines()

    def _axes(self, frame: plot.Frame) -> None:
        grid, palette = self.grid, self.palette
        for y in range(self.room):
            grid.put(self.gutter - 1, y, "│", palette.faint)
        for height, number in self.ticks.items():
            y = frame.line(height)
            grid.put(0, y, f"{number:>{self.gutter - 1}}", palette.dim)
            grid.put(self.gutter - 1, y, "┤", palette.faint)
            for x in range(self.gutter, grid.columns, 2):
                grid.put(x, y, "·", palette.rail)
        grid.put(self.gutter - 1, self.room, "└" + "─" * frame.columns, palette.faint)
        words = "steps"
        grid.put(grid.columns - columns_of(words), self.room + 1, words, palette.dim)
        for step in plot.ticks(0, self.right, max(2, frame.columns // TICK_COLUMNS)):
            x, number = self.gutter + frame.column(step), f"{step:,}"
            if x + columns_of(number) < grid.columns - columns_of(words):
                grid.put(x, self.room, "┬", palette.faint)
                grid.put(x, self.room + 1, number, palette.dim)

    def _level(self, level: Line, frame: plot.Frame) -> None:
        steps = frame.left + (frame.right - frame.left) * np.arange(frame.columns) / max(1, frame.columns - 1)
        heights = level.heights[np.maximum(0, np.searchsorted(level.steps, steps, "right") - 1)]
        lines = frame.lines - 1 - np.round(frame.up(heights))
        for column in np.flatnonzero(np.isfinite(heights)).tolist():
            self.grid.put(self.gutter + column, int(lines[column]), DASH, level.ink)

    def _marks(self, one: Line, frame: plot.Frame, first: int | None) -> None:
        """A mark at the line's end, and others along it, at other columns than those of the other lines."""
        end = frame.column(float(one.steps[-1]))
        for column in (*(range(first, end - MARKED // 2, MARKED) if first is not None else ()), end):
            height = one.at(frame.x(column)) if column < end else float(one.heights[-1])
            if np.isfinite(height):
                self.grid.put(self.gutter + column, frame.line(height), one.mark, one.ink)


def ink(palette: Palette, place: int) -> Style:
    """The ink of a line; those of neighbours are well apart."""
    return palette.series[INKS[place % len(INKS)]]


def _legend(
    progress: Progress, lines: Sequence[Line], said: Callable[[float], str], width: int, most: int, palette: Palette
) -> Painting:
    """Marks, names and where each line stands now, or stood then, as many as fit."""
    brush = Brush(width, most)
    for one in lines:
        height = one.at(progress.step) if progress.past is not None else float(one.heights[-1])
        words = f"{one.mark} {one.name} {said(height)}"
        if brush.lines_left < most and brush.column + len(APART) + columns_of(words) <= width:
            brush.add(APART, palette.text)
        elif brush.lines_left:
            brush.line()
        else:
            break
        brush.add(clip(words, width), one.ink)
    return brush.painting()
