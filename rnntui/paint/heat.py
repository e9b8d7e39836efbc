"""One symbol over time as a heat map: a row a unit, a column a step, with a sign or a number in every cell.

Stepping changes one column and the two header cells beside it, nothing else: scale and units are those of the whole
trace, and the window turns by pages.
"""

from __future__ import annotations

from rich.style import Style

from rnntui.core.trace import Trace
from rnntui.paint import numbers, progress
from rnntui.paint.cells import Brush, fit, token
from rnntui.paint.cells import width as columns_of
from rnntui.paint.numbers import Scale
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.window import window
from rnntui.scene import Cursor, Direction

ARROWS: dict[Direction, str] = {"forward": "→", "backward": "←"}
WIDE, NARROW = 5, 2
"""Columns of a cell with a number in it, and of one with a sign and a digit."""
LEAST_LANE = 3
"""Units that each of two lanes must have room for."""
BAR = 7
"""Steps of the legend's colour bar on each side of zero."""


def title(trace: Trace, cursor: Cursor, symbol: str) -> str:
    """What the map shows, and the number under the cursor."""
    cursor = trace.clamp(cursor)
    name = trace.equation(symbol).meaning or "symbol"
    now = progress.values(trace, cursor, symbol)
    lane = f"layer {cursor.layer} · " if trace.layers > 1 else ""
    lane += f"{ARROWS[cursor.direction]} " if trace.bidirectional else ""
    value = "not yet computed" if now is None else numbers.long(float(now[cursor.unit]))
    return f"{name[0].upper()}{name[1:]} {symbol} · {lane}unit {cursor.unit}: {value}"


def paint(trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette, symbol: str) -> Painting:  # noqa: PLR0917
    """The values of a symbol so far; both lanes, the forward one above, when there is room for them."""
    cursor = trace.clamp(cursor)
    brush = Brush(width, height)
    scale = numbers.scale(trace, symbol)
    gutter = len(str(trace.hidden - 1)) + 3
    legend = height >= 5
    both = trace.bidirectional and height - legend - 1 >= 2 * min(LEAST_LANE, trace.hidden)
    room = width - gutter
    size = WIDE if trace.steps * WIDE <= room else NARROW
    steps = window(max(0, min(cursor.t, trace.steps) - 1), room // size, trace.steps)
    places = max(1, (height - legend - 1) // (2 if both else 1))
    units = window(cursor.unit, places, trace.hidden)
    lane = _Lane(trace, cursor, symbol, scale, size, steps, units, gutter, palette)
    if both:
        lane.rows(brush, "forward")
        lane.header(brush, ("forward", "backward"))
        lane.rows(brush, "backward")
    else:
        lane.header(brush, (cursor.direction,))
        lane.rows(brush, cursor.direction)
    if legend:
        _legend(brush.line().to(gutter, palette.faint), scale, size, palette)
    return brush.painting()


class _Lane:
    """One reading direction of a layer, drawn at a given window."""

    def __init__(  # noqa: PLR0917
        self,
        trace: Trace,
        cursor: Cursor,
        symbol: str,
        scale: Scale,
        size: int,
        steps: range,
        units: range,
        gutter: int,
        palette: Palette,
    ) -> None:
        self.trace, self.cursor, self.symbol, self.scale = trace, cursor, symbol, scale
        self.size, self.steps, self.units, self.gutter, self.palette = size, steps, units, gutter, palette

    def header(self, brush: Brush, directions: tuple[Direction, ...]) -> None:
        """The tokens over their columns; the one under the cursor stands out, what is not yet read is faint."""
        palette, cursor = self.palette, self.cursor
        brush.line().to(self.gutter, palette.dim)
        read: set[int] = set()
        standing = {progress.stand(self.trace, cursor, direction) - 1 for direction in directions}
        for direction in directions:
            read.update(progress.rows(self.trace, cursor, direction, self.symbol))
        for step in self.steps:
            style = palette.lit if step == cursor.t - 1 else palette.cursor if step in standing else palette.text
            if step not in read and step not in standing:
                style = palette.faint
            brush.add(_heading(self.trace.tokens[step], self.size), style, {"t": step + 1})

    def rows(self, brush: Brush, direction: Direction) -> None:
        """A line a unit: its number, marked where the cursor is, and its value at every step read so far."""
        trace, cursor, palette = self.trace, self.cursor, self.palette
        done = progress.rows(trace, cursor, direction, self.symbol)
        steps, units = self.steps, self.units
        block = trace.of(cursor.layer, direction).values[self.symbol][
            steps.start : steps.stop, units.start : units.stop
        ]
        values = block.T.tolist()
        digits = self.gutter - 3
        selected = direction == cursor.direction
        unread = fit("·", self.size, "^")
        for unit, row in zip(units, values, strict=True):
            here = selected and unit == cursor.unit
            move: dict[str, object] = {"unit": unit, "direction": direction}
            brush.line().add("▸" if here else " ", palette.cursor)
            brush.add(f"{unit:>{digits}} ", palette.cursor if here else palette.dim, move)
            brush.add(ARROWS[direction] if trace.bidirectional else " ", palette.dim)
            for step, value in zip(steps, row, strict=True):
                there = {**move, "t": step + 1, "symbol": self.symbol}
                if step not in done:
                    brush.add(unread, palette.faint, there)
                    continue
                style = self.style(value)
                if here and step == cursor.t - 1:
                    style = palette.lit if self.symbol == cursor.symbol else style + Style(bold=True, underline=True)
                brush.add(self.text(value), style, there)

    def style(self, value: float) -> Style:
        """The colour of a value."""
        level = self.scale.level(value)
        return self.palette.share(level) if self.scale.share else self.palette.signed(level)

    def text(self, value: float) -> str:
        """What is written in a cell."""
        if self.size == NARROW:
            return self.scale.cell(value)
        return fit(numbers.short(value, self.scale.share), self.size, "^")


def _heading(text: str, size: int) -> str:
    shown = token(text)
    if columns_of(shown) <= size - (size > NARROW):
        return fit(shown, size, "^" if size > NARROW else "<")
    if shown.startswith("0.") and size == NARROW:
        return shown[1:3]
    return fit(fit(shown, size - 1).replace("…", ""), size) if size > NARROW else fit(fit(shown, 3)[0], size)


def _legend(brush: Brush, scale: Scale, size: int, palette: Palette) -> None:
    """Which colour means how much; where there are no colours, only between which values the symbol stays."""
    low, high = ("0", "1") if scale.share else (f"−{scale.largest:g}", f"+{scale.largest:g}")
    brush.add(f"{low} ", palette.dim)
    steps = [step / BAR for step in range(-BAR, BAR + 1)]
    for step in steps if palette.colours != "none" else ():
        brush.add(" ", palette.share((step + 1) / 2) if scale.share else palette.signed(step))
    if palette.colours == "none":
        brush.add("…", palette.dim)
    brush.add(f" {high}", palette.dim)
    if size == NARROW and not scale.share:
        brush.add(f"   digit × {scale.largest / 10:g}", palette.faint)
