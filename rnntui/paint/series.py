"""The lines that are drawn together: every state of every cell, each with a mark and an ink of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.style import Style

from rnntui.core.flow import Curve, Study
from rnntui.core.trace import Array
from rnntui.paint.cells import clip
from rnntui.paint.magnitude import LN10
from rnntui.paint.palette import Palette

MARKS: Final = "▲●◇■×+"
"""One for each line, so that it is known without its colour."""


@dataclass(frozen=True)
class Series:
    """One line of the plot: a state of a cell."""

    curve: Curve
    state: str
    mark: str
    ink: Style

    @property
    def name(self) -> str:
        """As it is written at the line's end: lstm c."""
        return f"{clip(self.curve.cell, 16)} {self.state}"

    @property
    def decades(self) -> Array:
        """log10 of the norm at every t, (T,); -inf where it is 0."""
        decades: Array = self.curve.log_norms[self.state] / LN10
        return decades


def series(study: Study, palette: Palette) -> list[Series]:
    """All lines, the memory of each cell before its other states."""
    found = [
        (curve, state)
        for curve in study.curves
        for state in (curve.memory, *(one for one in curve.states if one != curve.memory))
    ]
    return [
        Series(curve, state, MARKS[place % len(MARKS)], palette.series[place % len(palette.series)])
        for place, (curve, state) in enumerate(found)
    ]


def own(study: Study) -> Curve:
    """The curve of the scene's own cell."""
    return next((one for one in study.curves if one.cell == study.trace.cell), study.curves[0])
