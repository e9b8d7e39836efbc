"""A cell without a drawing of its own: one box a symbol, laid out in layers from what depends on what."""

from __future__ import annotations

from typing import Protocol

from rich.style import Style

from rnntui.core.notation import subscript
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
Written = tuple[str, Style]


class Filling(Protocol):
    """What stands in the boxes of one step, and how it looks."""

    def lit(self, symbol: str) -> bool:
        """Whether a box stands out."""

    def known(self, symbol: str) -> bool:
        """Whether there is something to say about a symbol."""

    def value(self, symbol: str) -> Written:
        """A box's number."""

    def before(self, state: str) -> Written:
        """The number of a state as the step found it."""

    def needs(self, symbol: str) -> list[Written]:
        """What a symbol's equation reads, one by one."""


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


def size(trace: Trace, beside: int = 0) -> tuple[int, int]:
    """Columns and lines of the boxes, with so many columns more for each state of the step before that one reads."""
    every, needs = layers(trace), {one.symbol: [read.before for read in one.reads] for one in trace.equations}
    columns = [
        sum(_box(columns_of(" ".join(reads(trace, symbol))) + beside * sum(needs[symbol])) + 1 for symbol in layer)
        for layer in every
    ]
    return max(WANTED, *columns), 1 + BOX_LINES * len(every)


def paint(trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The boxes with the values of the cursor's step and unit, the current one lit."""
    return draw(trace, cursor, _Values(trace, cursor, palette), width, height, palette)


def draw(trace: Trace, cursor: Cursor, filling: Filling, width: int, height: int, palette: Palette) -> Painting:
    """The boxes as `filling` says, or where there is no room for them one line a symbol."""
    every = layers(trace)
    brush = Brush(width, height)
    _inputs(brush, trace, cursor, filling, palette)
    sizes = [[_box(_columns(filling.needs(symbol))) for symbol in layer] for layer in every]
    if height < 1 + BOX_LINES * len(every) or max(sum(layer) + len(layer) for layer in sizes) > width:
        _list(brush, cursor, every, filling, palette)
        return brush.painting()
    for symbols, columns in zip(every, sizes, strict=True):
        _layer(brush, trace, list(zip(symbols, columns, strict=True)), filling, palette)
    return brush.painting()


class _Values:
    """The values of one step and unit, those computed already."""

    def __init__(self, trace: Trace, cursor: Cursor, palette: Palette) -> None:
        self.trace, self.cursor, self.palette = trace, cursor, palette

    def lit(self, symbol: str) -> bool:
        return symbol == self.cursor.symbol and self.trace.row(self.cursor) is not None

    def known(self, symbol: str) -> bool:
        return progress.computed(self.trace, self.cursor, symbol)

    def value(self, symbol: str) -> Written:
        values = progress.values(self.trace, self.cursor, symbol)
        if values is None:
            return fit("·", SHORT, "^"), self.palette.faint
        value, share = float(values[self.cursor.unit]), numbers.scale(self.trace, symbol).share
        return numbers.short(value, share), self.palette.text if share else self.palette.sign(value)

    def before(self, state: str) -> Written:
        before = progress.before(self.trace, self.cursor, state)
        value = float(before[self.cursor.unit]) if before is not None else 0.0
        return numbers.short(value), self.palette.sign(value)

    def needs(self, symbol: str) -> list[Written]:
        style = self.palette.dim if self.known(symbol) else self.palette.faint
        return [(name, style) for name in reads(self.trace, symbol, self.cursor.direction == "backward")]


def _box(needs: int) -> int:
    """The columns of a box that reads something of so many columns."""
    return max(SHORT, needs) + 4


def _columns(pieces: list[Written]) -> int:
    """The columns of pieces with a space between them."""
    return sum(columns_of(text) + 1 for text, _ in pieces) - 1 if pieces else 0


def _inputs(brush: Brush, trace: Trace, cursor: Cursor, filling: Filling, palette: Palette) -> None:
    """The token read and the states before it."""
    row = trace.row(cursor)
    brush.line()
    if row is None:
        brush.add("nothing read yet" if not trace.steps_read(cursor) else "", palette.dim)
        return
    source = f'"{fit(token(trace.tokens[row]), 8).rstrip()}"' if not cursor.layer else f"h of layer {cursor.layer - 1}"
    brush.add(f"x{subscript(cursor.t)} ", palette.title).add(source, palette.text)
    other = cursor.t - 1 if cursor.direction == "forward" else cursor.t + 1
    for state in trace.states:
        brush.add(f"   {state}{subscript(other)} ", palette.title).add(*filling.before(state))


def _layer(brush: Brush, trace: Trace, row: list[tuple[str, int]], filling: Filling, palette: Palette) -> None:
    """Three lines: names, numbers, and what each box reads."""
    for part in range(BOX_LINES):
        brush.line()
        for symbol, columns in row:
            move = {"symbol": symbol}
            lit, known = filling.lit(symbol), filling.known(symbol)
            frame = palette.cursor if lit else palette.dim if known else palette.faint
            name = palette.lit if lit else palette.title if known else palette.faint
            inner = columns - 2
            if part == 0:
                brush.add("╭ ", frame, move).add(symbol, name, move)
                brush.add(f" {'─' * (inner - 2 - columns_of(symbol))}╮ ", frame, move)
            elif part == 1:
                text, style = filling.value(symbol)
                brush.add("│", frame, move).add(fit(text, inner, "^"), palette.lit if lit else style, move)
                brush.add("│ ", frame, move)
                if len(row) == 1:
                    brush.add(f" {trace.equation(symbol).meaning}", palette.dim if known else palette.faint)
            else:
                brush.add("╰", frame, move)
                needs = filling.needs(symbol)
                for text, style in needs:
                    brush.add(f" {text}", style, move)
                brush.add(f" {'─' * (inner - 2 - _columns(needs))}╯ ", frame, move)


def _list(brush: Brush, cursor: Cursor, every: list[list[str]], filling: Filling, palette: Palette) -> None:
    """One line a symbol: its number and what it reads, indented by its layer; crowded ones give way to the lit one."""
    symbols = [(depth, symbol) for depth, layer in enumerate(every) for symbol in layer]
    names = [symbol for _, symbol in symbols]
    lit = names.index(next(filter(filling.lit, names), cursor.symbol))
    room = max(1, brush.lines_left)
    start = min(max(0, lit - room // 2), max(0, len(symbols) - room))
    wide = max(columns_of(symbol) for _, symbol in symbols)
    for depth, symbol in symbols[start : start + room]:
        move = {"symbol": symbol}
        known = filling.known(symbol)
        text, style = filling.value(symbol)
        here = palette.lit if filling.lit(symbol) else style if known else palette.faint
        brush.line().add("  " * depth, palette.text)
        brush.add(f" {fit(symbol, wide)} {text} ", here, move).add(" ←", palette.faint)
        for place, (name, look) in enumerate(filling.needs(symbol)):
            brush.add(", " if place else " ", look).add(name, look)
