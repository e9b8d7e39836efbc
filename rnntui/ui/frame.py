"""Send the terminal only the cells that changed.

Textual repaints a dirty span from the left edge of its widget, and the whole screen for a modal; over SSH that is what
makes a step slow. An app has many screens but one terminal, so frames are compared where all of them leave the app.
This is the one file that touches Textual's private parts; where they are missing it stands aside (`supported`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from inspect import signature
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, cast
from unicodedata import category

from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.console import Console, RenderableType
from rich.style import Style
from textual import events, on
from textual.app import App, ReturnType
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

try:
    from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
except ImportError:  # not the Textual this was written for, as supported() will say
    ChopsUpdate = CompositorUpdate = LayoutUpdate = object  # type: ignore[assignment, misc]

log = logging.getLogger(__name__)

UNKNOWN = "\0"  # in a cell: nobody knows what the terminal shows there; it is never sent
BRIDGE = 6  # the widest gap worth repainting: moving the cursor costs six to eight bytes


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


class _Ink(NamedTuple):
    """How a cell looks, in the codes the terminal is sent; what cannot be seen, like `meta`, is left out."""

    attributes: tuple[str, ...] = ()
    foreground: str = ""
    background: str = ""
    link: str = ""


_PLAIN = _Ink()


@lru_cache(16384)
def _ink(style: Style | None, colours: ColorSystem) -> _Ink:
    if style is None:
        return _PLAIN

    def codes(colour: Color | None, foreground: bool) -> str:
        shown = None if colour is None or colour.is_default else colour.downgrade(colours)
        return ";".join(shown.get_ansi_codes(foreground)) if shown else ""

    attributes = tuple(filter(None, Strip.render_ansi(style.without_color, colours).split(";")))
    link = f"id={style.link_id};{style.link}" if style.link else ""
    return _Ink(attributes, codes(style.color, True), codes(style.bgcolor, False), link)


@lru_cache(16384)
def _change(pen: _Ink | None, ink: _Ink) -> str:
    """The shortest escape sequence from one ink to another; `None` is an ink nobody knows."""
    choices = [["0", *ink.attributes, ink.foreground, ink.background]]
    if pen is not None and ink.attributes[: len(pen.attributes)] == pen.attributes:
        foreground = "" if ink.foreground == pen.foreground else ink.foreground or "39"
        background = "" if ink.background == pen.background else ink.background or "49"
        choices.append([*ink.attributes[len(pen.attributes) :], foreground, background])
    codes = min((";".join(filter(None, choice)) for choice in choices), key=len)
    link = f"\x1b]8;{ink.link or ';'}\x1b\\" if ink.link != (pen or _PLAIN).link else ""
    return link + (f"\x1b[{codes}m" if codes else "")


@lru_cache(4096)
def _split(text: str) -> tuple[str, tuple[str, ...]]:
    """Marks that belong to the character before the text, and what stands in each cell as in `_cells`."""
    marks, wholes = "", list[str]()
    for char in text:
        if category(char) == "Cc":  # would move the terminal's cursor away from where we think it is
            continue
        last = wholes[-1] if wholes else ""
        flag = len(last) == 1 and all("\U0001f1e6" <= half <= "\U0001f1ff" for half in last + char)
        if last and (flag or last.endswith("\u200d") or not cell_len(char)) and cell_len(last + char) <= 2:
            wholes[-1] += char
        elif cell_len(char):
            wholes.append(char)
        else:
            marks += char
    return marks, tuple(cell for whole in wholes for cell in (whole, *[""] * (cell_len(whole) - 1)))


def _cells(strip: Strip, colours: ColorSystem) -> tuple[list[str], list[_Ink]]:
    """Text and ink of each cell; a wide character stands whole in its first cell, its second is the empty string."""
    texts, inks = list[str](), list[_Ink]()
    for text, style, control in strip:
        if control:
            continue
        if text.isascii() and text.isprintable():
            texts += text
        else:
            marks, split = _split(text)
            if marks and texts:
                texts[-1 if texts[-1] else -2] += marks
            texts += split
        inks += [_ink(style, colours)] * (len(texts) - len(inks))
    return texts, inks


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
    inks: list[list[_Ink]] = field(default_factory=list)
    usable: bool = True
    pen: _Ink | None = None
    out: list[str] = field(default_factory=list)

    def draw(self, update: LayoutUpdate | ChopsUpdate, console: Console, size: Size) -> str:
        """What to send so that a terminal of this size shows an update; it counts as sent."""
        if size != self.size:
            self.size = size
            self.texts = [[UNKNOWN] * size.width for _ in range(size.height)]
            self.inks = [[_PLAIN] * size.width for _ in range(size.height)]
        colours = console._color_system or ColorSystem.TRUECOLOR  # as Strip.render chooses
        self.pen, self.out = None, []
        for y, strips in groupby((strip for strip in _strips(update) if strip[0] < size.height), itemgetter(0)):
            texts, inks = self.texts[y][:], self.inks[y][:]
            seams = set[int]()
            for _, x, end, strip in strips:
                new, looks = _cells(strip, colours)
                del new[max(0, min(end, size.width) - x) :]
                texts[x : x + len(new)], inks[x : x + len(new)] = new, looks[: len(new)]
                seams |= {x, x + len(new)}
            for x in seams & set(range(1, size.width + 1)):  # of a wide character half painted over, a blank remains
                second = texts[x : x + 1] == [""]
                if (cell_len(texts[x - 1]) == 2) != second:
                    texts[x if second else x - 1] = " "
            if texts != self.texts[y] or inks != self.inks[y]:
                self._draw_row(y, texts, inks)
        if self.out:
            self._write("", _PLAIN)
        return "".join(self.out)

    def _write(self, text: str, ink: _Ink) -> None:
        if ink != self.pen:
            self.out.append(_change(self.pen, ink))
            self.pen = ink
        self.out.append(text)

    def _draw_row(self, y: int, texts: list[str], inks: list[_Ink]) -> None:
        now = enumerate(zip(texts, inks, self.texts[y], self.inks[y], strict=True))
        changed = [x for x, (text, ink, was, had) in now if text != UNKNOWN and (text != was or ink != had)]
        changed = list(dict.fromkeys(x if texts[x] else x - 1 for x in changed))
        self.texts[y], self.inks[y] = texts, inks
        fragile = {x for x in changed if len(texts[x]) > 1 and "" in texts[x + 1 : x + 2]}
        if fragile:  # terminals disagree about the width of emoji made of several code points: place the rest anew
            rest = range(min(fragile), len(texts))
            changed = [x for x in changed if x < rest.start] + [x for x in rest if texts[x] not in {"", UNKNOWN}]
        nowhere = at = -BRIDGE - 1
        for x in changed:
            gap = range(at, x) if x - at <= BRIDGE else ()
            if gap and all(inks[i] == self.pen and len(texts[i]) == 1 and texts[i] != UNKNOWN for i in gap):
                self.out += texts[at:x]
            elif x != at:
                self.out.append(f"\x1b[{y + 1};{x + 1}H")
            self._write(texts[x], inks[x])
            at = nowhere if x in fragile else x + 1 + ("" in texts[x + 1 : x + 2])


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
