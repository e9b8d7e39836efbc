"""Which steps make the weights' gradient, and which tokens an output depends on: one column a step."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from rnntui.core.flow import Study, WeightGradient
from rnntui.core.notation import subscript
from rnntui.core.trace import Array
from rnntui.paint import about
from rnntui.paint.cells import Brush, clip, fit, token
from rnntui.paint.cells import width as columns_of
from rnntui.paint.gates import HEIGHTS
from rnntui.paint.magnitude import brief, short
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.passing import lost
from rnntui.scene import Cursor

NORM: Final = 8
SHORT_WORD: Final = 3
"""Columns up to which a token is its first character."""
WORDS: Final = (
    "heights: share of a step; − works against; last line: how much an output depends on each token",
    "heights: share of a step; − works against",
)
"""What the heights are, in every length there is."""
SMALL: Final = 1 / 16
"""A share of the largest one below which a step shows nothing but a dot."""


def title(_study: Study, _cursor: Cursor) -> str:
    """Whose gradients."""
    return "Each step's share of the weight gradient"


def paint(study: Study, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """A line a parameter of the cursor's layer and direction, its shares over time as heights; then the saliency."""
    if lost(study):
        return about.nothing_to_show(study, width, height, palette)
    brush = Brush(width, height)
    found, saliency = of_lane(study, cursor), study.gradients.saliency
    what = f"|∂h{subscript(saliency.t)}[{saliency.unit}]/∂x|"
    names = min(max(columns_of(name) for name in (what, *(one.name for one in found))), max(8, width // 2))
    left = names + NORM + 2
    room = max(1, min(width - left, 2 * study.trace.steps))
    for one in found[: max(0, height - 3)]:
        brush.line().add(f" {fit(one.name, names)} ", palette.text)
        brush.add(fit(short(float(np.log(one.norm)) if one.norm > 0 else float("-inf"), NORM), NORM), palette.dim)
        _heights(brush, study, one.shares, room, cursor, palette)
        if height >= 2 * len(found) + 3:
            _gates(brush, one, palette)
    if brush.lines_left < 2 or not len(saliency.gradients):
        return brush.painting()
    brush.line().add(f" {fit(what, names)} ", palette.text)
    largest = float(saliency.norms.max(initial=0.0))
    brush.add(fit(short(np.log(largest), NORM) if largest > 0 else "0", NORM), palette.dim)
    _heights(brush, study, saliency.norms, room, cursor, palette)
    brush.line().to(left, palette.text)
    steps = study.trace.steps
    for row in _rows(steps, room):
        each, word = max(1, room // steps), token(study.trace.tokens[row.start])
        here = cursor.t - 1 in row
        text = fit(word if each > SHORT_WORD else word[:1], each) if room >= steps or here else "·"
        brush.add(text, palette.lit if here else palette.faint, {"t": row.start + 1})
    if brush.lines_left:
        words = next((words for words in WORDS if columns_of(words) < width), WORDS[-1])
        brush.line().add(clip(f" {words}", width), palette.dim)
    return brush.painting()


def of_lane(study: Study, cursor: Cursor) -> list[WeightGradient]:
    """The gradients of the parameters of the cursor's layer and direction."""
    ending = f"_l{cursor.layer}" + ("_reverse" if cursor.direction == "backward" else "")
    return [one for one in study.gradients.weights if one.name.endswith(ending)]


def _rows(steps: int, room: int) -> list[range]:
    """The steps of every place, one each where there is room, else neighbours together."""
    places = min(steps, room)
    edges = [place * steps // places for place in range(places + 1)]
    return [range(start, stop) for start, stop in pairwise(edges)]


def _heights(brush: Brush, study: Study, values: Array, room: int, cursor: Cursor, palette: Palette) -> None:
    """One height a step, the largest one full; what works against the rest is a minus."""
    finite = np.where(np.isfinite(values), values, 0.0)
    most = float(np.abs(finite).max(initial=0.0)) or 1.0
    each = max(1, room // study.trace.steps)
    for row in _rows(study.trace.steps, room):
        value = max((float(finite[place]) for place in row), key=abs)
        level = abs(value) / most
        glyph = "·" if level < SMALL else "−" if value < 0 else HEIGHTS[round(level * (len(HEIGHTS) - 1))]
        style = palette.faint if level < SMALL else palette.cursor if cursor.t - 1 in row else palette.sign(value)
        brush.add(glyph + " " * (each - 1), style, {"t": row.start + 1})


def _gates(brush: Brush, one: WeightGradient, palette: Palette) -> None:
    """Through which gates a parameter's gradient comes."""
    brush.line().add("   ", palette.dim)
    for gate, norm in one.gates.items():
        value = float(np.log(norm)) if norm > 0 else float("-inf")
        brush.add(f"{gate} ", palette.dim).add(f"{brief(value).strip()}  ", palette.text)
