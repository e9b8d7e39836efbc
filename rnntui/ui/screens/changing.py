"""A screen on which a person changes something by a question; the keys typed meanwhile are for the question."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from textual import work
from textual.screen import Screen
from textual.widget import Widget

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

SECONDS_TO_ASK: Final = 5.0


class ChangingScreen(Screen[None]):
    """Asks for one change after the other; what a change is, is up to the screen made of this."""

    app: RnntuiApp

    def __init__(self) -> None:
        super().__init__(classes="activity")
        self.changing = asyncio.Lock()

    @abstractmethod
    async def changed(self, what: str, pane: Widget | None) -> None:
        """Make one change; `pane` was focused when it was begun. Raises BadInput for what cannot be used."""

    async def action_change(self, what: str) -> None:
        """Begin a change; the keys that follow wait until its question is open, so that none goes astray."""
        self.app.asked.clear()
        self.change(what)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.app.asked.wait(), SECONDS_TO_ASK)

    @work(group="change")
    async def change(self, what: str) -> None:
        """Ask for a change, then make it; what cannot be used is said, and nothing is lost."""
        pane = self.focused
        async with self.changing:
            try:
                await self.changed(what, pane)
            except Exception as error:  # noqa: BLE001 - a change that fails is said, and the app goes on
                self.app.say(error)
            finally:
                self.app.asked.set()
