"""The last things that happen to a line before it goes to the terminal."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from rnntui.paint.safe import safe_text


class Printable(LineFilter):
    """A net under every pane: control characters that a painter let through never reach the terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The line with every control character drawn as a picture."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(safe_text(s.text), s.style, s.control) if s.text and not s.control else s for s in segments]


class Ascii(LineFilter):
    """For terminals without UTF-8: the same layout in ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The line with every character replaced by one of the same width."""
        if all(segment.text.isascii() for segment in segments):
            return segments
        from rnntui.paint.ascii import to_ascii

        return [Segment(to_ascii(s.text), s.style, s.control) if s.text and not s.control else s for s in segments]
