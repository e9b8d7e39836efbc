"""The cell's equations: in symbols, with the numbers of the current unit put in, or as the torch lines that run.

The lit sub-step and its numbers are always there, however small the pane is; the rest gives way in this order: the
meanings, the steps between, the other equations, the cell's own sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from rich.style import Style

from rnntui import looks
from rnntui.core.notation import Notation, subscript
from rnntui.core.trace import Equation, Trace
from rnntui.core.worked import Worked, figure, numbers
from rnntui.paint.cells import Brush, clip, fit, token, width
from rnntui.paint.numbers import delta
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.progress import computed
from rnntui.paint.safe import safe_text
from rnntui.paint.window import window
from rnntui.paint.wrap import wrap, wrap_chain
from rnntui.scene import Cursor

Mode = looks.Mode
MODES: Final = looks.MODES
MARK, BLANK = "▸ ", "  "
SPARE: Final = 1
"""A second line for the numbers of the lit equation."""
BESIDE_OTHERS: Final = ((2, 6, 2), (2, 4, 1), (2, 3, 1), (1, 3, 1), (2, 6, 0), (1, 3, 0), (1, 2, 0), (1, 1, 0))
ALONE: Final = ((2, 6, 1), (2, 3, 1), (1, 3, 1), (1, 2, 1), (1, 1, 1), (1, 1, 0))
"""Lines of the lit equation, of its numbers, and of the foot."""
LARGEST_INDEX: Final = 999
"""Beyond this step the index stays ₜ, or formulas would be mostly index."""


def title(trace: Trace, cursor: Cursor, mode: Mode = "numbers") -> str:
    """What the pane is called: Equations · with numbers · unit 2."""
    if mode == "source":
        return f"Equations · the torch code · {safe_text(Path(trace.file).name)}"
    if mode == "numbers" and trace.row(cursor) is not None:
        return f"{delta(trace)}Equations · with numbers · unit {cursor.unit}"
    return "Equations"


def paint(
    trace: Trace, cursor: Cursor, columns: int, height: int, palette: Palette, *, mode: Mode = "numbers"
) -> Painting:
    """The equations one below the other, the lit one marked, its numbers under it, the cell's convention at the end."""
    cursor = trace.clamp(cursor)
    count = len(trace.equations)
    full = mode == "numbers" and height >= 2 * count + SPARE
    if trace.row(cursor) is None and mode == "numbers":
        mode = "symbols"
    worked = _worked(trace, cursor, full) if mode == "numbers" else {}
    sheet = _Sheet(trace, cursor, columns, palette, mode, full, worked)
    airy = height >= (1 + full) * count + count - 1 + SPARE + 2
    block, foot = sheet.arrangement(height, count - 1 if airy else 0)
    brush = Brush(columns, height)
    lit = trace.symbols.index(cursor.symbol)
    shown = range(count)
    if not full:
        shown = window(lit, min(max(0, height - len(block) - len(foot)) + 1, count), count)
    for place in shown:
        equation = trace.equations[place]
        lines = block if place == lit else sheet.other(equation)
        for line in [*lines, *([[]] if airy and place != shown[-1] else [])]:
            brush.line()
            for text, style in line:
                brush.add(text, style, {"symbol": equation.symbol})
    spare = brush.lines_left - len(foot)
    for _ in range(min(max(spare, 0), 1) if foot else 0):
        brush.line()
    for text, style in foot:
        brush.line().add(text, style)
    return brush.painting()


def _worked(trace: Trace, cursor: Cursor, full: bool) -> dict[str, Worked]:
    return numbers(trace, cursor.layer, cursor.direction, cursor.t, cursor.unit, "" if full else cursor.symbol)


Words = list[tuple[str, Style]]


