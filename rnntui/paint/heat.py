"""One symbol over time as a heat map: a row a unit, a column a step, with a sign or a number in every cell.

Stepping changes one column and the header cells beside it, nothing else: scale and units are those of the whole
trace, and the window turns by pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from rich.style import Style

from rnntui.core.trace import Trace
from rnntui.paint import numbers, progress
from rnntui.paint.cells import Brush, fit, token
from rnntui.paint.cells import width as columns_of
from rnntui.paint.numbers import Scale, delta
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.rows import Rows, rows
from rnntui.paint.window import window
from rnntui.scene import Cursor, Direction

ARROWS: dict[Direction, str] = {"forward": "→", "backward": "←"}
NARROW = 2
"""Columns of a cell with a sign and one digit."""
SIZES = (7, 6, 5, 4, 3, NARROW)
"""Columns that a cell can have: those that a Scale writes."""
WIDEST = 12
"""Columns of a cell under a long word."""
BARS = (7, 4)
"""Steps of the legend's colour bar on each side of zero, where there is room and where there is not."""
SELECTED = Style(bold=True, underline=True)
EVERY = 5
"""Steps between two numbers of the ruler where not every step has room for its own."""
Cell = tuple[str, Style]
Page = list[tuple[list[Cell], list[Cell]]]
"""The cells of every unit, a cell a step: those of its first line, and those of its other lines."""
PAGES = 12
"""Pages kept of a trace: both of each lane that a turn goes between, for every state, twice."""
_pages: WeakKeyDictionary[Trace, dict[tuple[object, ...], Page]] = WeakKeyDictionary()


def title(trace: Trace, cursor: Cursor, symbol: str) -> str:
    """What the map shows, and the number under the cursor."""
    cursor = trace.clamp(cursor)
    name = trace.equation(symbol).meaning or "symbol"
    now = progress.values(trace, cursor, symbol)
    lane = f"layer {cursor.layer} · " if trace.layers > 1 else ""
    lane += f"{ARROWS[cursor.direction]} " if trace.bidirectional else ""
    value = "not yet" if now is None else numbers.long(float(now[cursor.unit]))
    return f"{delta(trace)}{name[0].upper()}{name[1:]} {symbol} · {lane}unit {cursor.unit}: {value}"


