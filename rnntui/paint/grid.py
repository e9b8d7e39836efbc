"""A sheet of single characters that can be written to in any order, for pictures whose parts lie over each other."""

from __future__ import annotations

from itertools import groupby

from rich.segment import Segment
from rich.style import Style

from rnntui.paint.painting import Line
from rnntui.paint.plot import BLANK, overlaid


class Grid:
    """So many columns and lines; every character takes one column, what lies outside is left out."""

    def __init__(self, columns: int, lines: int, ground: Style) -> None:
        self.columns, self.height = columns, lines
        self._spots = [[(" ", ground)] * columns for _ in range(lines)]

    def put(self, x: int, y: int, text: str, style: Style) -> None:
        """Write a text from a column on; each of its characters takes one column."""
        if 0 <= y < self.height:
            for place, character in enumerate(text, start=x):
                if 0 <= place < self.columns:
                    self._spots[y][place] = (character, style)

    def lay(self, x: int, y: int, braille: str, style: Style) -> None:
        """Lay a row of braille over what is there: blanks let it show, dots over dots are both seen."""
        for place, character in enumerate(braille, start=x):
            if character == BLANK or not (0 <= y < self.height and 0 <= place < self.columns):
                continue
            below = self._spots[y][place][0]
            both = overlaid(below, character) if BLANK <= below <= "\u28ff" else character
            self._spots[y][place] = (both, style)

    def drawable(self, x: int, y: int) -> bool:
        """Whether nothing but a rail is there."""
        return 0 <= y < self.height and 0 <= x < self.columns and self._spots[y][x][0] in " ·"

    def lines(self) -> list[Line]:
        """The sheet as lines of text; neighbours in the same style are one piece."""
        runs = ([(style, list(spots)) for style, spots in groupby(line, lambda spot: spot[1])] for line in self._spots)
        return [[Segment("".join(character for character, _ in spots), style) for style, spots in run] for run in runs]
