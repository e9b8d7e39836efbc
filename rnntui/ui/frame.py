"""Send the terminal only the cells that changed.

Textual repaints a dirty span from the left edge of its widget, and the whole screen for a modal; over SSH that is what
makes a step slow. An app has many screens but one terminal, so frames are compared where all of them leave the app.
This is the one file that touches Textual's private parts; where they are missing it stands aside (`supported`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from inspect import signature
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, cast

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual import events, on
from textual.app import App, ReturnType
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from rnntui.ui.ink import PLAIN, Ink, cells, change

try:
    from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
except ImportError:  # not the Textual this was written for, as supported() will say
    ChopsUpdate = CompositorUpdate = LayoutUpdate = object  # type: ignore[assignment, misc]

log = logging.getLogger(__name__)

UNKNOWN = "\0"  # in a cell: nobody knows what the terminal shows there; it is never sent
BRIDGE = 3  # the widest gap worth repainting: moving the cursor costs four to eight bytes


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


class _Run(NamedTuple):
    """Cells beside each other that look alike and have to be sent."""

    y: int
    x: int
    text: str
    end: int
    """The column behind the run, or -1 where terminals disagree how wide its last character is."""


def _strips(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, int, Strip]]:
    """What an update paints, row by row: the row, the first column, the column past the last, the strip."""
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
class _Memory:
    """What the terminal shows, as far as we know."""

    size: tuple[int, int] = (0, 0)
    texts: list[list[str]] = field(default_factory=list)
    inks: list[list[Ink]] = field(default_factory=list)
    usable: bool = True
    pen: Ink | None = None
    out: list[str] = field(default_factory=list)
    runs: dict[Ink, list[_Run]] = field(default_factory=dict)
    """What the frame changes."""
    ordered: list[tuple[Ink, _Run]] = field(default_factory=list)
    """What it changes in rows that must be written from left to right."""

    def draw(self, update: LayoutUpdate | ChopsUpdate, console: Console, size: Size) -> str:
        """What to send so that a terminal of this size shows an update; it counts as sent."""
        if size != self.size:
            self.size = size
            self.texts = [[UNKNOWN] * size.width for _ in range(size.height)]
            self.inks = [[PLAIN] * size.width for _ in range(size.height)]
        colours = console._color_system or ColorSystem.TRUECOLOR  # as Strip.render chooses
        self.pen, self.out, self.runs, self.ordered = None, [], {}, []
        for y, strips in groupby((strip for strip in _strips(update) if strip[0] < size.height), itemgetter(0)):
            texts, inks = self.texts[y][:], self.inks[y][:]
            seams = set[int]()
            for _, x, end, strip in strips:
                new, looks = cells(strip, colours)
                del new[max(0, min(end, size.width) - x) :]
                texts[x : x + len(new)], inks[x : x + len(new)] = new, looks[: len(new)]
                seams |= {x, x + len(new)}
            for x in seams & set(range(1, size.width + 1)):  # of a wide character half painted over, a blank remains
                second = texts[x : x + 1] == [""]
                if (cell_len(texts[x - 1]) == 2) != second:
                    texts[x if second else x - 1] = " "
            if texts != self.texts[y] or inks != self.inks[y]:
                self._draw_row(y, texts, inks)
        self._write_runs()
        if self.out:
            self._write("", PLAIN)
        return "".join(self.out)

    def _write_runs(self) -> None:
        """Write what changed ink by ink: another ink costs far more than another place."""
        inks = sorted(self.runs, key=lambda ink: (ink.background, ink.attributes, ink.foreground, ink.link))
        y, x, plain = -1, -1, False
        rows = [(ink, run) for ink in inks for run in self.runs[ink]]
        for ink, run in [*rows, *self.ordered]:
            if (run.y, run.x) != (y, x):
                near = plain and run.y == y and 0 <= x < run.x
                self.out.append(f"\x1b[{run.x - x}C" if near else f"\x1b[{run.y + 1};{run.x + 1}H")
            self._write(run.text, ink)
            y, x, plain = run.y, run.end, run.text.isascii()

    def _write(self, text: str, ink: Ink) -> None:
        if ink != self.pen:
            self.out.append(change(self.pen, ink))
            self.pen = ink
        self.out.append(text)

    def _draw_row(self, y: int, texts: list[str], inks: list[Ink]) -> None:
        now = enumerate(zip(texts, inks, self.texts[y], self.inks[y], strict=True))
        changed = [x for x, (text, ink, was, had) in now if text != UNKNOWN and (text != was or ink != had)]
        changed = list(dict.fromkeys(x if texts[x] else x - 1 for x in changed))
        self.texts[y], self.inks[y] = texts, inks
        fragile = {x for x in changed if len(texts[x]) > 1 and "" in texts[x + 1 : x + 2]}
        if fragile:  # terminals disagree about the width of emoji made of several code points: place the rest anew
            rest = range(min(fragile), len(texts))
            changed = [x for x in changed if x < rest.start] + [x for x in rest if texts[x] not in {"", UNKNOWN}]
        runs: list[tuple[Ink, _Run]] = []
        for x in changed:
            ink, end = inks[x], -1 if x in fragile else x + 1 + ("" in texts[x + 1 : x + 2])
            looks, run = runs[-1] if runs else (None, _Run(y, -1, "", -1))
            gap = range(run.end, x) if looks == ink and 0 <= x - run.end <= BRIDGE and run.end >= 0 else None
            if gap is not None and all(inks[i] == ink and len(texts[i]) == 1 and texts[i] != UNKNOWN for i in gap):
                runs[-1] = ink, _Run(y, run.x, run.text + "".join(texts[run.end : x]) + texts[x], end)
            else:
                runs.append((ink, _Run(y, x, texts[x], end)))
        if fragile:
            self.ordered += runs
            return
        for ink, run in runs:
            self.runs.setdefault(ink, []).append(run)


@dataclass
class _Changes(CompositorUpdate):
    """An update of Textual's that is compared with the terminal at the moment it is sent."""

    update: LayoutUpdate | ChopsUpdate
    memory: _Memory
    size: Size

    def render_segments(self, console: Console) -> str:
        """What to send; should comparing ever fail, what Textual would have sent."""
        try:
            return self.memory.draw(self.update, console, self.size)
        except Exception:
            log.exception("frames are sent as Textual makes them from now on")
            self.memory.usable = False
            return self.update.render_segments(console)


class DiffApp(App[ReturnType]):
    """An app that sends its terminal only the cells that changed, whichever screen or modal they are on."""

    @cached_property
    def _frame_memory(self) -> _Memory:
        return _Memory()

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
