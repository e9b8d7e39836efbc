"""How large the updates of a training are: the norm of the gradient, and how far the weights of each layer move."""

from __future__ import annotations

import math
from math import ceil, floor
from typing import Final

import numpy as np

from rnntui.core.trace import Array
from rnntui.paint import learning, plot
from rnntui.paint.cells import Brush
from rnntui.paint.learning import DASH, MARKS, Line, ink
from rnntui.paint.magnitude import LN10, said
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.wrap import wrap
from rnntui.scene import Cursor
from rnntui.training.progress import Progress

THUMB: Final = 1e-3
"""A ratio at which training often goes well."""
START: Final = np.zeros(1)


def norm_title(progress: Progress, _cursor: Cursor) -> str:
    """What is drawn, and how much of it was clipped."""
    words, clipped = "Gradient norm, log scale", progress.curve.clipped
    if not math.isfinite(clipped):
        return words
    share = "under 1" if 0 < clipped < 0.005 else f"{100 * clipped:.0f}"
    return f"{words} · {share} % clipped"


def norm(progress: Progress, _cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The norm of the gradient of all parameters at every update that was seen, and the limit that it is clipped to."""
    curve = progress.curve
    known = ~np.isnan(curve.norms)
    if not known.any():
        return _hint("How long the gradient is at each update, and where it is clipped.", width, height, palette)
    lines = [Line(MARKS[0], "norm", curve.steps[known], _decades(curve.norms[known]), ink(palette, 0))]
    limits = _decades(curve.clips)
    if np.isfinite(limits).any():
        lines.append(Line(DASH, "clip", curve.steps, limits, palette.notice))
    return _painted(progress, lines, width, height, palette)


def ratio_title(_progress: Progress, _cursor: Cursor) -> str:
    """What is drawn."""
    return "Update ÷ weights of each layer, log scale"


def ratio(progress: Progress, _cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """‖Δw‖ / ‖w‖ of every layer at every update that was seen, and the size that is a rule of thumb."""
    curve = progress.curve
    lines = []
    for place, (layer, values) in enumerate(sorted(curve.ratios.items())):
        known = ~np.isnan(values)
        if known.any():
            decades = _decades(values[known])
            lines.append(Line(MARKS[place % len(MARKS)], layer, curve.steps[known], decades, ink(palette, place)))
    if not lines:
        return _hint("How far each update moves the weights of each layer.", width, height, palette)
    lines.append(Line(DASH, "rule of thumb", START, np.log10([THUMB]), palette.notice))
    return _painted(progress, lines, width, height, palette)


def _painted(progress: Progress, lines: list[Line], width: int, height: int, palette: Palette) -> Painting:
    return learning.paint(progress, lines, _said, _scale, width, height, palette)


def _said(decade: float) -> str:
    return "none" if math.isnan(decade) else said(decade * LN10)


def _scale(low: float, high: float, most: int) -> dict[float, str]:
    """Powers of ten as far as there is room; between them 2 and 5 where there is room for those too."""
    powers = range(floor(low), ceil(high) + 1)
    fine = {power + math.log10(digit): _number(digit, power) for power in powers for digit in (1, 2, 5)}
    inside = {height: number for height, number in fine.items() if low <= height <= high}
    return inside if len(inside) <= most else {power: _number(1, power) for power in plot.ticks(low, high, most)}


def _number(digit: int, power: int) -> str:
    """As on an axis: 20, 0.05, 1e−7."""
    if 0 <= power < 5:
        return f"{digit}{'0' * power}"
    return f"0.{'0' * (-power - 1)}{digit}" if -5 < power < 0 else f"{digit}e{power}".replace("-", "−")


def _decades(values: Array) -> Array:
    """log10; -inf for 0, and no number where there was none."""
    with np.errstate(divide="ignore"):
        found: Array = np.log10(values)
    return found


def _hint(words: str, width: int, height: int, palette: Palette) -> Painting:
    """What will be drawn, before anything has been measured."""
    brush = Brush(width, height)
    for piece in wrap(words, width, height):
        brush.line().add(piece, palette.dim)
    return brush.painting()
