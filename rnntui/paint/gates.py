"""The gates of the current step as bars: a column a symbol, a row a unit, a number beside every bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, isnan

from rich.segment import Segment

from rnntui.core.expression import Call
from rnntui.core.trace import Array, Trace
from rnntui.paint import numbers, progress
from rnntui.paint.cells import Brush, Piece, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.numbers import SHORT, Scale, delta
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.rows import Rows, rows
from rnntui.paint.window import window
from rnntui.scene import Cursor, Direction

HEIGHTS = "▁▁▂▃▄▅▆▇█"
EIGHTHS = " ▏▎▍▌▋▊▉"
FROM_THE_RIGHT = " ▕▕▐▐▐▐█"
"""Eighths of a column at its right end, as far as there are characters for them."""
RAIL = "─"
ARROWS: dict[Direction, str] = {"forward": "→", "backward": "←"}
FUNCTIONS = {"sigmoid": "σ"}
LEAST_BAR = 5
"""Columns below which a bar is one character high instead of long."""
LONGEST_BAR = 13


def title(trace: Trace, cursor: Cursor) -> str:
    """Which step the bars belong to."""
    cursor = trace.clamp(cursor)
    what = "Gates" if _shown(trace) != trace.states else "State"
    if trace.row(cursor) is None:
        return f"{what} · nothing read yet"
    lane = "" if not trace.bidirectional else f" {ARROWS[cursor.direction]}"
    return f"{delta(trace)}{what} at t = {cursor.t}{lane}"


def paint(trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """Every gate and candidate of the step under the cursor; what is not yet computed stays dim.

    Of a bidirectional network both lanes where there is room, each at the step where it stands.
    """
    cursor = trace.clamp(cursor)
    brush = Brush(width, height)
    layout = rows(trace, cursor, height, tall=palette.colours != "none")
    every = _shown(trace)
    gutter = len(str(trace.hidden - 1)) + 3
    places = max(1, (width - gutter + 1) // (SHORT + 2))
    place = every.index(cursor.symbol) if cursor.symbol in every else len(every) - 1
    symbols = tuple(every[index] for index in window(place, places, len(every)))
    column = max(min((width - gutter) // len(symbols), LONGEST_BAR + SHORT + 3), 1 + SHORT)
    chart = _Chart(trace, cursor, layout, symbols, gutter, column, palette)
    if len(layout.lanes) > 1:
        chart.lane(brush, layout.lanes[0])
    chart.header(brush)
    chart.lane(brush, layout.lanes[-1])
    return brush.painting()


def _shown(trace: Trace) -> tuple[str, ...]:
    """All symbols that are not carried on; where a cell has none, its states."""
    gates = tuple(symbol for symbol in trace.symbols if symbol not in trace.states)
    return gates or trace.states


@dataclass(frozen=True)
class _Chart:
    """The bars of some symbols, each in a column of the same width."""

    trace: Trace
    cursor: Cursor
    layout: Rows
    symbols: tuple[str, ...]
    gutter: int
    column: int
    palette: Palette

    def header(self, brush: Brush) -> None:
        """The symbols, and below them what they are called or which function makes them."""
        palette, trace, column = self.palette, self.trace, self.column
        brush.line().to(self.gutter, palette.dim)
        for symbol in self.symbols:
            style = palette.title if progress.computed(trace, self.cursor, symbol) else palette.faint
            style = palette.lit if symbol == self.cursor.symbol else style
            end = brush.column + column
            brush.add(f" {clip(symbol, column - 3)} ", style, {"symbol": symbol}).to(end, palette.dim)
        if self.layout.header > 1:
            brush.line().to(self.gutter, palette.dim)
            for symbol, name in zip(self.symbols, self.names(column - 2), strict=True):
                brush.add(fit(f" {name}", column), palette.dim, {"symbol": symbol})

    def names(self, columns: int) -> tuple[str, ...]:
        """What stands below the symbols: forget gate, or forget, or σ, whichever fits below all of them."""
        equations = [self.trace.equation(symbol) for symbol in self.symbols]
        functions = [one.tree.function if isinstance(one.tree, Call) else "" for one in equations]
        choices = (
            tuple(one.meaning for one in equations),
            tuple(one.meaning.partition(" ")[0] for one in equations),
            tuple(FUNCTIONS.get(function, function) for function in functions),
        )
        fitting = (choice for choice in choices if max(map(columns_of, choice)) <= columns)
        return next(fitting, ("",) * len(self.symbols))

    def lane(self, brush: Brush, direction: Direction) -> None:
        """Lines for every unit: its number, marked where the cursor is, then bar and number of every symbol."""
        palette, cursor, units = self.palette, self.cursor, self.layout.units
        now: list[tuple[str, Scale, list[float | None]]] = []
        for symbol in self.symbols:
            values = self.values(direction, symbol)
            shown = [None] * len(units) if values is None else values[units.start : units.stop].tolist()
            now.append((symbol, numbers.scale(self.trace, symbol), shown))
        arrow = ARROWS[direction] if self.trace.bidirectional else " "
        for place, unit in enumerate(units):
            here = unit == cursor.unit and direction == cursor.direction
            style = palette.cursor if here else palette.dim
            move: dict[str, object] = {"unit": unit, "direction": direction}
            brush.line().add("▸" if here else " ", style)
            brush.add(f"{unit:>{self.gutter - 3}} {arrow}", style, move)
            for symbol, scale, shown in now:
                lit = here and symbol == cursor.symbol
                bar = _bar(shown[place], scale, lit, self.column, palette)
                brush.put(bar, self.column, {**move, "symbol": symbol})
            for _ in range(1, self.layout.lines):
                brush.line().add(" " * brush.columns, palette.text, move)

    def values(self, direction: Direction, symbol: str) -> Array | None:
        """A symbol's values where a lane stands, (H,)."""
        if direction == self.cursor.direction:
            return progress.values(self.trace, self.cursor, symbol)
        row = progress.stand(self.trace, self.cursor, direction) - 1
        return self.trace.of(self.cursor.layer, direction).values[symbol][row] if 0 <= row < self.trace.steps else None


