"""The lines that are drawn together: every state of every cell, each with a mark and an ink of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
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


def gate_alone(study: Study) -> Array | None:
    """Ln of what the own cell's gate alone would leave of the gradient at every t, (T,): its values multiplied."""
    curve = own(study)
    memory = curve.log_norms[curve.memory]
    rows = np.flatnonzero(np.isfinite(memory))
    if curve.gate_rate is None or not np.isfinite(curve.gate_rate) or not rows.size:
        return None
    back = rows[-1] - np.arange(len(memory))  # steps from where the gradient is first to be seen
    alone: Array = np.where(np.isfinite(memory), memory[rows[-1]] + back * curve.gate_rate, -np.inf)
    return alone
