"""The cell's diagram with the gradient in it: what comes in at the right, through the gates, and out at the left.

A cell without a drawing has its boxes: each says what goes on through it to the states of the step before.
"""

from __future__ import annotations

import numpy as np
from rich.style import Style

from rnntui.core.flow import Path, Study
from rnntui.core.notation import subscript
from rnntui.core.trace import Array, Trace
from rnntui.paint import boxes, diagram, ways
from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.diagram import STEP_COLUMNS, STEPS, TOKEN_COLUMNS, Piece
from rnntui.paint.magnitude import brief, said
from rnntui.paint.numbers import SHORT
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.passing import Stop, ln_norm, lost, stop
from rnntui.scene import Cursor


def title(study: Study, cursor: Cursor) -> str:
    """Which cell's step the gradient crosses."""
    name, here = diagram.cell_name(study.trace.cell), stop(study, cursor)
    lane = diagram.lane(study.trace, cursor)
    return f"{name} cell{lane}" if here is None else f"‖∂L/∂·‖ in the {name} cell at t = {cursor.t}{lane}"


def wanted(trace: Trace) -> tuple[int, int]:
    """Columns and lines of the diagram, or of the boxes, and of the words below it."""
    drawn = trace.diagram.strip() and diagram.known(trace)
    columns, lines = diagram.size(trace.diagram) if drawn else boxes.size(trace, beside=1 + SHORT)
    return columns, lines + 1


def paint(study: Study, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The diagram, or the boxes, with norms in it, the strongest path to the step before lit."""
    trace, here = study.trace, stop(study, cursor)
    caption = height >= wanted(trace)[1]
    filling = _Filling(study, cursor, here, palette)
    if diagram.fits(trace, width, height - caption):
        drawn = diagram.draw(trace, filling.fill, width, height - caption)
    else:
        drawn = boxes.draw(trace, cursor, filling, width, height - caption, palette)
    if not caption:
        return drawn
    brush = Brush(width, 1)
    brush.line().add(clip(f" {filling.caption()}", width), palette.notice if here is None else palette.text)
    lines = [*drawn.lines, *([] for _ in range(height - 1 - len(drawn.lines)))]
    return Painting([*lines, *brush.painting().lines], drawn.hits)


class _Filling:
    """Norms of gradients for a diagram's pieces at one place of the walk."""

    def __init__(self, study: Study, cursor: Cursor, here: Stop | None, palette: Palette) -> None:
        self.study, self.trace, self.cursor, self.palette = study, study.trace, cursor, palette
        states = study.trace.states
        self.beyond = next(filter(None, map(here.beyond, reversed(states))), "") if here is not None else ""
        self.here = here if here is not None and here.reached and not (self.beyond or lost(study)) else None
        self.exits = dict(self.here.exits()) if self.here is not None else {}
        sizes = [(ln_norm(part), path) for path, part in self.exits.items() if part.any()]
        self.largest: float = max((size for size, _ in sizes), default=-np.inf)
        self.strongest: Path | None = next((path for size, path in sizes if size == self.largest), None)

    def caption(self) -> str:
        """What is lit."""
        if lost(self.study):
            return f"The forward pass overflows at t = {self.study.gradients.lost}."
        if self.beyond:
            return f"{self.beyond.partition(',')[0]}."
        if self.here is None:
            return ways.nothing(self.study, self.cursor)
        if self.strongest is None or not np.isfinite(self.largest):
            return "Nothing is passed on."
        path, t = self.strongest, self.cursor.t
        before = t - 1 if self.here.one.direction == "forward" else t + 1
        where = f"{path.state}{subscript(before)} through {path.via}{subscript(t)}"
        return f"Strongest: back to {where}, {said(self.largest)}."

    def fill(self, piece: Piece) -> tuple[str, Style]:
        """What stands in a piece, and how it looks."""
        palette = self.palette
        if not piece.slot:
            return piece.text, palette.dim
        if piece.slot in STEPS:
            row = self.trace.row(self.cursor)
            written = diagram.step(self.cursor, before=piece.slot == "t_prev") if row is not None else ""
            return fit(written, STEP_COLUMNS), palette.dim
        if piece.slot == "x":
            return fit(diagram.read(self.trace, self.cursor), TOKEN_COLUMNS), palette.title
        if piece.slot in self.trace.symbols:
            return self.symbol(piece)
        return self.before(piece.slot.removesuffix("_prev"))

    def symbol(self, piece: Piece) -> tuple[str, Style]:
        """A norm, or a piece of drawing: lit where the strongest path runs, faint where nothing flows."""
        palette = self.palette
        if piece.drawn:
            if self.lit(piece.slot):
                return piece.text, palette.cursor if diagram.WIRES.fullmatch(piece.text) else palette.lit
            return piece.text, palette.text if self.here is not None else palette.faint
        return self.value(piece.slot)

    def lit(self, symbol: str) -> bool:
        """Whether the strongest path goes through a symbol."""
        return self.strongest is not None and self.strongest.via == symbol

    def known(self, symbol: str) -> bool:
        """Whether a gradient has come to a symbol."""
        return self.here is not None

    def value(self, symbol: str) -> tuple[str, Style]:
        """The norm of a symbol's gradient."""
        values = self.here.one.total[symbol][self.here.row] if self.here is not None else None
        return self.number(values, self.lit(symbol))

    def before(self, state: str) -> tuple[str, Style]:
        """The norm of all that is passed on to a state of the step before."""
        lit = self.strongest is not None and self.strongest.state == state
        return self.number(self.here.passes_on(state) if self.here is not None else None, lit)

    def needs(self, symbol: str) -> list[tuple[str, Style]]:
        """What a symbol's equation reads, and behind each state of the step before the norm of what goes there."""
        palette, found = self.palette, []
        names = boxes.reads(self.trace, symbol, self.cursor.direction == "backward")
        for read, name in zip(self.trace.equation(symbol).reads, names, strict=True):
            path = Path(read.name, symbol, carried=True)
            if not read.before or path not in self.exits:
                found.append((name, palette.dim if self.here is not None else palette.faint))
            else:
                size = brief(ln_norm(self.exits[path])).strip()
                found.append((f"{name} {size}", palette.cursor if path == self.strongest else palette.text))
        return found

    def number(self, gradient: Array | None, lit: bool) -> tuple[str, Style]:
        """A gradient's norm in its fixed room."""
        if gradient is None:
            return fit("·", SHORT, "^"), self.palette.faint
        return brief(ln_norm(gradient)), self.palette.cursor if lit else self.palette.text
