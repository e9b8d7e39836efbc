"""The gates of the current step as bars: a column a symbol, a row a unit, a number beside every bar."""

from __future__ import annotations

from math import isfinite, isnan

from rich.style import Style

from rnntui.core.trace import Trace
from rnntui.paint import numbers, progress
from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.numbers import SHORT, Scale
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.window import window
from rnntui.scene import Cursor

HEIGHTS = "▁▁▂▃▄▅▆▇█"
LEAST_BAR = 5
"""Columns below which a bar is one character high instead of long."""
LONGEST_BAR = 16


def title(trace: Trace, cursor: Cursor) -> str:
    """Which step the bars belong to."""
    cursor = trace.clamp(cursor)
    what = "Gates" if _shown(trace) != trace.states else "State"
    if trace.row(cursor) is None:
        return f"{what} · nothing read yet"
    lane = "" if not trace.bidirectional else " →" if cursor.direction == "forward" else " ←"
    return f"{what} at t = {cursor.t}{lane}"


def paint(trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """Every gate and candidate of the step under the cursor; what is not yet computed stays dim."""
    cursor = trace.clamp(cursor)
    brush = Brush(width, height)
    every = _shown(trace)
    gutter = len(str(trace.hidden - 1)) + 3
    places = max(1, (width - gutter + 1) // (SHORT + 2))
    place = every.index(cursor.symbol) if cursor.symbol in every else len(every) - 1
    symbols = [every[index] for index in window(place, places, len(every))]
    column = min((width - gutter) // max(1, len(symbols)), LONGEST_BAR + SHORT + 2)
    meanings = height >= 5 and column >= 9
    _header(brush, trace, cursor, symbols, gutter, column, meanings, palette)
    units = window(cursor.unit, max(1, height - 1 - meanings), trace.hidden)
    now = {symbol: progress.values(trace, cursor, symbol) for symbol in symbols}
    for unit in units:
        here = unit == cursor.unit
        brush.line().add("▸" if here else " ", palette.cursor)
        brush.add(f"{unit:>{gutter - 3}}  ", palette.cursor if here else palette.dim, {"unit": unit})
        for symbol in symbols:
            values = now[symbol]
            value = None if values is None else float(values[unit])
            lit = here and symbol == cursor.symbol and value is not None
            _bar(brush, value, numbers.scale(trace, symbol), column, lit, palette, {"unit": unit, "symbol": symbol})
    return brush.painting()


def _shown(trace: Trace) -> tuple[str, ...]:
    """All symbols that are not carried on; where a cell has none, its states."""
    gates = tuple(symbol for symbol in trace.symbols if symbol not in trace.states)
    return gates or trace.states


def _header(  # noqa: PLR0917
    brush: Brush,
    trace: Trace,
    cursor: Cursor,
    symbols: list[str],
    gutter: int,
    column: int,
    meanings: bool,
    palette: Palette,
) -> None:
    brush.line().to(gutter, palette.dim)
    for symbol in symbols:
        style = palette.lit if symbol == cursor.symbol else palette.title
        if not progress.computed(trace, cursor, symbol):
            style = palette.lit if symbol == cursor.symbol else palette.faint
        start = brush.column
        brush.add(f" {clip(symbol, column - 3)} ", style, {"symbol": symbol}).to(start + column, palette.dim)
    if meanings:
        brush.line().to(gutter, palette.dim)
        for symbol in symbols:
            meaning = trace.equation(symbol).meaning
            short = meaning if columns_of(meaning) <= column - 2 else meaning.partition(" ")[0]
            brush.add(fit(" " + clip(short, column - 1), column), palette.dim)


def _bar(  # noqa: PLR0917
    brush: Brush,
    value: float | None,
    scale: Scale,
    column: int,
    lit: bool,
    palette: Palette,
    move: dict[str, object],
) -> None:
    end = brush.column + column
    room = column - SHORT - 2
    if value is None:
        brush.add(fit(" ·", column), palette.faint, move)
        return
    number = palette.lit if lit else palette.text if scale.share else palette.sign(value)
    if room < LEAST_BAR:
        brush.add(_tall(value, scale), palette.bar(value, scale.share), move)
    elif scale.share:
        _rightwards(brush, scale.level(value), room, palette.bar(1.0, True), palette, move)
    else:
        start, half = brush.column, (room - 2) // 2
        _leftwards(brush, -scale.level(value), half, palette.bar(-1.0, False), palette, move)
        brush.add("┼", palette.faint, move)
        _rightwards(brush, scale.level(value), half, palette.bar(1.0, False), palette, move)
        brush.to(start + room, palette.text)
    brush.add(numbers.short(value, scale.share), number, move).to(end, palette.text)


def _tall(value: float, scale: Scale) -> str:
    """One character for a value: how high it is, or which sign it has."""
    if scale.share and isfinite(value):
        return HEIGHTS[round(8 * min(max(value, 0.0), 1.0))]
    return "▲" if value > 0 else "▼" if value < 0 else " "


def _within(level: float) -> float:
    return 0.0 if isnan(level) else min(max(level, 0.0), 1.0)


def _rightwards(brush: Brush, level: float, room: int, ink: Style, palette: Palette, move: dict[str, object]) -> None:  # noqa: PLR0917
    """A bar of that level, 0…1, growing to the right in halves of a column, and the rail it can grow along."""
    halves = round(2 * room * _within(level))
    brush.add("━" * (halves // 2) + "╸" * (halves % 2), ink, move)
    brush.add("─" * (room - (halves + 1) // 2), palette.rail, move)


def _leftwards(brush: Brush, level: float, room: int, ink: Style, palette: Palette, move: dict[str, object]) -> None:  # noqa: PLR0917
    """A bar of that level, 0…1, growing to the left in halves of a column, and the rail it can grow along."""
    halves = round(2 * room * _within(level))
    brush.add("─" * (room - (halves + 1) // 2), palette.rail, move)
    brush.add("╺" * (halves % 2) + "━" * (halves // 2), ink, move)