def _bar(value: float | None, scale: Scale, lit: bool, columns: int, palette: Palette) -> Sequence[Piece]:
    """A bar and its number, in exactly so many columns."""
    if value is None:
        return ((fit(" ·", columns), palette.faint),)
    share, room = scale.share, columns - SHORT - 3
    number = numbers.short(value, share), palette.lit if lit else palette.text if share else palette.sign(value)
    if room < LEAST_BAR:
        blanks = " " * (columns - 1 - SHORT)
        return (_tall(value, scale), palette.bar(value, share)), number, (blanks, palette.text)
    level = scale.level(value)
    eighths = 0 if isnan(level) else round(8 * (room if share else (room - 1) // 2) * min(max(level, -1.0), 1.0))
    return *_long(max(eighths, 0) if share else eighths, share, room, palette), number, ("  ", palette.text)


@lru_cache(maxsize=4096)
def _long(eighths: int, share: bool, room: int, palette: Palette) -> tuple[Segment, ...]:
    """A bar of so many eighths of a column on its rail: a share's from the left, a signed one's from the middle."""
    brush, rail = Brush(room + 1, 1).line(), palette.rail
    half = (room - 1) // 2
    if not share:
        whole, part, rest = _columns(-eighths, half)
        brush.add(RAIL * rest, rail)
        brush.add((FROM_THE_RIGHT[part] if part else "") + "█" * whole, palette.bar(-1.0, False)).add("│", rail)
    whole, part, rest = _columns(eighths, room if share else half)
    brush.add("█" * whole + (EIGHTHS[part] if part else ""), palette.bar(1.0, share)).add(RAIL * rest, rail)
    return tuple(brush.to(room, rail).add(" ", palette.text).painting().lines[0])


def _columns(eighths: int, room: int) -> tuple[int, int, int]:
    """Full columns, eighths of the next one, and columns left, of a bar in so much room."""
    whole, part = divmod(max(eighths, 0), 8)
    return whole, part, room - whole - (part > 0)


def _tall(value: float, scale: Scale) -> str:
    """One character for a value: how high it is, or which sign it has."""
    if scale.share and isfinite(value):
        return HEIGHTS[round(8 * min(max(value, 0.0), 1.0))]
    return "▲" if value > 0 else "▼" if value < 0 else " "
