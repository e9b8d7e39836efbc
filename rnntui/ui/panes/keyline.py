"""The last line of the screen: the keys that are live, as many as fit, never cut in the middle."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget


class KeyLine(Widget):
    """The keys that are live now; keys that would do nothing are dim; a click presses the key."""

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._updated)

    def _updated(self, _screen: Screen[object]) -> None:
        if self.is_attached and tuple(self._keys()) != getattr(self, "_shown", None):
            self.refresh()

    def _keys(self) -> list[tuple[str, str, bool]]:
        shown: dict[str, tuple[str, str, bool]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or binding.id in shown:
                continue
            shown[binding.id or binding.action] = (
                self._display(binding.key_display, binding.key),
                binding.description,
                active.enabled,
            )
        return sorted(shown.values(), key=lambda key: key[0] == "?")

    def _display(self, display: str | None, key: str) -> str:
        return display if display is not None else key

    def render(self) -> RenderResult:
        """Keys from the left until the line is full; the help key is always there."""
        keys = self._keys()
        self._shown = tuple(keys)
        *others, last = keys or [("?", "help", True)]
        room = self.size.width - self._width(last) - 1
        pieces: list[tuple[str, str] | str] = [" "]
        for key in others:
            if self._width(key) > room:
                break
            room -= self._width(key)
            pieces += self._piece(key)
        return Content.assemble(*pieces, *self._piece(last))

    @staticmethod
    def _width(key: tuple[str, str, bool]) -> int:
        return len(key[0]) + len(key[1]) + 3

    @staticmethod
    def _piece(key: tuple[str, str, bool]) -> list[tuple[str, str] | str]:
        name, description, enabled = key
        return [(name, "bold $accent" if enabled else "dim"), " ", (description, "" if enabled else "dim"), "  "]

    async def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        x = 1
        for key in self._shown:
            x += self._width(key)
            if event.x < x:
                await self._press(key)
                return

    async def _press(self, key: tuple[str, str, bool]) -> None:
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.description == key[1] and active.enabled:
                await self.app.run_action(binding.action, active.node)
                return
