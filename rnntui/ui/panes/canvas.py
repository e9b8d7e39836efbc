"""A painting as strips, kept until the next one: most lines of a pane are the same after a step."""

from __future__ import annotations

from typing import Final

from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from rnntui.paint.painting import Painting

NOTHING: Final = Painting([])


class Canvas:
    """What a pane shows: the last painting, line by line, on the pane's background."""

    def __init__(self) -> None:
        self.size = Size(-1, -1)
        self.painting = NOTHING
        self._style = Style.null()
        self._strips: list[Strip] = []

    def line(self, y: int) -> Strip:
        """One line, as wide as the pane."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(max(0, self.size.width), self._style)

    def draw(self, painting: Painting, size: Size, style: Style) -> list[int]:
        """Take another painting; the answer is which lines differ from the last one."""
        every = size != self.size or style != self._style
        before, strips = self.painting.lines, []
        changed = []
        for y in range(size.height):
            line = painting.lines[y] if y < len(painting.lines) else []
            if not every and y < len(self._strips) and line == (before[y] if y < len(before) else []):
                strips.append(self._strips[y])
                continue
            changed.append(y)
            strips.append(Strip(line).apply_style(style).adjust_cell_length(size.width, style))
        self.painting, self.size, self._style, self._strips = painting, size, style, strips
        return changed
