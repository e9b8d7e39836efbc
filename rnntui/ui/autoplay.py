"""Steps by itself, no faster than the terminal can draw.

Textual never drops a frame: over a slow line frames queue up and keys wait behind them. So each step asks the terminal
where its cursor is (CPR), and the next step waits for the answer. A terminal that does not answer within two seconds
is stepped by the clock alone.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from textual.timer import Timer

from rnntui.ui.frame import ask_position

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 20.0)
"""Steps a second."""
PATIENCE = 2.0
"""Seconds after which a terminal that has not answered is taken to be one that never does."""


class Autoplay:
    """The clock that steps, started and stopped by one key."""

    def __init__(self, app: RnntuiApp, advance: Callable[[], bool], speed: float) -> None:
        self.app = app
        self.advance = advance
        """Goes one step on; False at the end."""
        self.speed = min(range(len(SPEEDS)), key=lambda place: abs(SPEEDS[place] - speed))
        self.answers = True
        self.asked: float | None = None
        self._timer: Timer | None = None

    @property
    def playing(self) -> bool:
        """Whether the clock runs."""
        return self._timer is not None

    def start(self) -> None:
        """Begin to step."""
        self.stop()
        self.asked = None
        self._timer = self.app.set_interval(1 / SPEEDS[self.speed], self.tick)

    def stop(self) -> None:
        """Stand still."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def faster(self, by: int) -> float:
        """Change the speed; gives the steps a second that it is now."""
        self.speed = min(max(self.speed + by, 0), len(SPEEDS) - 1)
        if self.playing:
            self.start()
        return SPEEDS[self.speed]

    def tick(self) -> None:
        """One step, unless the terminal is still busy with the last one."""
        if self.asked is not None and self.answers:
            if monotonic() - self.asked < PATIENCE:
                return
            self.answers = False
        if not self.advance():
            self.stop()
            return
        if self.answers:
            self.answers = ask_position(self.app)
            self.asked = monotonic() if self.answers else None

    def answered(self) -> None:
        """The terminal has drawn what it was sent."""
        self.asked = None