def paint(trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette, symbol: str) -> Painting:
    """The values of a symbol so far; both lanes, the forward one above, when there is room for them."""
    cursor = trace.clamp(cursor)
    brush = Brush(width, height)
    layout = rows(trace, cursor, height, tall=palette.colours != "none")
    gutter = len(str(trace.hidden - 1)) + 3
    size = _size(trace, width - gutter)
    steps = window(max(0, min(cursor.t, trace.steps) - 1), (width - gutter) // size, trace.steps)
    chart = _Chart(trace, cursor, symbol, numbers.scale(trace, symbol), layout, size, steps, gutter, palette)
    if len(layout.lanes) > 1:
        chart.lane(brush, layout.lanes[0])
    chart.header(brush)
    chart.lane(brush, layout.lanes[-1])
    if layout.legend:
        chart.legend(brush)
    return brush.painting()


def _size(trace: Trace, room: int) -> int:
    """Columns of a cell: the most that still show the whole sequence, more than a number needs only under words."""
    if trace.steps * NARROW > room:
        return NARROW
    words = 1 + max(columns_of(token(text[:WIDEST])) for text in trace.tokens)
    return next(size for size in (max(min(words, WIDEST), SIZES[0]), *SIZES) if trace.steps * size <= room)


@dataclass(frozen=True)
class _Chart:
    """A heat map at a given window."""

    trace: Trace
    cursor: Cursor
    symbol: str
    scale: Scale
    layout: Rows
    size: int
    steps: range
    gutter: int
    palette: Palette

    def header(self, brush: Brush) -> None:
        """The tokens over their columns; the one under the cursor stands out, what is not yet read is faint."""
        palette, cursor = self.palette, self.cursor
        if self.layout.header > 1:
            self.ruler(brush)
        brush.line().to(self.gutter, palette.faint)
        standing = {progress.stand(self.trace, cursor, direction) - 1 for direction in self.layout.lanes}
        read = [progress.rows(self.trace, cursor, direction, self.symbol) for direction in self.layout.lanes]
        headings = []
        for step in self.steps:
            style = palette.lit if step == cursor.t - 1 else palette.cursor if step in standing else palette.text
            if step not in standing and not any(step in rows for rows in read):
                style = palette.faint
            headings.append((_heading(self.trace.tokens[step], self.size), style))
        brush.put(headings, len(headings) * self.size, {"t": self.steps.start + 1}, self.size)

    def ruler(self, brush: Brush) -> None:
        """The t of the columns: every one, or where they are narrow the first and every fifth."""
        faint, every = self.palette.faint, len(str(self.trace.steps)) < self.size
        brush.line().to(self.gutter, faint)
        for step in self.steps:
            t, left = step + 1, self.gutter + (step - self.steps.start) * self.size
            if every or t % EVERY == 0 or step == self.steps.start:
                number = fit(str(t), self.size, "^") if self.size > NARROW else str(t)
                brush.to(left, faint).add(number, faint, {"t": t})

    def lane(self, brush: Brush, direction: Direction) -> None:
        """Lines for every unit: its number, marked where the cursor is, and its value at every step read so far."""
        cursor, steps, size, faint = self.cursor, self.steps, self.size, self.palette.faint
        done = progress.rows(self.trace, cursor, direction, self.symbol)
        start, stop = (min(max(row, steps.start), steps.stop) - steps.start for row in (done.start, done.stop))
        now, after = cursor.t - 1 - steps.start, len(steps) - max(start, stop)
        unread = fit("·", size, "^"), " " * size
        for unit, cells in zip(self.layout.units, self.page(direction), strict=True):
            here = direction == cursor.direction and unit == cursor.unit
            move: dict[str, object] = {"unit": unit, "direction": direction}
            for line in range(self.layout.lines):
                self.label(brush.line(), direction, unit if line == 0 else None, here, move)
                shown, dots = cells[line > 0][start:stop], unread[line > 0]
                if here and start <= now < stop:
                    shown[now - start] = self.selected(shown[now - start])
                row = [(dots * start, faint), *shown, (dots * after, faint)]
                brush.put(row, len(steps) * size, {**move, "t": steps.start + 1, "symbol": self.symbol}, size)

    def page(self, direction: Direction) -> Page:
        """Every cell of the window as it looks once it is read; drawn once and kept, for steps leave it as it is."""
        pages = _pages.setdefault(self.trace, {})
        key = (self.cursor.layer, direction, self.symbol, self.size, self.steps, self.layout.units, self.palette)
        if key not in pages:
            if len(pages) >= PAGES:
                del pages[next(iter(pages))]
            steps, units = self.steps, self.layout.units
            every = self.trace.of(self.cursor.layer, direction).values[self.symbol]
            values = every[steps.start : steps.stop, units.start : units.stop].T.tolist()
            pages[key] = [self.drawn(row) for row in values]
        return pages[key]

    def drawn(self, row: list[float]) -> tuple[list[Cell], list[Cell]]:
        """A unit's values in its first line, and the colours alone for the others."""
        styles, blank = [self.style(value) for value in row], " " * self.size
        first = [(self.scale.cell(value, self.size), style) for value, style in zip(row, styles, strict=True)]
        return first, [(blank, style) for style in styles]

    def selected(self, cell: Cell) -> Cell:
        """The cell under the cursor."""
        text, style = cell
        return text, self.palette.lit if self.symbol == self.cursor.symbol else _marked(style)

    def label(self, brush: Brush, direction: Direction, unit: int | None, here: bool, move: dict[str, object]) -> None:
        """What stands left of a unit's line; only its first line has a number."""
        style = self.palette.cursor if here else self.palette.dim
        if unit is None:
            brush.add(" " * self.gutter, style, move)
            return
        arrow = ARROWS[direction] if self.trace.bidirectional else " "
        brush.add("▸" if here else " ", style).add(f"{unit:>{self.gutter - 3}} {arrow}", style, move)

    def style(self, value: float) -> Style:
        """The colour of a value."""
        level = self.scale.level(value)
        return self.palette.share(level) if self.scale.share else self.palette.signed(level)

    def legend(self, brush: Brush) -> None:
        """Which colour means how much; where there are no colours, only between which values the symbol stays."""
        palette, scale = self.palette, self.scale
        low, high = ("0", "1") if scale.share else (f"−{scale.largest:g}", f"+{scale.largest:g}")
        digits = self.size <= 3 and not scale.share
        note = f"   digit{'s' * (self.size - NARROW)} × {scale.largest / 10 ** (self.size - 1):g}" if digits else ""
        brush.line().to(self.gutter, palette.faint)
        words = columns_of(f"{low}  {high}{note}")
        half = BARS[0] if brush.column + words + 1 + 2 * BARS[0] <= brush.columns else BARS[1]
        brush.add(f"{low} ", palette.dim)
        for step in range(-half, half + 1) if palette.colours != "none" else ():
            brush.add(" ", palette.share((step / half + 1) / 2) if scale.share else palette.signed(step / half))
        if palette.colours == "none":
            brush.add("…", palette.dim)
        brush.add(f" {high}", palette.dim)
        brush.add(note if columns_of(note) <= brush.columns - brush.column else "", palette.faint)


@lru_cache(maxsize=256)
def _marked(style: Style) -> Style:
    return style + SELECTED


@lru_cache(maxsize=1024)
def _heading(text: str, size: int) -> str:
    shown = token(text)
    if columns_of(shown) <= size - (size > NARROW):
        return fit(shown, size, "^" if size > NARROW else "<")
    if shown.startswith("0.") and size == NARROW:
        return shown[1:3]
    if size > 5:
        return fit(fit(shown, size - 1), size)
    return fit(fit(shown, size - 1).replace("…", ""), size) if size > NARROW else fit(fit(shown, 3)[0], size)
