"""What every painter returns: lines of styled text, and which cursor each spot of them stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.segment import Segment

Line = list[Segment]


class Hit(NamedTuple):
    """A spot that can be clicked: columns left ≤ x < right of line y, and the cursor fields that a click sets."""

    y: int
    left: int
    right: int
    move: Mapping[str, object]
    each: int = 0
    """The columns of one step where several stand side by side, the first of them at the move's t; 0 for one spot."""

    def at(self, x: int) -> Mapping[str, object]:
        """What a click at column x sets."""
        t = self.move.get("t")
        return {**self.move, "t": t + (x - self.left) // self.each} if self.each and isinstance(t, int) else self.move


@dataclass(frozen=True)
class Painting:
    """A picture made of text, at most as wide and as high as was asked for."""

    lines: list[Line]
    hits: list[Hit] = field(default_factory=list)

    def text(self) -> str:
        """The picture without its styles, one line of text a line."""
        return "\n".join("".join(segment.text for segment in line).rstrip() for line in self.lines)

    def hit(self, x: int, y: int) -> Mapping[str, object] | None:
        """What a click at column x of line y points to."""
        return next((hit.at(x) for hit in self.hits if hit.y == y and hit.left <= x < hit.right), None)

    def lowered(self, lines: int) -> Painting:
        """The same picture with empty lines above it."""
        if lines < 1:
            return self
        hits = [Hit(y + lines, left, right, move, each) for y, left, right, move, each in self.hits]
        return Painting([*([] for _ in range(lines)), *self.lines], hits)
