"""Columns of a terminal: how wide text is, how it is cut and filled, and a brush that keeps lines within bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

import regex
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from rnntui.paint.painting import Hit, Line, Painting
from rnntui.paint.safe import safe_text

Piece = Segment | tuple[str, Style]
"""Text and how it looks."""


@lru_cache(maxsize=1024)
def width(text: str) -> int:
    """How many columns a text takes; flags, family emoji and Chinese characters take two."""
    return cell_len(text)


def clip(text: str, columns: int) -> str:
    """The text in at most so many columns; what is cut is marked with `…`."""
    if width(text) <= columns:
        return text
    kept, used = "", 0
    for cluster in regex.findall(r"\X", text[: 16 * max(columns, 0)]):
        used += width(cluster)
        if used > columns - 1:
            break
        kept += cluster
    return kept + "…" if columns > 0 else ""


def fit(text: str, columns: int, align: str = "<") -> str:
    """The text in exactly so many columns, cut or filled; `align` is `<`, `>` or `^`."""
    text = clip(text, columns)
    room = columns - width(text)
    left = {"<": 0, ">": room, "^": room // 2}[align]
    return " " * left + text + " " * (room - left)


def token(text: str) -> str:
    """A token as it is shown: a space is ␣, a control character its picture, nothing is invisible."""
    return safe_text(text).replace(" ", "␣") or "∅"


class Brush:
    """Paints text line by line; what would not fit in the given columns and lines is left out."""

    def __init__(self, columns: int, lines: int) -> None:
        self.columns = columns
        self.height = lines
        self._lines: list[list[Piece]] = []
        self._hits: list[Hit] = []
        self._used = 0

    @property
    def column(self) -> int:
        """Where the next text starts."""
        return self._used

    @property
    def lines_left(self) -> int:
        """How many lines can still be started."""
        return self.height - len(self._lines)

    def line(self) -> Brush:
        """Start the next line."""
        self._lines.append([])
        self._used = 0
        return self

    def add(self, text: str, style: Style, move: Mapping[str, object] | None = None) -> Brush:
        """Write text on the current line; a click on it sets the cursor fields in `move`."""
        columns, room = width(text), self.columns - self._used
        if columns > room:
            text = clip(text, room)
            columns = width(text)
        if columns:
            self._point(columns, move, 0)
            self._lines[-1].append((text, style))
            self._used += columns
        return self

    def put(
        self, pieces: Sequence[Piece], columns: int, move: Mapping[str, object] | None = None, each: int = 0
    ) -> Brush:
        """Lay down pieces that take so many columns together; `each` as in Hit."""
        room = self.columns - self._used
        self._point(min(columns, room), move, each)
        if columns > room:
            for piece in pieces:
                self.add(piece[0], piece[1] or Style.null())
        else:
            self._lines[-1] += pieces
            self._used += columns
        return self

    def to(self, column: int, style: Style) -> Brush:
        """Blanks up to a column."""
        return self.add(" " * (min(column, self.columns) - self._used), style)

    def painting(self) -> Painting:
        """What was painted."""
        return Painting([_joined(line) for line in self._lines[: max(0, self.height)]], self._hits)

    def _point(self, columns: int, move: Mapping[str, object] | None, each: int) -> None:
        if move and columns > 0 and len(self._lines) <= self.height:
            self._hits.append(Hit(len(self._lines) - 1, self._used, self._used + columns, move, each))


def _joined(pieces: Iterable[Piece]) -> Line:
    """The segments of a line: pieces of one style beside each other are one."""
    line: Line = []
    texts: list[str] = []
    style: Style | None = None
    for piece in filter(itemgetter(0), pieces):
        if texts and piece[1] is style:
            texts.append(piece[0])
            continue
        if texts:
            line.append(Segment("".join(texts), style))
        texts, style = [piece[0]], piece[1]
    return [*line, Segment("".join(texts), style)] if texts else line
