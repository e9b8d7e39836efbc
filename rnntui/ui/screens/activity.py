"""What every activity's screen does alike: it moves one cursor, plays by itself, and changes what is looked at."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from contextlib import suppress
from dataclasses import replace
from typing import Final

from textual import events, work
from textual.binding import BindingType
from textual.widget import Widget

from rnntui.scene import FALLBACK
from rnntui.ui.arrangement import TOO_SMALL
from rnntui.ui.autoplay import Autoplay
from rnntui.ui.export import Table
from rnntui.ui.help import HELP, page
from rnntui.ui.keys import APP
from rnntui.ui.messages import Pointed
from rnntui.ui.panes.board import Board
from rnntui.ui.screens.ask import PageScreen
from rnntui.ui.screens.changes import CHANGES, Pictured, go_to, write_pane
from rnntui.ui.screens.looking import LookingScreen

SECONDS_TO_ASK: Final = 5.0
TOO_SMALL_WORDS: Final = "rnntui needs 40 × 12 cells or more.\nEnlarge the window, or press q."


class ActivityScreen(LookingScreen):
    """A screen with a board of panes that share one cursor."""

    def __init__(self) -> None:
        super().__init__()
        self.changing = asyncio.Lock()
        self.autoplay = Autoplay(self.app, self.advance, self.app.settings.speed)

    @abstractmethod
    def table(self, pane: Widget) -> Table:
        """The values that a pane shows."""

    @property
    @abstractmethod
    def board(self) -> Board:
        """The panes that share the middle of the screen."""

    def on_resize(self, event: events.Resize) -> None:
        """On a screen too small for anything, say so and nothing else."""
        self.set_class(event.size.width < TOO_SMALL[0] or event.size.height < TOO_SMALL[1], "too-small")
        self.board.fit_panes()

    def on_screen_suspend(self) -> None:
        """Whoever looks at something else is not left behind by the clock."""
        self.autoplay.stop()

    def on_screen_resume(self) -> None:
        """Come back in the colours that were chosen meanwhile, and open here next time."""
        self.palette = self.app.palette
        self.watch_cursor(self.cursor)

    @property
    def text_row(self) -> int:
        """The row of the screen on which the text stands."""
        return self.query_one("#sequence").region.y

    # Moving about

    def on_pointed(self, event: Pointed) -> None:
        """Go where somebody pointed."""
        if self.trace is not None:
            self.cursor = self.MANNER.point(self.trace, self.cursor, event.move)

    def action_pane(self, by: int) -> None:
        """Focus the next pane."""
        self.board.cycle(by)

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
        self.app.say(f"{speed:g} steps a second; Space plays and stops.")

    def action_close(self) -> None:
        """Stop playing."""
        if self.autoplay.playing:
            self.action_play()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would change nothing."""
        if self.trace is None or not self.is_mounted:
            return action in ("change", "help", "close") or None
        if action == "move":
            how, by = parameters
            return True if self.MANNER.keys[str(how)](self.trace, self.cursor, int(str(by))) != self.cursor else None
        history = self.pending.history if self.pending is not None else self.history
        possible = {
            "undo": bool(history.past),
            "redo": bool(history.future),
            "change": parameters != ("export",) or self.focused is not None,
        }
        return True if possible.get(action, True) else None

    # Changing what is looked at

    async def action_change(self, what: str) -> None:
        """Begin a change; the keys that follow wait until its question is open, so that none goes astray."""
        self.autoplay.stop()
        self.app.asked.clear()
        self.change(what)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.app.asked.wait(), SECONDS_TO_ASK)

    @work(group="change")
    async def change(self, what: str) -> None:
        """Ask for a change, then show it; what cannot be used is said, and nothing is lost."""
        pane = self.focused
        async with self.changing:
            try:
                await self.changed(what, pane)
            except Exception as error:  # noqa: BLE001 - a change that fails is said, and the app goes on
                self.app.say(error)
            finally:
                self.app.asked.set()

    async def changed(self, what: str, pane: Widget | None) -> None:
        """Make one change, from what was asked for last. Raises BadInput for what cannot be used."""
        newest = self.newest()
        if what in CHANGES:
            scene = await CHANGES[what](self.app, newest.scene if newest is not None else FALLBACK)
            if scene is not None:
                await self.app.open(scene, keep_place=what not in ("open", "copy"))
        elif self.record is not None and what == "go":
            self.cursor = await go_to(self.app, self.cursor, self.record.clamp)
        elif self.trace is not None and isinstance(pane, Pictured):
            written = await write_pane(self.app, self.trace.cell, pane, self.table)
            if written:
                self.app.say(f"Written: {written}")

    def action_undo(self) -> None:
        """Show the scene before the last change."""
        newest = self.newest()
        if newest is not None and newest.history.past:
            self.show(newest.history.past[-1], newest.history.undone(newest.scene))

    def action_redo(self) -> None:
        """Show the scene that was taken back."""
        newest = self.newest()
        if newest is not None and newest.history.future:
            self.show(newest.history.future[0], newest.history.redone(newest.scene))

    def action_help(self) -> None:
        """What the focused pane shows, and every key."""
        self.autoplay.stop()
        about = getattr(self.focused, "help_text", "") or HELP[self.ACTIVITY]
        bindings: list[BindingType] = [*self.BINDINGS, *APP]
        self.app.push_screen(PageScreen("Help", page(about, bindings)))
