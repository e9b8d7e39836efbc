"""The sequence as the gradient walks it: forward to the loss, and from there back to the first token."""

from __future__ import annotations

from typing import Final

import numpy as np
from rich.style import Style

from rnntui.core.flow import Study
from rnntui.paint import account, sequence
from rnntui.paint.cells import Brush, fit, token
from rnntui.paint.cells import width as columns_of
from rnntui.paint.gates import HEIGHTS
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.window import window
from rnntui.scene import Cursor, Direction, parse

GUTTER: Final = 7
LEAST_CELL: Final = 3
WHERE: Final = "…  walking back: t =  of "
"""The longest words beside the tokens, without their two numbers."""
LOW: Final = 20
HIGH: Final = 30
ROOMY: Final = 100
"""Columns from which there is room beside the tokens to say where the walk stands."""
ARROWS: Final[dict[Direction, str]] = {"forward": "→", "backward": "←"}


def height(study: Study, screen: int) -> int:
    """How many lines the painting wants on a screen of so many: tokens, a chain a direction, heights, a line a state.

    A low screen does without the heights, a lower one tells of the memory only.
    """
    chains, states = 2 if study.trace.bidirectional else 1, len(study.trace.states)
    return 1 + chains + (states + 1 if screen >= HIGH else states if screen >= LOW else 1)


