"""The cell as the diagram a learner knows from the literature, with the current numbers in it.

A cell file may hold a `DIAGRAM`: text in which `{f}` is the number of f of the cursor's unit (four columns), `{f:[σ]}`
a piece of the drawing that belongs to f, `{c_prev}` a state before, `{x}` the token read (six columns), and `{t}`,
`{t_prev}` and `{t_x}` the step of the states after and before and of the token (three columns).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import regex
from rich.style import Style

from rnntui.core.notation import subscript
from rnntui.core.trace import Array, Trace
from rnntui.names import cell_names
from rnntui.paint import boxes, numbers, progress
from rnntui.paint.cells import Brush, fit, token
from rnntui.paint.cells import width as columns_of
from rnntui.paint.numbers import SHORT, delta
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.safe import safe_text
from rnntui.scene import Cursor

SLOT: Final = regex.compile(r"\{(\w+)(?::([^{}]*))?\}")
STEPS: Final = ("t", "t_prev", "t_x")
STEP_COLUMNS: Final = 3
TOKEN_COLUMNS: Final = 6
BUILT_IN: Final = cell_names()
WIRES: Final = regex.compile(r"[─-╿ ●]+")


@dataclass(frozen=True)
class Piece:
    """A part of a diagram's line: plain drawing, or something that belongs to a symbol."""

    text: str
    slot: str = ""
    """The symbol, `c_prev`, `x`, `t` or `t_prev`; empty for plain drawing."""
    drawn: bool = False
    """True when `text` is a piece of drawing, not the place of a value."""

    @property
    def columns(self) -> int:
        """How wide the piece is, whatever value stands in it."""
        if self.drawn or not self.slot:
            return columns_of(self.text)
        return STEP_COLUMNS if self.slot in STEPS else TOKEN_COLUMNS if self.slot == "x" else SHORT


@cache
def pieces(diagram: str) -> tuple[tuple[Piece, ...], ...]:
    """The lines of a DIAGRAM in pieces, without empty lines above and below."""
    return tuple(tuple(_pieces(line)) for line in diagram.strip("\n").split("\n")) if diagram.strip() else ()


def slots(diagram: str) -> set[str]:
    """Every name a DIAGRAM mentions."""
    return {piece.slot for line in pieces(diagram) for piece in line if piece.slot}


def known(trace: Trace) -> bool:
    """Whether every name in the cell's DIAGRAM is one that can be filled in."""
    before = {f"{state}_prev" for state in trace.states}
    return slots(trace.diagram) <= {*trace.symbols, *before, *STEPS, "x"}


@cache
def size(diagram: str) -> tuple[int, int]:
    """Columns and lines of a DIAGRAM."""
    lines = pieces(diagram)
    return max((sum(piece.columns for piece in line) for line in lines), default=0), len(lines)


def width(trace: Trace) -> int:
    """The columns that the cell's drawing wants."""
    return size(trace.diagram)[0] or boxes.WANTED


def title(trace: Trace, cursor: Cursor) -> str:
    """The cell's name, and for a network of several lanes which one is drawn."""
    cursor = trace.clamp(cursor)
    return f"{delta(trace)}{cell_name(trace.cell)} cell{lane(trace, cursor)} · unit {cursor.unit}"


def lane(trace: Trace, cursor: Cursor) -> str:
    """Which layer and direction is meant, where there are several: ` · layer 1 · ← backward`."""
    where = f" · layer {cursor.layer}" if trace.layers > 1 else ""
    way = "→ forward" if cursor.direction == "forward" else "← backward"
    return f"{where} · {way}" if trace.bidirectional else where


