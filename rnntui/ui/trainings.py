"""What is asked about a training before it is changed; each answers with what is to be trained, or with nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from rnntui import scene as scenes
from rnntui.training.progress import Progress
from rnntui.training.spec import CELLS, PRESETS, preset
from rnntui.ui.screens.ask import ChoiceScreen

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp


async def cell(app: RnntuiApp, progress: Progress) -> Progress | None:
    """Another cell, with the settings that suit it in the same time."""
    choices = [(name, f"{name:<10}{scenes.cell_about(name)}") for name in CELLS]
    chosen = await app.push_screen_wait(ChoiceScreen("Which cell is to learn?", choices, progress.spec.cell))
    if chosen is None or chosen == progress.spec.cell:
        return None
    return replace(progress, spec=preset(progress.seconds, chosen))


async def seconds(app: RnntuiApp, progress: Progress) -> Progress | None:
    """Another length, with what is worth training in it."""
    choices = [(str(one), _described(one)) for one in PRESETS]
    label = "About how long is it to learn?"
    chosen = await app.push_screen_wait(ChoiceScreen(label, choices, str(progress.seconds)))
    if chosen is None or int(chosen) == progress.seconds:
        return None
    return replace(progress, spec=preset(int(chosen)), seconds=int(chosen))


def _described(seconds: int) -> str:
    spec = PRESETS[seconds]
    time = f"{seconds} s" if seconds < 120 else f"{seconds // 60} minutes"
    return f"{time:<12}{spec.cell}, {spec.hidden} units"


CHANGES: dict[str, Callable[[RnntuiApp, Progress], Awaitable[Progress | None]]] = {"cell": cell, "seconds": seconds}