def paint(study: Study, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """Tokens and chains around the cursor; below them what arrives, what is local and what is passed on."""
    trace = study.trace
    brush = Brush(width, height)
    size = max(LEAST_CELL, sequence.cell_columns(trace))
    room = width - 2 * GUTTER
    if size * trace.steps > room and width >= ROOMY:
        room = max(size, width - GUTTER - len(WHERE) - 2 * len(str(trace.steps)))
    elif size * trace.steps > room and trace.layers > 1:
        room -= size  # which leaves some for the layer
    places = max(1, room // size)
    shown = window(min(max(cursor.t, 1), trace.steps) - 1, places, trace.steps)
    lanes: tuple[Direction, ...] = ("forward", "backward") if trace.bidirectional else ("forward",)
    told = min(len(trace.states), max(1, height - 1 - len(lanes)))
    chain = _Chain(study, cursor, shown, size, palette)
    chain.lane(brush, "forward")
    chain.tokens(brush)
    if trace.bidirectional:
        chain.lane(brush, "backward")
    if height - 1 - len(lanes) > told:
        chain.norms(brush)
    account.tell(brush, study, cursor, palette)
    return brush.painting()


class _Chain:
    """Some tokens of the sequence in cells of equal width, between the initial state and the loss."""

    def __init__(self, study: Study, cursor: Cursor, shown: range, size: int, palette: Palette) -> None:
        self.study, self.trace, self.cursor, self.shown = study, study.trace, cursor, shown
        self.size, self.palette = size, palette
        self.place = self.trace.steps_read(cursor)
        """In the order of reading: 0 at the initial state, T + 1 at the loss."""
        self.truncated = bool(parse(study.trace.scene).truncate)

    def tokens(self, brush: Brush) -> None:
        """The tokens; those that the pass has come to are clear, the current one is lit."""
        palette = self.palette
        brush.line().add(fit(" …" if self.shown.start else "", GUTTER), palette.faint)
        for row in self.shown:
            text = fit(token(self.trace.tokens[row]), self.size - 1)
            body = text.rstrip(" ")
            style = (
                palette.lit
                if row == self.cursor.t - 1
                else palette.text
                if self.on(self.place_of(row, self.cursor.direction))
                else palette.faint
            )
            brush.add(body, style, {"t": row + 1})
            brush.add(" " * (self.size - columns_of(body)), palette.text, {"t": row + 1})
        brush.add("…" if self.shown.stop < self.trace.steps else "", palette.faint)
        where = self.where()
        told = next((words for words in where if brush.column + columns_of(words) <= brush.columns), "")
        brush.to(brush.columns - columns_of(told or where[-1]), palette.text).add(told, palette.title)

    def where(self) -> list[str]:
        """Where the cursor stands, in words, and at least in which layer where there are several."""
        words = self._where()
        return (
            [f"layer {self.cursor.layer} · {words}", f"layer {self.cursor.layer}"] if self.trace.layers > 1 else [words]
        )

    def _where(self) -> str:
        steps = self.trace.steps
        if self.cursor.walk == "forward":
            return f"forward: {self.place} of {steps} read"
        if self.place > steps:
            return "at the loss"
        if self.place == 0:
            return f"arrived at t = {self.cursor.t}"
        return f"walking back: t = {self.cursor.t} of {steps}"

    def on(self, place: int) -> bool:
        """Whether the pass has come to a place."""
        return place <= self.place if self.cursor.walk == "forward" else place >= self.place

    def place_of(self, row: int, direction: Direction) -> int:
        """A row's place in the order of reading; the rows before the first and after the last are the ends."""
        return row + 1 if direction == "forward" else self.trace.steps - row

    def dropped(self, row: int) -> bool:
        """Whether truncation keeps the gradient from a row, or there is none anywhere."""
        reached, gone = self.study.gradients.reached, self.study.gradients.lost is not None
        return self.cursor.walk == "back" and 0 <= row < reached.size and (gone or not reached[row])

    def silent(self, row: int, direction: Direction) -> bool:
        """Whether the gradient is 0 at a row, as it is after the token whose loss it is of."""
        if self.cursor.walk == "forward" or not 0 <= row < self.trace.steps:
            return False
        one = self.study.gradients.of(self.cursor.layer, direction)
        return all(np.isneginf(logs[row]) for logs in one.log_norms.values())

    def severed(self, row: int, target: int, direction: Direction) -> bool:
        """Whether a window of truncation ends between a row and the next one, so that nothing passes to the target."""
        both = 0 <= row < self.trace.steps - 1
        if not (both and self.truncated and self.cursor.walk == "back"):
            return False
        one = self.study.gradients.of(self.cursor.layer, direction)
        return not any(values[target].any() for path, values in one.paths.items() if path.carried)

    def lane(self, brush: Brush, direction: Direction) -> None:
        """One direction: a node a token between its ends, and arrows as far as the pass has come."""
        brush.line()
        selected = self.palette.cursor if direction == self.cursor.direction else self.palette.dim
        brush.add(f" {ARROWS[direction]} " if self.trace.bidirectional else "   ", selected)
        if self.shown.start == 0:
            self._end(brush, -1, direction)
        self._link(brush, self.shown.start - 1, direction, GUTTER - brush.column)
        for row in self.shown:
            self._node(brush, row, direction)
            self._link(brush, row, direction, self.size - 1)
        if self.shown.stop == self.trace.steps:
            self._end(brush, self.trace.steps, direction)

    def _node(self, brush: Brush, row: int, direction: Direction) -> None:
        palette, place = self.palette, self.place_of(row, direction)
        one = self.study.gradients.of(self.cursor.layer, direction)
        enters = self.cursor.walk == "back" and any(values[row].any() for values in one.local.values())
        none = self.dropped(row) or self.silent(row, direction)
        mark = "·" if none else "○" if not self.on(place) else "◆" if enters else "●"
        style = palette.faint if none or not self.on(place) else self._ink(direction)
        here = place == self.place and direction == self.cursor.direction
        brush.add(mark, palette.cursor if here else style, {"t": row + 1, "direction": direction})

    def _link(self, brush: Brush, row: int, direction: Direction, columns: int) -> None:
        """What joins a row and the next one on the screen: an arrow once the pass has gone that way."""
        rightwards = (direction == "forward") == (self.cursor.walk == "forward")
        target = row + 1 if rightwards else row
        none = self.silent(row, direction) or self.silent(row + 1, direction)
        if none or self.dropped(target) or (self.dropped(row) and target < 0) or self.severed(row, target, direction):
            brush.add("┄" * columns, self.palette.faint)
        elif not self.on(self.place_of(target, direction)):
            brush.add("─" * columns, self.palette.faint)
        else:
            brush.add("━" * (columns - 1) + "▶" if rightwards else "◀" + "━" * (columns - 1), self._ink(direction))

    def _end(self, brush: Brush, row: int, direction: Direction) -> None:
        place = self.place_of(row, direction)
        here, move = place == self.place, {"t": row + 1, "direction": direction}
        style = self.palette.lit if here and direction == self.cursor.direction else self._ink(direction)
        brush.add("○" if place == 0 else "loss", style if self.on(place) else self.palette.faint, move)

    def _ink(self, direction: Direction) -> Style:
        ink = self.palette.negative if self.cursor.walk == "forward" else self.palette.positive
        return ink + self.palette.title if direction == self.cursor.direction else ink

    def norms(self, brush: Brush) -> None:
        """The norm of every gradient that the walk has come to as a height, from the smallest to the largest one."""
        one = self.study.gradients.of(self.cursor.layer, self.cursor.direction)
        logs = one.log_norms[self.trace.states[-1]]
        finite = logs[np.isfinite(logs)]
        brush.line().add(fit(f" ‖∂{self.trace.states[-1]}‖", GUTTER), self.palette.dim)
        for row in self.shown:
            on = self.cursor.walk == "back" and self.on(self.place_of(row, self.cursor.direction))
            if on and np.isfinite(logs[row]) and finite.size:
                spread = float(finite.max() - finite.min()) or 1.0
                level = (float(logs[row]) - float(finite.min())) / spread
                brush.add(HEIGHTS[1 + round(level * (len(HEIGHTS) - 2))], self.palette.positive, {"t": row + 1})
            else:
                brush.add(" ", self.palette.text)
            brush.add(" " * (self.size - 1), self.palette.text)
