"""Send the terminal only the cells that changed.

Textual repaints a dirty span from the left edge of its widget, and the whole screen for a modal; over SSH that is what
makes a step slow. An app has many screens but one terminal, so frames are compared where all of them leave the app.
This is the one file that touches Textual's private parts; where they are missing it stands aside (`supported`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from inspect import signature
from typing import Any, Final, cast

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual import events, on
from textual.app import App, ReturnType
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from rnntui.ui.memory import Memory, Placed

try:
    from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
except ImportError:  # not the Textual this was written for, as supported() will say
    ChopsUpdate = CompositorUpdate = LayoutUpdate = object  # type: ignore[assignment, misc]

log = logging.getLogger(__name__)

SECONDS_HELD: Final = 0.01
"""How long frames are held back while another screen takes over: enough for its styles and its layout."""


@cache
def supported() -> bool:
    """Whether this Textual has the private parts that comparing frames needs."""
    needs: list[tuple[Callable[..., object] | None, set[str]]] = [
        (getattr(App, "_display", None), {"screen", "renderable"}),
        (getattr(Strip, "render_ansi", None), {"style", "color_system"}),
        (getattr(LayoutUpdate, "__init__", None), {"strips", "region"}),
        (getattr(ChopsUpdate, "__init__", None), {"chops", "spans", "chop_ends"}),
    ]
    fits = all(method and names <= signature(method).parameters.keys() for method, names in needs)
    if not fits:
        log.warning("frames are sent as Textual makes them: its private parts are not as expected")
    return fits


def _strips(update: LayoutUpdate | ChopsUpdate) -> Iterator[Placed]:
    """What an update paints, row by row."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield y, x, x + strip.cell_length, strip
                x += strip.cell_length
    else:
        for y, x1, x2 in update.spans:
            for (x, chop), end in zip(update.chops[y].items(), update.chop_ends[y], strict=False):
                if chop is not None and x < x2 and end > x1:
                    yield y, x, end, chop


@dataclass
class _Changes(CompositorUpdate):
    """An update of Textual's that is compared with the terminal at the moment it is sent."""

    update: LayoutUpdate | ChopsUpdate
    memory: Memory
    size: Size

    def render_segments(self, console: Console) -> str:
        """What to send; should comparing ever fail, what Textual would have sent."""
        try:
            colours = console._color_system or ColorSystem.TRUECOLOR  # as Strip.render chooses
            return self.memory.draw(_strips(self.update), colours, self.size)
        except Exception:
            log.exception("frames are sent as Textual makes them from now on")
            self.memory.usable = False
            return self.update.render_segments(console)


class DiffApp(App[ReturnType]):
    """An app that sends its terminal only the cells that changed, whichever screen or modal they are on."""

    @cached_property
    def _frame_memory(self) -> Memory:
        return Memory()

    def invalidate(self) -> None:
        """Repaint everything: something else may have written on the terminal."""
        self._frame_memory.size = (0, 0)
        self.refresh()

    @on(events.Mount)
    def _watch_for_resume(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _: self.invalidate(), immediate=True)

    @on(events.Resize)
    def _terminal_resized(self) -> None:
        self.invalidate()

    def delay_update(self, delay: float = SECONDS_HELD) -> None:
        """Hold frames back for a moment, see `App.delay_update`; its 0.05 s were most of what a switch took."""
        super().delay_update(min(delay, SECONDS_HELD))

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        memory = self._frame_memory
        if supported() and memory.usable and isinstance(renderable, LayoutUpdate | ChopsUpdate):
            renderable = cast("RenderableType", _Changes(renderable, memory, self.size))
        super()._display(screen, renderable)


def ask_position(app: App[Any]) -> bool:
    """Ask the terminal where its cursor is; the answer, a CursorPosition event, comes once all before it is drawn.

    False where there is no terminal that could answer.
    """
    driver = getattr(app, "_driver", None)
    if driver is None or app.is_headless:
        return False
    driver.write("\x1b[6n")
    driver.flush()
    return True
