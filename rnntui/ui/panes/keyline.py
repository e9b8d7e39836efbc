"""The last line of the screen: the keys that are live, as many as fit, never cut in the middle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from rnntui.ui.help import spoken

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

Key = tuple[str, str, str, bool]
"""A binding's id, its key's name, what that does, and whether it does anything now."""


IN_ASCII: Final = {"⏎": "enter", "⌫": "backspace", "←→": "left/right", "↑↓": "up/down"}
"""What keys are called where there are no pictures of them, and `<` would be another key."""


class KeyLine(Widget):
    """The keys that are live now; keys that would do nothing are dim; a click presses the key."""

    app: RnntuiApp

    def __init__(self) -> None:
        super().__init__()
        self._live: tuple[Key, ...] = ()
        self._drawn: tuple[Key, ...] = ()

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._updated)

    def _updated(self, _screen: Screen[object]) -> None:
        self.call_after_refresh(self._follow)  # what was pressed for is seen first

    def _follow(self) -> None:
        if self.is_attached and tuple(self._keys()) != self._live:
            self.refresh()

    def _keys(self) -> list[Key]:
        """The live keys in the order in which their bindings are written, whatever keys they have been given."""
        for_now: Mapping[str, str] = getattr(self.screen, "for_now", {})
        shown: dict[str, Key] = {}
        places: dict[str, int] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            for written in vars(type(active.node)).get("BINDINGS", ()):
                places.setdefault(written.id, len(places))
            if binding.show and binding.id and binding.id not in shown:
                name = binding.key_display if binding.key_display is not None else spoken(binding.key)
                name = IN_ASCII.get(name, name) if self.app.ascii else name
                words = for_now.get(binding.id, binding.description)
                shown[binding.id] = (binding.id, name, words, active.enabled)
        order = sorted(shown, key=lambda name: (name.endswith(".help"), places.get(name, 0)))
        return [shown[name] for name in order]

    def render(self) -> RenderResult:
        """Keys from the left until the line is full; the help key is always there."""
        self._live = tuple(self._keys())
        *others, last = self._live or (("", "?", "help", True),)
        room = self.size.width - self._width(last) - 1
        drawn = []
        for key in others:
            room -= self._width(key)
            if room < 0:
                break
            drawn.append(key)
        self._drawn = (*drawn, last)
        return Content.assemble(" ", *(piece for key in self._drawn for piece in self._piece(key)))

    @staticmethod
    def _width(key: Key) -> int:
        return len(key[1]) + len(key[2]) + 3

    @staticmethod
    def _piece(key: Key) -> list[tuple[str, str] | str]:
        _, name, words, enabled = key
        return [(name, "bold $accent" if enabled else "dim"), " ", (words, "" if enabled else "dim"), "  "]

    async def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        x = 1
        for key in self._drawn:
            x += self._width(key)
            if event.x < x:
                await self._press(key)
                return

    async def _press(self, key: Key) -> None:
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.id == key[0] and active.enabled:
                await self.app.run_action(binding.action, active.node)
                return
