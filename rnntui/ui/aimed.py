"""Keys that are on their way while a question opens or closes: each reaches the screen that it was meant for."""

from __future__ import annotations

from textual import events
from textual.widget import Widget

from rnntui.ui.frame import DiffApp


class AimedApp(DiffApp[int]):
    """An app whose keys typed ahead are never lost to a screen that is no longer in front."""

    async def on_event(self, event: events.Event) -> None:
        """Note on each key which widget it is sent to."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            event.__dict__["aimed_at"] = self.focused or self.screen
        await super().on_event(event)

    async def on_key(self, event: events.Key) -> None:
        """A key that was sent to a screen which is no longer in front belongs to the one that is."""
        aimed_at = event.__dict__.get("aimed_at")
        if isinstance(aimed_at, Widget) and not (aimed_at.is_attached and aimed_at.screen is self.screen):
            event.prevent_default()
            await self.on_event(events.Key(event.key, event.character))
