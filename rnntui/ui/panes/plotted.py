"""A pane whose picture takes long to draw: while its size changes, the last one stands there, cut or with room left."""

from __future__ import annotations

from typing import Final

from textual.geometry import Size
from textual.timer import Timer

from rnntui.paint.painting import Painting
from rnntui.ui.panes.painted import PaintedPane

PATIENCE: Final = 0.08
"""Seconds for which a size must have lasted until a plot is drawn for it."""


class PlotPane(PaintedPane):
    """Draws at once what is new, and anew once its size has come to rest."""

    _settled: Size | None = None
    _waiting: Timer | None = None

    def painting(self) -> Painting:
        """The picture at the pane's size; while that changes, the last one."""
        if self._settled is None or self._settled == self.content_size:
            self._settled = self.content_size
            return super().painting()
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(PATIENCE, self.settle)
        return self.canvas.painting

    def settle(self) -> None:
        """The size has come to rest."""
        self._waiting, self._settled = None, self.content_size
        self.repaint()
