"""A pane whose picture takes long to draw: while the window changes, the last one stands there, cut or with room."""

from __future__ import annotations

from typing import Final

from textual.geometry import Size
from textual.timer import Timer

from rnntui.paint.painting import Painting
from rnntui.ui.panes.painted import PaintedPane

PATIENCE: Final = 0.08
"""Seconds for which the window must have kept its size until a plot is drawn for it."""


class PlotPane(PaintedPane):
    """Draws at once what is new, and anew once the window's size has come to rest."""

    _window: Size | None = None
    """The size for which it was drawn."""
    _waiting: Timer | None = None

    def painting(self) -> Painting:
        """The picture at the pane's size; while the window changes, the last one."""
        if self._window is None or self._window == self.app.size:
            self._window = self.app.size
            return super().painting()
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(PATIENCE, self.settle)
        return self.canvas.painting

    def settle(self) -> None:
        """The size has come to rest."""
        self._waiting, self._window = None, self.app.size
        self.repaint()
