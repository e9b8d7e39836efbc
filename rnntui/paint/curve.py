"""The norm of the gradient of every state over time, on a logarithmic scale, for several cells at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from rich.style import Style

from rnntui.core.flow import Curve, Study
from rnntui.core.trace import Array
from rnntui.paint import magnitude, pace, plot
from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.grid import Grid
from rnntui.paint.magnitude import LN10
from rnntui.paint.painting import Hit, Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor

MARKS: Final = "▲●◇■×+"
"""One for each line, so that it is known without its colour."""
MARKED: Final = 14
"""Columns between two marks on a line."""
LEAST_PLOT: Final = 4
LEAST_WIDTH: Final = 24
TICK_COLUMNS: Final = 10
VALUE: Final = 13
AXIS: Final = 2
"""Lines below the plot: the axis and its numbers."""
DASH: Final = "╌"
"""The line of the gate alone."""


@dataclass(frozen=True)
class Series:
    """One line of the plot: a state of a cell."""

    curve: Curve
    state: str
    mark: str
    ink: Style

    @property
    def name(self) -> str:
        """As it is written at the line's end: lstm c."""
        return f"{clip(self.curve.cell, 16)} {self.state}"

    @property
    def decades(self) -> Array:
        """log10 of the norm at every t, (T,); -inf where it is 0."""
        decades: Array = self.curve.log_norms[self.state] / LN10
        return decades


def title(study: Study, _cursor: Cursor) -> str:
    """What is drawn, of which loss."""
    return f"‖∂L/∂state at t‖, log scale · loss: {study.gradients.loss}"


def series(study: Study, palette: Palette) -> list[Series]:
    """All lines, the memory of each cell before its other states."""
    found = [
        (curve, state)
        for curve in study.curves
        for state in (curve.memory, *(one for one in curve.states if one != curve.memory))
    ]
    return [
        Series(curve, state, MARKS[place % len(MARKS)], palette.series[place % len(palette.series)])
        for place, (curve, state) in enumerate(found)
    ]


def own(study: Study) -> Curve:
    """The curve of the scene's own cell."""
    return next((one for one in study.curves if one.cell == study.trace.cell), study.curves[0])


