"""A pane whose picture takes long to draw: while the window changes, the last one stands there, cut or with room.

The curve of a training grows ten times a second, by less than a column; it is drawn a few times a second.
"""

from __future__ import annotations

import time
from math import inf
from typing import Final

from textual.geometry import Size
from textual.timer import Timer

from rnntui.paint.painting import Painting
from rnntui.training.progress import Progress
from rnntui.ui.panes.painted import PaintedPane, Record

PATIENCE: Final = 0.08
"""Seconds for which the window must have kept its size until a plot is drawn for it."""
APART: Final = 0.4
"""Seconds between two pictures of a curve that only grows."""


class PlotPane(PaintedPane):
    """Draws at once what is new, a curve that grows now and then, and anew once the window's size has come to rest."""

    _window: Size | None = None
    """The size for which it was drawn."""
    _waiting: Timer | None = None
    _drawn: Record | Progress | None = None
    _drawn_at: float = -inf
    _grows: Timer | None = None
    """Until the growth that was left out is drawn."""

    def watch_record(self) -> None:
        """Show another record; one that is only longer, after a while."""
        left = self._drawn_at + APART - time.monotonic()
        if left <= 0 or not longer(self._drawn, self.record):
            self.draw()
        elif self._grows is None:
            self._grows = self.set_timer(left, self.draw)

    def draw(self) -> None:
        """Show the record as it is now."""
        if self._grows is not None:
            self._grows.stop()
        self._grows, self._drawn, self._drawn_at = None, self.record, time.monotonic()
        super().watch_record()

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


def longer(before: Record | Progress | None, now: Record | Progress | None) -> bool:
    """Whether a training goes on as it did, so that only its curves have grown."""
    if not (isinstance(before, Progress) and isinstance(now, Progress)):
        return False
    same = before.past is now.past and before.earlier is now.earlier and before.spec is now.spec
    return before.state == now.state == "training" and same
