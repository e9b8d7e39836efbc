"""What every painter returns: lines of styled text, and which cursor each spot of them stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rich.segment import Segment

Line = list[Segment]


@dataclass(frozen=True)
class Hit:
    """A spot that can be clicked: columns left ≤ x < right of line y, and the cursor fields that a click sets."""

    y: int
    left: int
    right: int
    move: Mapping[str, object]


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
        return next((hit.move for hit in self.hits if hit.y == y and hit.left <= x < hit.right), None)

    def lowered(self, lines: int) -> Painting:
        """The same picture with empty lines above it."""
        if lines < 1:
            return self
        hits = [replace(hit, y=hit.y + lines) for hit in self.hits]
        return Painting([*([] for _ in range(lines)), *self.lines], hits)
