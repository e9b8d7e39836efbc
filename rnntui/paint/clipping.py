"""What clipping does to the gradient of all parameters, as a picture: the vector before and after, and its parts."""

from __future__ import annotations

from math import cos, hypot, log, radians, sin
from typing import Final

import numpy as np

from rnntui.core.flow import Clipped, Study
from rnntui.paint import about, plot
from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.grid import Grid
from rnntui.paint.magnitude import said
from rnntui.paint.painting import Line, Painting
from rnntui.paint.palette import Palette
from rnntui.paint.passing import lost
from rnntui.paint.shares import of_lane
from rnntui.scene import Cursor

NUMBER: Final = 9
FAN: Final = (7, 4)
"""Columns and lines of the picture of an angle, as wide as it is high: a line is two columns, so angles are as told."""


def title(study: Study, _cursor: Cursor) -> str:
    """How it is clipped."""
    clipped = study.gradients.clipped
    if clipped is None:
        return "Clipping · off"
    return f"Clipping by {clipped.by} at {clipped.limit:g}"


def paint(study: Study, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """Two arrows, as long as the norms; then the norms of parameters, those of the cursor's lane first."""
    clipped = study.gradients.clipped
    brush = Brush(width, height)
    if lost(study):
        return about.nothing_to_show(study, width, height, palette)
    first = of_lane(study, cursor)
    norms = {one.name: one.norm for one in (*first, *study.gradients.weights)}
    before = hypot(*norms.values()) if clipped is None else clipped.before
    after = None if clipped is None else clipped.after
    names = max((columns_of(name) for name in norms), default=6)
    bar = max(4, width - 10 - NUMBER)
    most = max(before, after or 0.0) or 1.0
    _arrow(brush, "before", before, before / most, bar, palette)
    if clipped is None or after is None:
        brush.line().add(clip(" The knob “clip at” shows before and after.", width), palette.dim)
    else:
        _arrow(brush, "after", after, after / most, bar, palette)
        brush.line().add(clip(f" {_words(clipped)}", width), palette.text)
    room = height - 3 - (FAN[1] if clipped is not None and clipped.angle >= 1 else 0)
    for name in list(norms)[: max(0, room)]:
        pair = clipped.parts.get(name) if clipped is not None else None
        brush.line().add(f" {fit(name, min(names, width - 2 * NUMBER - 4))} ", palette.dim)
        brush.add(fit(said(_ln(pair[0] if pair else norms[name])), NUMBER), palette.text)
        if pair:
            brush.add("→ ", palette.dim).add(said(_ln(pair[1])), palette.cursor)
    painting = brush.painting()
    if clipped is not None and clipped.angle >= 1 and height - len(painting.lines) >= FAN[1]:
        return Painting([*painting.lines, *_fan(clipped, width, palette)])
    return painting


def _arrow(brush: Brush, name: str, norm: float, share: float, bar: int, palette: Palette) -> None:
    """A vector lying down: its length is its share of the longest one."""
    length = max(1, round(share * bar)) if np.isfinite(share) else bar
    style = palette.cursor if name == "after" else palette.positive
    brush.line().add(f" {fit(name, 7)}", palette.dim).add("━" * (length - 1) + "▶ ", style)
    brush.add(said(_ln(norm)), palette.title)


def _words(clipped: Clipped) -> str:
    unchanged = clipped.after >= clipped.before
    if clipped.by == "norm":
        return "It is short enough and stays as it is." if unchanged else "Shorter, and its direction is the same."
    if unchanged:
        return f"No number is beyond ±{clipped.limit:g}: it stays as it is."
    turned = f"{clipped.angle:.0f}" if clipped.angle >= 1 else said(_ln(clipped.angle))
    return f"Cut at ±{clipped.limit:g}, it turns by {turned}°."


def _fan(clipped: Clipped, width: int, palette: Palette) -> list[Line]:
    """The two directions from one point, at the angle between them."""
    columns, lines = min(FAN[0], width - 2), FAN[1]
    grid, turned = Grid(width, lines, palette.text), radians(min(clipped.angle, 90.0))
    frame = plot.Frame(0.0, 1.0, 0.0, 1.0, columns, lines)
    for angle, ink in ((0.0, palette.positive), (turned, palette.cursor)):
        ray = plot.raster(np.array([0.0, cos(angle)]), np.array([0.0, sin(angle)]), frame)
        for y, row in enumerate(ray):
            grid.lay(1, y, row, ink)
    grid.put(columns + 2, lines - 1, "before", palette.positive)
    after = min(lines - 2, round((lines - 1) * (1 - sin(turned))))
    grid.put(columns + 2, after, f"after, {clipped.angle:.0f}°", palette.cursor)
    return grid.lines()


def _ln(value: float) -> float:
    return log(value) if value > 0 else float("-inf") if value == 0 else float("nan")
