"""A cell without a drawing of its own: one box a symbol, laid out in layers from what depends on what."""

from __future__ import annotations

from rich.style import Style

from rnntui.core.expression import subscript
from rnntui.core.trace import Trace
from rnntui.paint import numbers, progress
from rnntui.paint.cells import Brush, fit, token
from rnntui.paint.cells import width as columns_of
from rnntui.paint.numbers import SHORT
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor

WANTED = 50
"""Columns that most cells' boxes fit into."""
BOX_LINES = 3


def reads(trace: Trace, symbol: str, backward: bool = False) -> tuple[str, ...]:
    """What a symbol's equation uses, in its order: x, other symbols, states before as hₜ₋₁."""
    index = "ₜ₊₁" if backward else "ₜ₋₁"
    return tuple(one.name + (index if one.before else "") for one in trace.equation(symbol).reads)


def layers(trace: Trace) -> list[list[str]]:
    """The symbols by when they can be computed: first those that need only x and the states before."""
    depth: dict[str, int] = {}
    for equation in trace.equations:
        needs = [one.name for one in equation.reads if not one.before and one.name in depth]
        depth[equation.symbol] = 1 + max((depth[name] for name in needs), default=-1)
    return [[s for s, d in depth.items() if d == level] for level in range(1 + max(depth.values()))]


def paint(trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The boxes, or where there is no room for them one line a symbol; the current one lit."""
    every = layers(trace)
    backward = cursor.direction == "backward"
    brush = Brush(width, height)
    _inputs(brush, trace, cursor, palette)
    sizes = [[max(SHORT + 4, columns_of(_needs(trace, s, backward)) + 4) for s in layer] for layer in every]
    if height < 1 + BOX_LINES * len(every) or max(sum(layer) + len(layer) for layer in sizes) > width:
        _list(brush, trace, cursor, every, palette)
        return brush.painting()
    for symbols, columns in zip(every, sizes, strict=True):
        _layer(brush, trace, cursor, list(zip(symbols, columns, strict=True)), palette)
    return brush.painting()


def _needs(trace: Trace, symbol: str, backward: bool) -> str:
    return " ".join(reads(trace, symbol, backward))


def _inputs(brush: Brush, trace: Trace, cursor: Cursor, palette: Palette) -> None:
    """The token read and the states before it."""
    row = trace.row(cursor)
    brush.line()
    if row is None:
        brush.add("nothing read yet", palette.dim)
        return
    source = f'"{fit(token(trace.tokens[row]), 8).rstrip()}"' if not cursor.layer else f"h of layer {cursor.layer - 1}"
    brush.add(f"x{subscript(cursor.t)} ", palette.title).add(source, palette.text)
    other = cursor.t - 1 if cursor.direction == "forward" else cursor.t + 1
    for state in trace.states:
        before = progress.before(trace, cursor, state)
        value = float(before[cursor.unit]) if before is not None else 0.0
        brush.add(f"   {state}{subscript(other)} ", palette.title).add(numbers.short(value), palette.sign(value))


def _layer(brush: Brush, trace: Trace, cursor: Cursor, row: list[tuple[str, int]], palette: Palette) -> None:
    """Three lines: names, numbers, and what each box reads."""
    backward = cursor.direction == "backward"
    for part in range(BOX_LINES):
        brush.line()
        for symbol, columns in row:
            move = {"symbol": symbol}
            lit = symbol == cursor.symbol and trace.row(cursor) is not None
            done = progress.computed(trace, cursor, symbol)
            frame = palette.cursor if lit else palette.dim if done else palette.faint
            name = palette.lit if lit else palette.title if done else palette.faint
            inner = columns - 2
            if part == 0:
                brush.add("╭ ", frame, move).add(symbol, name, move)
                brush.add(f" {'─' * (inner - 2 - columns_of(symbol))}╮ ", frame, move)
            elif part == 1:
                text, style = _value(trace, cursor, symbol, palette)
                brush.add("│", frame, move).add(fit(text, inner, "^"), palette.lit if lit else style, move)
                brush.add("│ ", frame, move)
                if len(row) == 1:
                    brush.add(f" {trace.equation(symbol).meaning}", palette.dim if done else palette.faint)
            else:
                needs = _needs(trace, symbol, backward)
                brush.add("╰ ", frame, move).add(needs, palette.dim if done else palette.faint, move)
                brush.add(f" {'─' * (inner - 2 - columns_of(needs))}╯ ", frame, move)


def _list(brush: Brush, trace: Trace, cursor: Cursor, every: list[list[str]], palette: Palette) -> None:
    """One line a symbol: its number and what it reads, indented by its layer; crowded ones give way to the lit one."""
    symbols = [(depth, symbol) for depth, layer in enumerate(every) for symbol in layer]
    lit = next(place for place, (_, symbol) in enumerate(symbols) if symbol == cursor.symbol)
    room = max(1, brush.lines_left)
    start = min(max(0, lit - room // 2), max(0, len(symbols) - room))
    wide = max(columns_of(symbol) for _, symbol in symbols)
    for depth, symbol in symbols[start : start + room]:
        move = {"symbol": symbol}
        here = symbol == cursor.symbol and trace.row(cursor) is not None
        done = progress.computed(trace, cursor, symbol)
        text, style = _value(trace, cursor, symbol, palette)
        brush.line().add("  " * depth, palette.text)
        brush.add(f" {fit(symbol, wide)} {text} ", palette.lit if here else style if done else palette.faint, move)
        needs = ", ".join(reads(trace, symbol, cursor.direction == "backward"))
        brush.add(f" ← {needs}", palette.dim if done else palette.faint, move)


def _value(trace: Trace, cursor: Cursor, symbol: str, palette: Palette) -> tuple[str, Style]:
    values = progress.values(trace, cursor, symbol)
    if values is None:
        return fit("·", SHORT, "^"), palette.faint
    value, share = float(values[cursor.unit]), numbers.scale(trace, symbol).share
    return numbers.short(value, share), palette.text if share else palette.sign(value)
