"""The norm of the gradient of every state over time, on a logarithmic scale, for several cells at once."""

from __future__ import annotations

from typing import Final

import numpy as np
from rich.style import Style

from rnntui.core.flow import Study
from rnntui.paint import diagram, legend, magnitude, plot
from rnntui.paint.cells import clip
from rnntui.paint.cells import width as columns_of
from rnntui.paint.grid import Grid
from rnntui.paint.legend import DASH
from rnntui.paint.magnitude import LN10
from rnntui.paint.painting import Hit, Painting
from rnntui.paint.palette import Palette
from rnntui.paint.series import Series, own, series
from rnntui.scene import Cursor

MARKED: Final = 14
"""Columns between two marks on a line."""
LEAST_PLOT: Final = 4
LEAST_WIDTH: Final = 24
TICK_COLUMNS: Final = 10
AXIS: Final = 2
"""Lines below the plot: the axis and its numbers."""


def title(study: Study, _cursor: Cursor) -> str:
    """What is drawn, of which loss, and of which layer and direction where there are several."""
    top = study.gradients.top
    lane = diagram.lane(study.trace, Cursor(layer=top.layer, direction=top.direction))
    return f"‖∂L/∂state at t‖, log scale · loss: {study.gradients.loss}{lane}"


def paint(study: Study, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The lines with the cursor's t, and below them what they are at that t and how fast they shrink."""
    lines = series(study, palette)
    below = legend.paint(study, cursor, width, height - AXIS - LEAST_PLOT, palette)
    room = height - len(below.lines) - AXIS
    if room < LEAST_PLOT or width < LEAST_WIDTH:
        return legend.paint(study, cursor, width, height, palette)
    chart = _Chart(study, cursor, lines, width, room, palette)
    drawn = chart.painting()
    return Painting([*drawn.lines, *below.lines], drawn.hits)


class _Chart:
    """Axes, lines, labels and cursor on one sheet."""

    def __init__(
        self, study: Study, cursor: Cursor, lines: list[Series], width: int, room: int, palette: Palette
    ) -> None:
        self.study, self.cursor, self.lines, self.palette, self.width = study, cursor, lines, palette, width
        self.t = np.arange(1, study.trace.steps + 1, dtype=np.float64)
        every = [one.decades for one in lines]
        bounds = plot.frame(self.t, every, 2, 2)
        self.ticks = magnitude.ticks(bounds.low, bounds.high, max(3, 2 * room // 3)) if bounds else []
        labels = max((columns_of(one.name) for one in lines), default=0) + 3
        self.gutter = max((columns_of(words) for _, words in self.ticks), default=1) + 2
        self.left = self.gutter + labels
        self.frame = plot.frame(self.t, every, width - self.left, room)
        self.grid = Grid(width, room + AXIS, palette.text)
        self.room = room

    def painting(self) -> Painting:
        """The sheet, with its columns to be clicked."""
        if self.frame is None:
            return self._without_lines()
        self._axes(self.frame)
        self._cursor(self.frame)
        for one in reversed(self.lines):
            for y, row in enumerate(plot.raster(self.t, one.decades, self.frame)):
                self.grid.lay(self.left, y, row, one.ink)
        self._gate(self.frame)
        for place, one in reversed(list(enumerate(self.lines))):
            self._marks(place, one, self.frame)
        self._labels(self.frame)
        hits = [
            Hit(y, self.left + column, self.left + column + 1, {"t": round(self.frame.x(column))})
            for y in range(self.room + AXIS)
            for column in range(self.frame.columns)
        ]
        return Painting(self.grid.lines(), hits)

    def _without_lines(self) -> Painting:
        words = "All gradients are 0 or no finite numbers: there is no line to draw."
        self.grid.put(1, self.room // 2, clip(words, self.width - 2), self.palette.notice)
        return Painting(self.grid.lines())

    def _axes(self, frame: plot.Frame) -> None:
        palette, grid = self.palette, self.grid
        for y in range(self.room):
            grid.put(self.gutter - 1, y, "│", palette.faint)
        for tick, words in self.ticks:
            y = frame.line(tick)
            grid.put(self.gutter - 2 - columns_of(words) + 1, y, words, palette.dim)
            grid.put(self.gutter - 1, y, "┤", palette.faint)
            for x in range(self.left, self.width, 2):
                grid.put(x, y, "·", palette.rail)
        grid.put(self.gutter - 1, self.room, "└" + "─" * (self.width - self.gutter), palette.faint)
        grid.put(self.gutter + 1, self.room + 1, "t", palette.dim)
        for t in self._t_ticks(frame):
            x, words = self.left + frame.column(t), str(t)
            grid.put(x, self.room, "┬", palette.faint)
            start = min(x, self.width - columns_of(words))
            grid.put(start, self.room + 1, words, palette.dim)

    def _t_ticks(self, frame: plot.Frame) -> list[int]:
        last = self.study.trace.steps
        between = plot.ticks(1, last, max(2, frame.columns // TICK_COLUMNS))
        apart = len(str(last)) + 1
        free = [t for t in between if frame.column(t) > 2 and frame.columns - 1 - frame.column(t) > apart]
        here = frame.column(self.cursor.t) if self.study.trace.row(self.cursor) is not None else -apart - 2
        return [t for t in dict.fromkeys((1, *free, last)) if abs(frame.column(t) - here) > apart]

    def _cursor(self, frame: plot.Frame) -> None:
        reached = self.study.gradients.reached
        edge = int(np.argmax(reached)) if reached.any() and not reached.all() else 0
        if edge:
            x = self.left + frame.column(edge + 0.5)
            for y in range(self.room):
                self.grid.put(x, y, "┊", self.palette.notice)
            words = "truncated here"
            left = x - 1 - columns_of(words)
            start = left if left >= self.left else x + 2
            self.grid.put(start, 0, clip(words, self.width - start), self.palette.notice)
        if self.study.trace.row(self.cursor) is None:
            return
        x = self.left + frame.column(self.cursor.t)
        for y in range(self.room):
            self.grid.put(x, y, "│", self.palette.cursor)
        words = str(self.cursor.t)
        start = min(x, self.width - columns_of(words))
        self.grid.put(start, self.room + 1, words, self.palette.lit)
        self.grid.put(x, self.room, "┴", self.palette.cursor)

    def _gate(self, frame: plot.Frame) -> None:
        """What the gate alone would do, as a dashed line where no other one is."""
        alone = own(self.study).gate_alone
        if alone is None:
            return
        with np.errstate(invalid="ignore"):
            decades = np.interp([frame.x(column) for column in range(frame.columns)], self.t, alone / LN10)
        inside = (frame.low <= decades) & (decades <= frame.high)
        for column, up in enumerate(frame.up(np.where(inside, decades, frame.low)).round().astype(int).tolist()):
            if inside[column] and self.grid.drawable(self.left + column, frame.lines - 1 - up):
                self.grid.put(self.left + column, frame.lines - 1 - up, DASH, self.palette.dim)

    def _marks(self, place: int, one: Series, frame: plot.Frame) -> None:
        """Marks on a line, at other columns than those of the other lines; one token has one mark."""
        columns = range(3 * place % MARKED, frame.columns, MARKED)
        for column in columns if len(self.t) > 1 else [frame.column(1)]:
            with np.errstate(invalid="ignore"):
                value = float(np.interp(frame.x(column), self.t, one.decades))
            if np.isfinite(value):
                self.grid.put(self.left + column, frame.line(value), one.mark, one.ink)

    def _labels(self, frame: plot.Frame) -> None:
        """Every line's name at its end, where the walk back ends; names that would meet move apart."""
        ends = []
        for one in self.lines:
            finite = np.flatnonzero(np.isfinite(one.decades))
            if finite.size:
                ends.append((frame.line(float(one.decades[finite[0]])), one))
        ends.sort(key=lambda end: end[0])
        free = list(range(self.room))
        for count, (wanted, one) in enumerate(ends):
            left = len(ends) - count
            candidates = free[: len(free) - left + 1]
            if not candidates:
                return
            y = min(candidates, key=lambda line: (abs(line - wanted), line))
            free = free[free.index(y) + 1 :]
            bold = Style(bold=True) if one.curve is own(self.study) else Style()
            words = f"{one.name} {one.mark}"
            self.grid.put(self.left - columns_of(words) - 1, y, words, one.ink + bold)
