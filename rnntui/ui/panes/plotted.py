"""A pane whose picture takes long to draw: while its size changes, the last one stands there, cut or with room left."""

from __future__ import annotations

from typing import Final

from textual.strip import Strip
from textual.timer import Timer

from rnntui.ui.panes.canvas import NOTHING
from rnntui.ui.panes.painted import PaintedPane

PATIENCE: Final = 0.08
"""Seconds for which a size must have lasted until a plot is drawn for it."""


class PlotPane(PaintedPane):
    """Draws at once what is new, and anew once its size has come to rest."""

    _waiting: Timer | None = None

    def render_line(self, y: int) -> Strip:
        """One line of the picture; of the last one while the size changes."""
        if self.canvas.painting is NOTHING or self.canvas.size == self.content_size:
            return super().render_line(y)
        if y == 0:
            if self._waiting is not None:
                self._waiting.stop()
            self._waiting = self.set_timer(PATIENCE, self.settle)
        return self.canvas.line(y).adjust_cell_length(self.content_size.width, self.rich_style)

    def settle(self) -> None:
        """The size has come to rest."""
        self._waiting = None
        self.repaint()