@dataclass(frozen=True)
class _Sheet:
    trace: Trace
    cursor: Cursor
    columns: int
    palette: Palette
    mode: Mode
    full: bool
    """True when every equation has a line for its numbers, not only the lit one."""
    worked: dict[str, Worked]

    def arrangement(self, height: int, gaps: int) -> tuple[list[Words], list[tuple[str, Style]]]:
        """The lit equation with its numbers, and the foot: the fullest that fit beside the others, or alone."""
        others = (len(self.trace.equations) - 1) * (1 + self.full) + gaps
        block: list[Words] = []
        foot: list[tuple[str, Style]] = []
        for beside, keep in ((True, others), (False, 0)):
            for block, foot in self.choices(beside):
                whole = not beside or not any("…" in text for line in block[1:] for text, _ in line)
                if whole and len(block) + len(foot) + keep <= height:
                    return block, foot
        return block[:height], foot[: max(0, height - len(block))]

    def choices(self, beside: bool) -> Iterator[tuple[list[Words], list[tuple[str, Style]]]]:
        """Every way to show the lit equation and the foot, the fullest first."""
        for lines, chain_lines, foot_lines in BESIDE_OTHERS if beside else ALONE:
            yield self.block(lines, chain_lines), self.foot(foot_lines)

    def block(self, lines: int, chain_lines: int) -> list[Words]:
        """The lit equation and its numbers below, each in at most so many lines."""
        equation, style = self.trace.equation(self.cursor.symbol), self.palette.lit
        dim = self.trace.row(self.cursor) is None
        if dim:
            style = self.palette.dim
        text = self.lefts[equation.symbol]
        room = self.columns - len(MARK)
        meaning = safe_text(equation.meaning)
        if width(text) <= room:
            return [self.aligned(MARK, text, style, "", meaning), *self.chain(equation, chain_lines)]
        hang = " " * (text.index("=") + 2 if "=" in text else 4)
        wrapped = wrap(text, room, lines, hang)
        block: list[Words] = [
            [(BLANK if place else MARK, self.palette.cursor), (line, style)] for place, line in enumerate(wrapped)
        ]
        return [*block, *self.chain(equation, chain_lines)]

    def chain(self, equation: Equation, lines: int) -> list[Words]:
        """The numbers of an equation, below it; a blank line while they are not computed but have a line."""
        worked = self.worked.get(equation.symbol)
        if worked is None or not computed(self.trace, self.cursor, equation.symbol):
            return [[]] if self.full else []
        style = self.palette.text if equation.symbol == self.cursor.symbol else self.palette.dim
        left = width(self.lefts[equation.symbol].partition(" =")[0])
        wrapped = wrap_chain(worked.chain, self.columns - len(BLANK) - left - 1, lines)
        begins = (delta(self.trace).strip().rjust(left), *[" " * left] * len(wrapped))
        return [[(f"{BLANK}{begin} ", style), (line, style)] for begin, line in zip(begins, wrapped, strict=False)]

    def other(self, equation: Equation) -> list[Words]:
        """An equation that is not lit, in one line, and its numbers or its value where they are shown."""
        ready = self.trace.row(self.cursor) is not None and computed(self.trace, self.cursor, equation.symbol)
        worked = self.worked.get(equation.symbol)
        value = figure(worked.value) if worked is not None and ready and not self.full else ""
        style = self.palette.text if ready else self.palette.dim
        line = self.aligned(BLANK, self.lefts[equation.symbol], style, value, safe_text(equation.meaning))
        return [line, *(self.chain(equation, 1) if self.full else ())]

    def aligned(self, mark: str, text: str, style: Style, value: str, meaning: str) -> Words:
        """One line: the mark, the equation, and at the right end what there is room for: the meaning, the value."""
        right, longest, values = self.right_columns, self.left_columns, self.value_columns
        words: Words = [(mark, self.palette.cursor)]
        if len(mark) + longest + 2 + values + right <= self.columns:
            fill = self.columns - len(mark) - values - right
            words += [(text, style), (" " * (fill - width(text)), self.palette.text)]
            words += [(fit(value, values, ">"), self.palette.text)] if values else []
            return [*words, (fit(f"  {meaning}", right), self.palette.dim)]
        tail = f" {value}" if value else ""
        room = self.columns - len(mark) - width(tail)
        words.append((clip(text, room), style))
        gap = room - min(width(text), room)
        if not tail and gap >= right:
            return [*words, (" " * (gap - right), self.palette.text), (fit(f"  {meaning}", right), self.palette.dim)]
        if not tail and gap >= width(meaning) + 2:
            return [*words, (fit(meaning, gap, ">"), self.palette.dim)]
        return [*words, (" " * gap + tail, self.palette.text)]

    @cached_property
    def left_columns(self) -> int:
        """Columns of the longest equation, at whichever step it is longest, so that nothing moves while stepping."""
        last = (self.written(equation, self.trace.steps) for equation in self.trace.equations)
        return max(map(width, (*self.lefts.values(), *last)))

    @cached_property
    def right_columns(self) -> int:
        """Columns of the meanings, with the gap before them."""
        return 2 + max(width(safe_text(one.meaning)) for one in self.trace.equations)

    @cached_property
    def value_columns(self) -> int:
        """Columns of the values at the right of the equations."""
        return 0 if self.full else max((width(figure(one.value)) for one in self.worked.values()), default=0)

    @cached_property
    def lefts(self) -> dict[str, str]:
        """Every equation as it is written, by symbol."""
        return {equation.symbol: self.written(equation, self.cursor.t) for equation in self.trace.equations}

    def written(self, equation: Equation, t: int) -> str:
        """The equation itself: in notation, with the step t where there are numbers, or as it stands in the file."""
        if self.mode == "source":
            name = f"{Path(self.trace.file).name}:" if self.columns >= 72 else ""
            return safe_text(f"{name}{equation.line}  {equation.line_of_code}")
        backward = self.cursor.direction == "backward"
        if self.mode == "numbers" and self.trace.steps <= LARGEST_INDEX:
            return _at(equation, backward, t)
        return equation.formula(backward)

    def foot(self, lines: int) -> list[tuple[str, Style]]:
        """What follows below: at the start which key reads on, and the cell's own sentence with its convention."""
        start: list[tuple[str, Style]] = []
        if self.trace.row(self.cursor) is None:
            first = self.cursor.direction == "forward"
            word = token(self.trace.tokens[0 if first else -1])
            which = "the first token" if first else "the last token first"
            start = [(clip(f'→ reads {which}, "{word}"', self.columns), self.palette.notice)]
        return start + [(line, self.palette.dim) for line in convention(self.trace.doc, self.columns, lines)]


@lru_cache(maxsize=1024)
def _at(equation: Equation, backward: bool, t: int) -> str:
    """An equation with its step: f₃ = σ(W_if x₃ + b_if + W_hf h₂ + b_hf)."""
    return f"{equation.symbol}{subscript(t)} = {Notation(backward, t=t).write(equation.tree)}"


@lru_cache(maxsize=64)
def convention(doc: str, columns: int, lines: int) -> tuple[str, ...]:
    """A cell's sentence in the room there is; what names the convention is kept longest."""
    doc = safe_text(doc)
    plain = re.sub(r"\s*\([^)]*\)", "", doc)
    after_name = re.split("[,;] ", plain, maxsplit=1)[-1]
    after_colon = after_name.partition(": ")[2] or after_name
    choices = [doc, plain, after_name, after_colon, after_colon.partition(";")[0]]
    wrapped = [tuple(wrap(choice, columns, lines)) for choice in choices]
    return next((one for one in wrapped if one and not one[-1].endswith("…")), wrapped[-1])
