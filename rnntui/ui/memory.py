"""What the terminal shows, cell by cell, and the least that has to be sent so that it shows the next frame.

Most of a frame is the same as before: a strip that is the same object is passed over, of another one that stands in the
same place only the segments that differ are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import compress, count, groupby
from operator import is_not, itemgetter, ne, or_
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from rnntui.ui.ink import PLAIN, Ink, cells, change, columns, joins

UNKNOWN = "\0"  # in a cell: nobody knows what the terminal shows there; it is never sent
BRIDGE = 3  # the widest gap worth repainting: moving the cursor costs four to eight bytes
Placed = tuple[int, int, int, Strip]
"""A strip of a frame: its row, its first column, the column past its last, the strip."""


class _Run(NamedTuple):
    """Cells beside each other that look alike and have to be sent."""

    y: int
    x: int
    text: str
    end: int
    """The column behind the run, or -1 where terminals disagree how wide its last character is."""


@dataclass
class Memory:
    """What the terminal shows, as far as we know."""

    size: tuple[int, int] = (0, 0)
    texts: list[list[str]] = field(default_factory=list)
    inks: list[list[Ink]] = field(default_factory=list)
    strips: list[dict[int, tuple[int, Strip]]] = field(default_factory=list)
    """Of each row the strips that it shows whole, by their first column: the column past the last, and the strip."""
    colours: ColorSystem = ColorSystem.TRUECOLOR
    usable: bool = True
    pen: Ink | None = None
    out: list[str] = field(default_factory=list)
    runs: dict[Ink, list[_Run]] = field(default_factory=dict)
    """What the frame changes."""
    ordered: list[tuple[Ink, _Run]] = field(default_factory=list)
    """What it changes in rows that must be written from left to right."""

    def draw(self, strips: Iterable[Placed], colours: ColorSystem, size: Size) -> str:
        """What to send so that a terminal of this size shows these strips, row by row; it counts as sent."""
        if size != self.size:
            self.size = size
            self.texts = [[UNKNOWN] * size.width for _ in range(size.height)]
            self.inks = [[PLAIN] * size.width for _ in range(size.height)]
            self.strips = [{} for _ in range(size.height)]
        self.colours = colours
        self.pen, self.out, self.runs, self.ordered = None, [], {}, []
        for y, row in groupby((placed for placed in strips if placed[0] < size.height), itemgetter(0)):
            shown = self.strips[y]
            fresh = [placed for placed in row if shown.get(placed[1]) != placed[2:]]
            if fresh:
                self._take_row(y, fresh)
        self._write_runs()
        if self.out:
            self._write("", PLAIN)
        return "".join(self.out)

    def _take_row(self, y: int, fresh: list[Placed]) -> None:
        """Lay strips that may be new over what the row shows, and draw where it then looks otherwise."""
        texts, inks, width = self.texts[y], self.inks[y], self.size[0]
        changed, seams = set[int](), set[int]()
        for _, x, end, strip in fresh:
            start, new, looks = self._new(self.strips[y].get(x), x, end, strip)
            room = max(0, min(end, width) - start)
            del new[room:], looks[room:]
            stop = start + len(new)
            differs = map(or_, map(ne, new, texts[start:stop]), map(ne, looks, inks[start:stop]))
            changed.update(compress(range(start, stop), differs))
            texts[start:stop], inks[start:stop] = new, looks
            seams |= {x, start, stop}
            self._lay(y, x, end, strip)
        for x in filter(range(1, width + 1).__contains__, seams):  # of a wide character half gone, a blank remains
            first, second = texts[x - 1], texts[x : x + 1] == [""]
            if (not first.isascii() and cell_len(first) == 2) != second:
                texts[x if second else x - 1] = " "
                changed.add(x if second else x - 1)
        if changed:
            self._draw_row(y, sorted(changed))

    def _lay(self, y: int, x: int, end: int, strip: Strip) -> None:
        """Note that a strip is shown; what it covers is not, or not whole."""
        shown = self.strips[y]
        was = shown.get(x)
        if was is None or was[0] != end:
            for left, (right, _) in [*shown.items()]:
                if left < end and x < right:
                    del shown[left]
        shown[x] = end, strip

    def _new(self, was: tuple[int, Strip] | None, x: int, end: int, strip: Strip) -> tuple[int, list[str], list[Ink]]:
        """Where a strip begins to differ from the one it replaces, and its cells up to where it no longer does."""
        old, new = list(was[1]) if was is not None and was[0] == end else [], list(strip)
        most = min(len(old), len(new))
        first = next(compress(count(), map(is_not, old, new)), most)
        last = min(next(compress(count(), map(is_not, reversed(old), reversed(new))), most), most - first)
        while first and any(joins(side[first]) for side in (old, new) if first < len(side)):
            first -= 1
        while last and joins(new[-last]):
            last -= 1
        if _columns(old[first : len(old) - last]) != _columns(new[first : len(new) - last]):
            last = 0
        return x + _columns(new[:first]), *cells(new[first : len(new) - last], self.colours)

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

    def _draw_row(self, y: int, changed: list[int]) -> None:
        texts, inks = self.texts[y], self.inks[y]
        changed = list(dict.fromkeys(x if texts[x] else x - 1 for x in changed))
        fragile = {x for x in changed if len(texts[x]) > 1 and texts[x + 1 : x + 2] == [""]}
        if fragile:  # terminals disagree about the width of emoji made of several code points: place the rest anew
            rest = range(min(fragile), len(texts))
            changed = [x for x in changed if x < rest.start] + [x for x in rest if texts[x] not in {"", UNKNOWN}]
        first, last, end = -1, -1, -1  # of the run so far, and the column behind it or -1
        for x in changed:
            goes_on = end == x or (0 <= end < x <= end + BRIDGE and self._plain(y, range(end, x), inks[x]))
            if not goes_on or inks[x] != inks[first]:
                self._add_run(y, first, last, end, bool(fragile))
                first = x
            last, end = x, -1 if x in fragile else x + 2 if texts[x + 1 : x + 2] == [""] else x + 1
        self._add_run(y, first, last, end, bool(fragile))

    def _plain(self, y: int, gap: range, ink: Ink) -> bool:
        """Whether cells that did not change can be sent again to get across them."""
        texts, inks = self.texts[y], self.inks[y]
        return all(len(texts[x]) == 1 and texts[x] != UNKNOWN and inks[x] == ink for x in gap)

    def _add_run(self, y: int, first: int, last: int, end: int, in_order: bool) -> None:
        if first < 0:
            return
        ink, run = self.inks[y][first], _Run(y, first, "".join(self.texts[y][first : last + 1]), end)
        if in_order:
            self.ordered.append((ink, run))
        else:
            self.runs.setdefault(ink, []).append(run)


def _columns(segments: Iterable[Segment]) -> int:
    return sum([columns(text) for text, _, control in segments if not control])
