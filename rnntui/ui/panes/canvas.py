"""A painting in the frame that Textual draws around a pane; what a step leaves as it was stays the same object.

So a line that did not change is neither styled nor put together again, and `ui.memory` passes over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from rnntui.paint.painting import Line, Painting

NOTHING: Final = Painting([])
MOST_LOOKS: Final = 512
"""Segments whose looks are remembered."""
Drawn = Callable[[Region], list[Strip]]


class Row(Strip):
    """A whole line of a pane: cut at its own end it is itself, and keeps no note of it that would be garbage."""

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The strips between the cuts; see `Strip.divide`."""
        cuts = list(cuts)
        return [self] if cuts == [self.cell_length] else super().divide(cuts)


class Looks(dict[Segment, tuple[int, tuple[Segment, ...]]]):
    """How wide segments are and how they look on a pane, behind the app's filters; each is worked out once."""

    def __init__(self, style: Style, filters: tuple[LineFilter, ...], background: Color) -> None:
        super().__init__()
        self.of = style, filters, background

    def __missing__(self, segment: Segment) -> tuple[int, tuple[Segment, ...]]:
        if len(self) >= MOST_LOOKS:
            self.clear()
        style = self.of[0]
        styled = Segment(segment.text, style + segment.style if segment.style else style)
        look = self[segment] = segment.cell_length, tuple(self.filtered(styled))
        return look

    def filtered(self, segment: Segment) -> list[Segment]:
        """What the app's filters make of a segment that has its style."""
        _, filters, background = self.of
        segments = [segment]
        for one in filters:
            segments = one.apply(segments, background)
        return segments


@dataclass(frozen=True)
class Frame:
    """What stands around the content of a pane: border, title and padding."""

    size: Size
    """Of the whole pane."""
    filters: tuple[LineFilter, ...]
    content: Size
    top: int
    """The line of the pane that is the first of the content."""
    above: list[Strip] | None
    """None from when a title is set that only Textual can draw until it is drawn."""
    below: list[Strip]
    left: Strip
    right: Strip


class Canvas:
    """What a pane shows: the last painting, line by line, in its frame."""

    def __init__(self) -> None:
        self.painting = NOTHING
        self.frame: Frame | None = None
        """None from when anything about the pane may have changed until it is drawn."""
        self._size = Size(-1, -1)
        self._sides = Strip([]), Strip([])
        self._looks = Looks(Style.null(), (), Color(0, 0, 0))
        self._rows: list[Row | None] = []

    def room(self, pane: Widget) -> Size:
        """The size of a pane's content."""
        known = self.frame is not None and self.frame.size == pane.outer_size
        return self.frame.content if self.frame is not None and known else pane.content_size

    def retitle(self, frame: Frame | None, old: str, new: str) -> None:
        """Keep the frame, but with another title."""
        if frame is not None:
            line = _retitled(frame.above[0], old, new, self._looks) if frame.above and frame.top == 1 else None
            self.frame = replace(frame, above=[line] if line is not None else None)

    def paint(self, painting: Painting, size: Size) -> list[Region]:
        """Take another painting of the content; the answer is where it differs from the last one."""
        before, lines = self.painting.lines, painting.lines
        if size != self._size:
            self._size, self._rows = size, [None] * size.height
            changed = list(range(size.height))
        else:
            changed = [y for y in range(size.height) if _line(lines, y) != _line(before, y)]
        self.painting = painting
        regions: list[Region] = []
        for y in changed:
            self._rows[y] = None
            if regions and regions[-1].bottom == y:
                regions[-1] = regions[-1].grow((0, 0, 1, 0))
            else:
                regions.append(Region(0, y, size.width, 1))
        return regions

    def lines(self, pane: Widget, painting: Callable[[], Painting], drawn: Drawn, crop: Region) -> list[Strip]:
        """The part of a pane within `crop`; `drawn` is what Textual draws of a part of it, the content left blank."""
        frame, filters = self.frame, tuple(pane.get_line_filters())
        if frame is None or (frame.size, frame.filters) != (pane.outer_size, filters):
            frame = self._framed(pane, filters, drawn)
        above = frame.above if frame.above is not None else drawn(Region(0, 0, frame.size.width, frame.top))
        self.frame = frame if frame.above is above else replace(frame, above=above)
        if frame.content != self._size:
            self.paint(painting(), frame.content)
        bottom = frame.top + frame.content.height
        strips: list[Strip] = []
        for y in crop.line_range:
            if frame.top <= y < bottom:
                strips.append(self._rows[y - frame.top] or self._row(y - frame.top, frame))
            else:
                strips.append(above[y] if y < frame.top else frame.below[y - bottom])
        left, right = crop.column_span
        return strips if (left, right) == (0, frame.size.width) else [strip.crop(left, right) for strip in strips]

    def _framed(self, pane: Widget, filters: tuple[LineFilter, ...], drawn: Drawn) -> Frame:
        """The frame as Textual draws it now; rows that fit into it are kept."""
        size, content, gutter = pane.outer_size, pane.content_size, pane.styles.gutter
        upper = drawn(Region(0, 0, size.width, gutter.top + 1))
        below = drawn(Region(0, gutter.top + content.height, size.width, gutter.bottom))
        sides = upper[-1].crop(0, gutter.left), upper[-1].crop(gutter.left + content.width)
        looks = pane.rich_style, filters, pane.background_colors[1]
        if looks != self._looks.of:
            self._looks = Looks(*looks)
            self._rows = [None] * len(self._rows)
        if sides != self._sides:
            self._sides = sides
            self._rows = [None] * len(self._rows)
        return Frame(size, filters, content, gutter.top, upper[: gutter.top], below, *sides)

    def _row(self, y: int, frame: Frame) -> Row:
        line, width = _line(self.painting.lines, y), frame.content.width
        looks = [self._looks[segment] for segment in line]
        room = width - sum(columns for columns, _ in looks)
        if room > 0:
            looks.append(self._looks[Segment(" " * room)])
        elif room < 0:
            looks = [self._looks[segment] for segment in Strip(line).crop(0, width)]
        segments = list(frame.left)
        for _, look in looks:
            segments += look
        row = self._rows[y] = Row([*segments, *frame.right], frame.size.width)
        return row


def _line(lines: list[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else []


def _retitled(line: Strip, old: str, new: str, looks: Looks) -> Strip | None:
    """A top border with another title, as Textual would draw it; None where that takes more than other words."""
    segments, before = list(line), looks.filtered(Segment(f" {old} "))
    place = next((place for place, segment in enumerate(segments) if segment.text == before[0].text), len(segments))
    if not (old and new) or place + 1 >= len(segments):
        return None
    words, rail = segments[place : place + 2]
    after = looks.filtered(Segment(f" {new} ", words.style))
    length = rail.cell_length + Segment.get_line_length(before) - Segment.get_line_length(after)
    if length < 1 or rail.text.strip(rail.text[0]):
        return None
    segments[place : place + 2] = *after, Segment(rail.text[0] * length, rail.style)
    return Row(segments, line.cell_length)