def paint(trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The cell's own diagram where it fits, else boxes laid out from what depends on what."""
    cursor = trace.clamp(cursor)
    if not fits(trace, width, height):
        return boxes.paint(trace, cursor, width, height, palette)
    return draw(trace, _Filling(trace, cursor, palette).fill, width, height)


def fits(trace: Trace, width: int, height: int) -> bool:
    """Whether the cell has a drawing that can be filled in, and room for it."""
    columns, lines = size(trace.diagram)
    return 0 < lines <= height and columns <= width and known(trace)


def draw(trace: Trace, fill: Callable[[Piece], tuple[str, Style]], width: int, height: int) -> Painting:
    """The cell's drawing in the middle, each of its pieces as `fill` says."""
    columns, lines = size(trace.diagram)
    brush = Brush(width, height)
    for line in pieces(trace.diagram):
        brush.line().to((width - columns) // 2, Style())
        for piece in line:
            text, style = fill(piece)
            brush.add(text, style, {"symbol": piece.slot} if piece.slot in trace.symbols else None)
    return brush.painting().lowered((height - lines) // 2)


class _Filling:
    """The values and styles of a diagram's pieces at one cursor."""

    def __init__(self, trace: Trace, cursor: Cursor, palette: Palette) -> None:
        self.trace, self.cursor, self.palette = trace, cursor, palette

    def fill(self, piece: Piece) -> tuple[str, Style]:
        """What stands in a piece, and how it looks."""
        palette, trace, cursor = self.palette, self.trace, self.cursor
        if not piece.slot:
            return piece.text, palette.dim
        if piece.slot in trace.symbols:
            return self.symbol(piece)
        if piece.slot == "x":
            row = trace.row(cursor)
            return fit(read(trace, cursor) if row is not None else "", TOKEN_COLUMNS), palette.title
        if piece.slot in STEPS:
            unread = piece.slot != "t" and trace.row(cursor) is None
            return fit("" if unread else step(cursor, before=piece.slot == "t_prev"), STEP_COLUMNS), palette.dim
        return self.number(progress.before(trace, cursor, piece.slot.removesuffix("_prev")), share=False, lit=False)

    def symbol(self, piece: Piece) -> tuple[str, Style]:
        """A number or a piece of drawing that belongs to a symbol: lit, computed or not yet."""
        palette, trace, cursor = self.palette, self.trace, self.cursor
        lit = piece.slot == cursor.symbol and trace.row(cursor) is not None
        if piece.drawn:
            if lit:
                return piece.text, palette.cursor if WIRES.fullmatch(piece.text) else palette.lit
            done = progress.computed(trace, cursor, piece.slot) and trace.row(cursor) is not None
            return piece.text, palette.text if done else palette.faint
        scale = numbers.scale(trace, piece.slot)
        return self.number(progress.values(trace, cursor, piece.slot), scale.share, lit)

    def number(self, values: Array | None, share: bool, lit: bool) -> tuple[str, Style]:
        """The unit's number in its fixed room."""
        if values is None:
            return fit("·", SHORT, "^"), self.palette.faint
        value = float(values[self.cursor.unit])
        plain = self.palette.text if share else self.palette.sign(value)
        return numbers.short(value, share), self.palette.lit if lit else plain


def step(cursor: Cursor, before: bool = False) -> str:
    """The step below the line, ₃, or the one read before it; a step of more than three digits stays a ₜ."""
    other = (-1 if cursor.direction == "forward" else 1) if before else 0
    written = subscript(cursor.t + other)
    return written if len(written) <= STEP_COLUMNS else {0: "ₜ", -1: "ₜ₋₁", 1: "ₜ₊₁"}[other]


def read(trace: Trace, cursor: Cursor) -> str:
    """What the step read: the token in quotes, or in a higher layer the name of the layer below."""
    row = trace.row(cursor)
    if row is None:
        return ""
    if cursor.layer:
        return f"h of {cursor.layer - 1}"
    return f'"{fit(token(trace.tokens[row]), TOKEN_COLUMNS - 2).rstrip()}"'


def _pieces(line: str) -> Iterator[Piece]:
    start = 0
    for slot in SLOT.finditer(line):
        if slot.start() > start:
            yield Piece(line[start : slot.start()])
        yield Piece(slot[2] or "", slot[1], slot[2] is not None)
        start = slot.end()
    if start < len(line):
        yield Piece(line[start:])


def cell_name(cell: str) -> str:
    """A cell as it is called: LSTM, GRU (reset before), or a learner's own name as it is."""
    letters, _, variant = cell.partition("-")
    name = letters.upper() if cell in BUILT_IN else cell
    return f"{name} ({variant.replace('-', ' ')})" if cell in BUILT_IN and variant else safe_text(name)
