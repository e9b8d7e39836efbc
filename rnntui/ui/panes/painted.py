"""One pane: a box that shows what a painter makes of the trace and the cursor, and tells where it was clicked."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from rnntui.core.trace import Trace
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor
from rnntui.ui.messages import Pointed

Painter = Callable[[Trace, Cursor, int, int, Palette], Painting]
Title = Callable[[Trace, Cursor], str]

NOTHING = Painting([])


class PaintedPane(Widget, can_focus=True):
    """Shows one thing; which one is the painter's to say."""

    trace: reactive[Trace | None] = reactive(None)
    cursor: reactive[Cursor] = reactive(Cursor())
    palette: reactive[Palette | None] = reactive(None)
    painter: reactive[Painter | None] = reactive(None)

    def __init__(self, painter: Painter | None, title: Title | None, *, id: str, help: str) -> None:
        super().__init__(id=id)
        self.set_reactive(PaintedPane.painter, painter)
        self.title = title
        self.help_text = help
        """What the help screen says about this pane."""
        self._painted: tuple[object, ...] = ()
        self._painting = NOTHING
        self._words = ""

    def painting(self) -> Painting:
        """The picture at the pane's size, painted once for each change of what it shows."""
        width, height = self.content_size
        if self.trace is None or self.palette is None or self.painter is None or width < 1 or height < 1:
            return NOTHING
        key = (self.trace, self.trace.clamp(self.cursor), width, height, self.palette, self.painter)
        if not self._painted or any(a is not b and a != b for a, b in zip(key, self._painted, strict=True)):
            self._painting = self.painter(self.trace, key[1], width, height, self.palette)
            self._painted = key
        return self._painting

    def render_line(self, y: int) -> Strip:
        """One line of the picture on the pane's own background."""
        lines = self.painting().lines
        strip = Strip(lines[y]) if y < len(lines) else Strip([])
        return strip.apply_style(self.rich_style).adjust_cell_length(self.content_size.width, self.rich_style)

    def watch_trace(self) -> None:
        """Retitle for another trace."""
        self.retitle(self.title)

    def watch_cursor(self) -> None:
        """Retitle for another place."""
        self.retitle(self.title)

    def retitle(self, title: Title | None) -> None:
        """Say what the pane shows now."""
        self.title = title
        if title is not None and self.trace is not None:
            words = title(self.trace, self.trace.clamp(self.cursor))
            if words != self._words:
                self._words = words
                self.border_title = Content(words)

    def on_click(self, event: events.Click) -> None:
        """Tell what was clicked."""
        spot = event.get_content_offset(self)
        move = self.painting().hit(spot.x, spot.y) if spot is not None else None
        if move is not None:
            self.post_message(Pointed(move))
