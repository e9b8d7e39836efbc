"""Through which equations a gradient comes to each state, as bars: the paths of a step, the strongest one marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rnntui.core.flow import Path, Study
from rnntui.core.notation import subscript
from rnntui.core.trace import Array
from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.magnitude import said, signed
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.passing import Beginning, Stop, beginning, ln_norm, stop
from rnntui.scene import Cursor

NORM: Final = 8
UNIT: Final = 10
LEAST_BAR: Final = 6


@dataclass(frozen=True)
class Way:
    """One line of the table: where a part of a state's gradient comes from, and the part."""

    label: str
    meaning: str
    part: Array
    total: bool = False


def title(study: Study, cursor: Cursor) -> str:
    """Which step the paths belong to."""
    here = stop(study, cursor) or beginning(study, cursor)
    return "Through which path" if here is None else f"Through which path it comes to t = {cursor.t}"


def paint(study: Study, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """For every state: what the loss adds, what comes through each equation, and the sum, which is its gradient."""
    here = stop(study, cursor) or beginning(study, cursor)
    brush = Brush(width, height)
    if here is None or (isinstance(here, Stop) and not here.reached):
        brush.line().line().add(clip(f" {nothing(study, cursor)}", width), palette.notice)
        return brush.painting()
    tables = [(state, ways(here, state, cursor)) for state in reversed(study.trace.states)]
    parts = [way for _, rows in tables for way in rows if not way.total]
    strongest = max(parts, key=lambda way: ln_norm(way.part), default=None)
    most = ln_norm(strongest.part) if strongest is not None else -np.inf
    needed = sum(len(rows) for _, rows in tables)
    for state, rows in tables:
        if height >= needed + len(tables):
            brush.line().add(f" into {state}{subscript(cursor.t)}", palette.title)
            _heading(brush, cursor, palette)
        for way in rows:
            _line(brush, way, cursor.unit, most, way is strongest and np.isfinite(most), palette)
    return brush.painting()


def nothing(study: Study, cursor: Cursor) -> str:
    """Why there is no gradient at a token to be taken apart."""
    if cursor.walk == "forward":
        return "Nothing flows back during the forward pass."
    if study.trace.row(cursor) is not None:
        return f"t = {cursor.t} is beyond the truncation."
    if study.trace.steps_read(cursor) > 0:
        return "← lets the gradient walk back from the loss."
    return "The gradient has arrived at the initial state."


def ways(here: Stop | Beginning, state: str, cursor: Cursor) -> list[Way]:
    """Every part of a state's gradient at this step, and their sum; an initial state is in no loss."""
    trace = here.study.trace
    after = cursor.t + (1 if cursor.direction == "forward" else -1)
    below = here.one.layer < trace.layers - 1
    found = [Way("layer above" if below else "the loss", "", here.local(state))] if isinstance(here, Stop) else []
    for path, part in here.paths(state):
        found.append(Way(_via(path, cursor.t, after), trace.equation(path.via).meaning, part))
    return [*found, Way(f"= ∂L/∂{state}{subscript(cursor.t)}", "", here.total(state), total=True)]


def _via(path: Path, t: int, after: int) -> str:
    return f"via {path.via}{subscript(after if path.carried else t)}"


def _heading(brush: Brush, cursor: Cursor, palette: Palette) -> None:
    unit = f"unit {cursor.unit}"
    brush.to(brush.columns - NORM - UNIT, palette.dim).add(fit("norm", NORM), palette.dim)
    brush.add(fit(unit, UNIT), palette.dim)


def _line(brush: Brush, way: Way, unit: int, most: float, strongest: bool, palette: Palette) -> None:
    """Name, bar, norm and the unit's number; the bar's length is the norm's share of the largest one."""
    value, size = float(way.part[unit]), ln_norm(way.part)
    room = brush.columns - NORM - UNIT
    names = min(22, max(13, room - 3 * LEAST_BAR))
    style = palette.title if way.total or strongest else palette.text
    label = f"{way.label} {way.meaning}" if columns_of(way.label) + columns_of(way.meaning) < names - 4 else way.label
    brush.line().add(" ▸ " if strongest else "   ", palette.cursor).add(fit(label, names - 4), style)
    brush.to(names, palette.text)
    bar = room - names - 2
    if not way.total and bar >= LEAST_BAR and np.isfinite(size) and np.isfinite(most):
        length = round(float(np.exp(size - most)) * bar)
        brush.add("━" * length, palette.cursor if strongest else palette.positive)
        brush.add("·" if not length else "", palette.faint)
    brush.to(room, palette.text).add(fit(said(size), NORM), style)
    brush.add(fit(signed(value), UNIT), palette.sign(value))
