"""What the command palette lists: every live key's action by its name, and the themes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.binding import ActiveBinding
from textual.screen import Screen

from rnntui.ui.help import spoken
from rnntui.ui.themes import THEMES

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp


def commands(app: RnntuiApp, screen: Screen[Any]) -> Iterable[SystemCommand]:
    """Each action runs where it is at home, once the palette is gone."""
    for active in _live(screen):
        binding = active.binding
        title = f"{binding.tooltip or binding.description}  ·  {spoken(binding.key)}"
        run = partial(app.call_later, app.run_action, binding.action, active.node)
        yield SystemCommand(title, binding.description, run)
    for name, theme in THEMES.items():
        wear = partial(setattr, app, "theme", theme.name)
        yield SystemCommand(f"Theme: {name}", "Colours of the whole app", wear)


def _live(screen: Screen[Any]) -> list[ActiveBinding]:
    found = {active.binding.id or active.binding.action: active for active in screen.active_bindings.values()}
    return [active for active in found.values() if active.binding.tooltip and active.enabled]
