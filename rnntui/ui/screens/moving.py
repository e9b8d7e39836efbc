"""What moves on an activity's screen: one cursor over one record, by keys, by the mouse and by the clock."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import ClassVar

from textual.reactive import reactive

from rnntui.core.flow import Study
from rnntui.core.trace import Trace
from rnntui.scene import Cursor
from rnntui.ui.autoplay import Autoplay
from rnntui.ui.messages import Pointed
from rnntui.ui.moves import Manner
from rnntui.ui.panes.board import Board
from rnntui.ui.panes.painted import Record
from rnntui.ui.screens.changing import ChangingScreen


class MovingScreen(ChangingScreen):
    """A screen whose cursor moves in its activity's manner."""

    MANNER: ClassVar[Manner]
    """How its cursor moves."""

    record: reactive[Record | None] = reactive(None, bindings=True, repaint=False)
    """What the lab answered for the scene."""
    cursor: reactive[Cursor] = reactive(Cursor(), repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self.possible: frozenset[tuple[str, int]] = frozenset()
        """The moves that lead elsewhere from the cursor."""
        self.autoplay = Autoplay(self.app, self.advance, self.app.settings.speed)

    @property
    def trace(self) -> Trace | None:
        """The forward pass of what is on the screen."""
        return self.record.trace if isinstance(self.record, Study) else self.record

    @property
    @abstractmethod
    def board(self) -> Board:
        """The panes that share the middle of the screen."""

    def on_screen_suspend(self) -> None:
        """Whoever looks at something else is not left behind by the clock."""
        self.autoplay.stop()

    def on_pointed(self, event: Pointed) -> None:
        """Go where somebody pointed."""
        if self.trace is not None:
            self.cursor = self.MANNER.point(self.trace, self.cursor, event.move)

    def action_pane(self, by: int) -> None:
        """Focus the next pane."""
        self.board.cycle(by)

    def find_possible(self) -> None:
        """Look which moves are possible now; keys are asked about again only where that has changed."""
        trace, keys = self.trace, self.MANNER.keys
        ways = ((how, by) for how in keys for by in (1, -1)) if trace is not None else ()
        possible = frozenset(
            (how, by) for how, by in ways if trace and keys[how](trace, self.cursor, by) != self.cursor
        )
        if possible != self.possible:
            self.possible = possible
            self.refresh_bindings()

    def action_move(self, how: str, by: int) -> None:
        """Move the cursor in one of the activity's ways."""
        if self.trace is not None:
            self.cursor = self.MANNER.keys[how](self.trace, self.cursor, by)

    def advance(self) -> bool:
        """One step of auto-play; False at the end."""
        if self.trace is None:
            return False
        following = self.MANNER.onward(self.trace, self.cursor)
        moved = following != self.cursor
        self.cursor = following
        return moved

    def action_play(self) -> None:
        """Step by itself, or stop; from the end, begin again."""
        if self.autoplay.playing:
            self.autoplay.stop()
        elif self.trace is not None:
            if self.MANNER.onward(self.trace, self.cursor) == self.cursor:
                self.cursor = self.MANNER.again(self.trace, self.cursor)
            self.autoplay.start()
        self.refresh_bindings()

    def action_speed(self, by: int) -> None:
        """Play faster or slower."""
        speed = self.autoplay.faster(by)
        self.app.settings = replace(self.app.settings, speed=speed)
        self.app.say(f"{speed:g} {'step' if speed == 1 else 'steps'} a second; Space plays and stops.")

    def action_close(self) -> None:
        """Stop playing."""
        if self.autoplay.playing:
            self.action_play()
