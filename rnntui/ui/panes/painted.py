"""One pane: a box that shows what a painter makes of a record and the cursor, and tells where it was clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from rnntui.core.flow import Study
from rnntui.core.trace import Trace
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.wrap import whole
from rnntui.scene import Cursor
from rnntui.training.progress import Progress
from rnntui.ui.messages import Pointed
from rnntui.ui.panes.canvas import NOTHING, Canvas

Record = Trace | Study
Painter = Callable[[Any, Cursor, int, int, Palette], Painting]
"""Paints the kind of record that its pane is given."""
Title = Callable[[Any, Cursor], str]
BESIDE_TITLE = 6
"""Columns of a pane's upper border that its title cannot have: the corners, a rail and a blank on either side."""


class Painted(Widget):
    """A widget whose content is a painting, in the frame that its styles give it."""

    def __init__(self, id: str) -> None:
        self.canvas = Canvas()
        super().__init__(id=id)
        self._words = ""

    def painting(self) -> Painting:
        """The picture at the content's size."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """The room in the frame; the picture comes in `render_lines`."""
        return Strip.blank(self.content_size.width, self.rich_style)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The picture in its frame."""
        return self.canvas.lines(self, self.painting, super().render_lines, crop)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw these regions of the picture anew, or the whole widget with its frame."""
        if not regions:
            self.canvas.frame = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def repaint(self) -> None:
        """Paint anew, and draw anew only the lines that changed."""
        if not self.display or not self.is_attached:
            self.canvas = Canvas()
            return
        changed = self.canvas.paint(self.painting(), self.canvas.room(self))
        if changed:
            self.refresh(*changed)

    def set_title(self, words: str) -> None:
        """Give it another title; the rest of the frame stays."""
        if words != self._words:
            frame, old, self._words = self.canvas.frame, self._words, words
            self.border_title = Content(words)
            self.canvas.retitle(frame, old, words)


class PaintedPane(Painted, can_focus=True):
    """Shows one thing; which one is the painter's to say."""

    record: reactive[Record | Progress | None] = reactive(None, repaint=False)
    cursor: reactive[Cursor] = reactive(Cursor(), repaint=False)
    palette: reactive[Palette | None] = reactive(None, repaint=False)
    painter: reactive[Painter | None] = reactive(None, repaint=False)
    name_above: reactive[str] = reactive("", repaint=False)
    """What stands before the title, where several networks are looked at."""

    def __init__(self, painter: Painter | None, title: Title | None, *, id: str, help: str) -> None:
        super().__init__(id)
        self.set_reactive(PaintedPane.painter, painter)
        self.title = title
        self.help_text = help
        """What the help screen says about this pane."""

    def painting(self) -> Painting:
        """The picture of what is looked at, at the pane's size."""
        width, height = self.canvas.room(self)
        if self.record is None or self.palette is None or self.painter is None or width < 1 or height < 1:
            return NOTHING
        return self.painter(self.record, self.record.clamp(self.cursor), width, height, self.palette)

    def watch_record(self) -> None:
        """Show another record."""
        self.watch_cursor()

    def watch_palette(self) -> None:
        """Show it in other colours."""
        self.repaint()

    def watch_painter(self) -> None:
        """Show it in another way."""
        self.repaint()

    def watch_name_above(self) -> None:
        """Say whose it is."""
        self.retitle(self.title)

    def watch_cursor(self) -> None:
        """Show another place, and say which."""
        self.retitle(self.title)
        self.repaint()

    def retitle(self, title: Title | None) -> None:
        """Say what the pane shows now."""
        self.title = title
        if title is not None and self.record is not None:
            words = title(self.record, self.record.clamp(self.cursor))
            words = " · ".join(filter(None, (self.name_above, words)))
            self.set_title(whole(words, self.outer_size.width - BESIDE_TITLE) if self.outer_size.width else words)

    def on_resize(self) -> None:
        """Say as much in the title as there is room for."""
        self.retitle(self.title)

    def on_click(self, event: events.Click) -> None:
        """Tell what was clicked."""
        spot = event.get_content_offset(self)
        move = self.canvas.painting.hit(spot.x, spot.y) if spot is not None else None
        if move is not None:
            self.post_message(Pointed(move))