def paint(study: Study, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The lines with the cursor's t, and below them what they are at that t and how fast they shrink."""
    lines = series(study, palette)
    legend = _legend(study, cursor, lines, width, height, palette)
    room = height - len(legend.lines) - AXIS
    if room < LEAST_PLOT or width < LEAST_WIDTH:
        return _legend(study, cursor, lines, width, 10**6, palette)
    chart = _Chart(study, cursor, lines, width, room, palette)
    drawn = chart.painting()
    return Painting([*drawn.lines, *legend.lines], drawn.hits)


class _Chart:
    """Axes, lines, labels and cursor on one sheet."""

    def __init__(
        self, study: Study, cursor: Cursor, lines: list[Series], width: int, room: int, palette: Palette
    ) -> None:
        self.study, self.cursor, self.lines, self.palette, self.width = study, cursor, lines, palette, width
        self.t = np.arange(1, study.trace.steps + 1, dtype=np.float64)
        every = [one.decades for one in lines]
        bounds = plot.frame(self.t, every, 2, 2)
        self.ticks = plot.ticks(bounds.low, bounds.high, max(3, 2 * room // 3)) if bounds else []
        labels = max((columns_of(one.name) for one in lines), default=0) + 3
        self.gutter = max((columns_of(magnitude.power(tick)) for tick in self.ticks), default=1) + 2
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
        for tick in self.ticks:
            y, words = frame.line(tick), magnitude.power(tick)
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
            self.grid.put(x + 2, 0, clip("truncated here", self.width - x - 2), self.palette.notice)
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
        alone = gate_alone(self.study)
        if alone is None:
            return
        decades = np.interp([frame.x(column) for column in range(frame.columns)], self.t, alone / LN10)
        inside = (frame.low <= decades) & (decades <= frame.high)
        for column, up in enumerate(frame.up(decades).round().astype(int).tolist()):
            if inside[column] and self.grid.drawable(self.left + column, frame.lines - 1 - up):
                self.grid.put(self.left + column, frame.lines - 1 - up, DASH, self.palette.dim)

    def _marks(self, place: int, one: Series, frame: plot.Frame) -> None:
        """Marks on a line, at other columns than those of the other lines."""
        first = 3 * place % MARKED
        for column in range(first, frame.columns, MARKED):
            there = round(frame.x(column)) - 1
            if np.isfinite(one.decades[there]):
                value = float(np.interp(frame.x(column), self.t, one.decades))
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


def gate_alone(study: Study) -> Array | None:
    """Ln of what the own cell's gate alone would leave of the gradient at every t, (T,): its values multiplied."""
    curve = own(study)
    memory = curve.log_norms[curve.memory]
    if curve.gate_rate is None or not np.isfinite(curve.gate_rate) or not np.isfinite(memory[-1]):
        return None
    alone: Array = memory[-1] + (len(memory) - np.arange(1, len(memory) + 1)) * curve.gate_rate
    return alone


def _legend(study: Study, cursor: Cursor, lines: list[Series], width: int, height: int, palette: Palette) -> Painting:
    """A line for each line of the plot where there is room, else all their values on one."""
    row = study.trace.row(cursor)
    rows = [_entry(one, row) for one in lines]
    alone, curve = gate_alone(study), own(study)
    if alone is not None:
        at = float(alone[row]) if row is not None else None
        rows.insert(
            1 + _place(lines, curve), Entry(DASH, f"{curve.gate} alone", palette.dim, at, pace.every(curve.gate_rate))
        )
    if height < len(rows) + 1 + AXIS + LEAST_PLOT:
        return _short_legend(cursor, rows, row is not None, width, palette)
    names = max(columns_of(one.name) for one in rows)
    brush = Brush(width, len(rows) + 1)
    brush.line().to(names + 5, palette.dim)
    brush.add(fit(f"at t = {cursor.t}" if row is not None else "", VALUE), palette.title)
    brush.add("each step back", palette.dim)
    for one in rows:
        brush.line().add(f" {one.mark} ", one.ink).add(fit(one.name, names + 2), one.ink)
        brush.add(fit(one.value, VALUE), palette.text).add(one.pace, palette.text)
        brush.add(f" · {one.note}" if one.note else "", palette.faint)
    return brush.painting()


@dataclass(frozen=True)
class Entry:
    """A line of the legend."""

    mark: str
    name: str
    ink: Style
    at: float | None
    """ln of the norm under the cursor."""
    pace: str = ""
    note: str = ""

    @property
    def value(self) -> str:
        """The norm under the cursor, or a dot where no token is."""
        return magnitude.said(self.at) if self.at is not None else "·"


def _entry(one: Series, row: int | None) -> Entry:
    curve, counts = one.curve, one.state == one.curve.memory
    words = pace.every(curve.rate) if curve.overflow is None else f"overflows at t = {curve.overflow}"
    at = None if row is None else float(curve.log_norms[one.state][row])
    return Entry(one.mark, one.name, one.ink, at, words if counts else "", curve.note if counts else "")


def _place(lines: list[Series], curve: Curve) -> int:
    return next((place for place, one in enumerate(lines) if one.curve is curve), 0)


def _short_legend(cursor: Cursor, rows: list[Entry], there: bool, width: int, palette: Palette) -> Painting:
    """All values on one line, before the first token and after the last one how fast each line falls."""
    brush = Brush(width, 1)
    brush.line().add(f" t = {cursor.t} " if there else "", palette.title)
    for one in rows:
        words = one.value if there else one.pace
        if words and brush.column + columns_of(f" {one.name} {words}") <= width:
            brush.add(f" {one.name} ", one.ink).add(words, palette.text)
    return brush.painting()
