"""Through which equations a gradient comes to each state, as bars: the paths of a step, the strongest one marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from rnntui.core.flow import Path, Study
from rnntui.core.notation import subscript
from rnntui.core.trace import Array
from rnntui.paint import about
from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.magnitude import short, signed
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.passing import Beginning, Stop, beginning, ln_norm, lost, stop
from rnntui.paint.wrap import wrap
from rnntui.scene import Cursor

NORM: Final = 8
UNIT: Final = 10
LEAST_BAR: Final = 6
MARK: Final = 4
"""Columns before and after a line's name."""


@dataclass(frozen=True, eq=False)
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
    beyond = [words for state in study.trace.states if isinstance(here, Stop) and (words := here.beyond(state))]
    if here is None or lost(study) or beyond or (isinstance(here, Stop) and not here.reached):
        texts = beyond or [*about.loss(study, cursor), nothing(study, cursor)]
        written = [wrap(text, width - 2, height) for text in texts]
        while len(written) > 1 and sum(map(len, written)) > height:
            written.pop(-2)
        if sum(map(len, written)) < height:
            brush.line()
        for line in (line for lines in written for line in lines):
            brush.line().add(clip(f" {line}", width), palette.notice)
        return brush.painting()
    tables = [(state, ways(here, state, cursor)) for state in reversed(study.trace.states)]
    every = [way for _, rows in tables for way in rows]
    parts = [way for way in every if not way.total]
    strongest = max(parts, key=lambda way: ln_norm(way.part), default=None)
    most = ln_norm(strongest.part) if strongest is not None else -np.inf
    labels = _labels(every, width - NORM - UNIT - 2 * LEAST_BAR)
    headings = height >= len(every) + len(tables)
    if len(every) < height < len(every) + len(tables):
        _heading(brush, ", ".join(f"{state}{subscript(cursor.t)}" for state, _ in tables), cursor, palette)
    weak = sorted(parts, key=lambda way: ln_norm(way.part))[: len(every) + 1 - height if len(every) > height else 0]
    for state, rows in tables:
        if headings:
            _heading(brush, f"{state}{subscript(cursor.t)}", cursor, palette)
        for way in rows:
            if way not in weak:
                _line(brush, way, labels, cursor.unit, most, way is strongest and np.isfinite(most), palette)
    if weak:
        brush.line().add(clip(f"   … and {len(weak)} weaker ones", width), palette.dim)
    return brush.painting()


def nothing(study: Study, cursor: Cursor) -> str:
    """Why there is no gradient at a token to be taken apart."""
    if cursor.walk == "forward":
        return "Nothing flows back during the forward pass."
    if lost(study):
        return lost(study)
    if study.trace.row(cursor) is not None:
        return f"t = {cursor.t} is beyond the truncation."
    if study.trace.steps_read(cursor) > 0:
        return "← lets the gradient walk back from the loss."
    return "The gradient has arrived at the initial state."


def ways(here: Stop | Beginning, state: str, cursor: Cursor) -> list[Way]:
    """Every part of a state's gradient at this step, and their sum; the loss and the layer above look at h alone.

    After the last step there is none that anything could come from.
    """
    trace = here.study.trace
    after = cursor.t + (1 if cursor.direction == "forward" else -1)
    found = []
    if isinstance(here, Stop) and state == trace.states[0]:
        above = here.one.layer + 1
        name, meaning = (f"layer {above}", "above") if above < trace.layers else ("the loss", "")
        found.append(Way(name, meaning, here.local(state)))
    for path, part in here.paths(state):
        if path.carried and not 1 <= after <= trace.steps:
            continue
        found.append(Way(_via(path, cursor.t, after), trace.equation(path.via).meaning, part))
    return [*found, Way(f"= ∂L/∂{state}{subscript(cursor.t)}", "", here.total(state), total=True)]


def _via(path: Path, t: int, after: int) -> str:
    return f"via {path.via}{subscript(after if path.carried else t)}"


def _labels(every: Sequence[Way], room: int) -> dict[Way, str]:
    """What each line is called, in the same columns: with what the symbols mean where that fits for all of them."""
    long = [f"{way.label} {way.meaning}".rstrip() for way in every]
    short = [way.label for way in every]
    chosen = long if max(map(columns_of, long)) + MARK <= room else short
    most = max(map(columns_of, chosen))
    return {way: fit(text, most) for way, text in zip(every, chosen, strict=True)}


def _heading(brush: Brush, into: str, cursor: Cursor, palette: Palette) -> None:
    brush.line().add(f" into {into}", palette.title)
    brush.to(brush.columns - NORM - UNIT, palette.dim).add(fit("norm", NORM), palette.dim)
    brush.add(fit(f"unit {cursor.unit}", UNIT), palette.dim)


def _line(
    brush: Brush, way: Way, labels: Mapping[Way, str], unit: int, most: float, strongest: bool, palette: Palette
) -> None:
    """Name, bar, norm and the unit's number; the bar's length is the norm's share of the largest one."""
    value, size = float(way.part[unit]), ln_norm(way.part)
    room = brush.columns - NORM - UNIT
    style = palette.title if way.total or strongest else palette.text
    brush.line().add(" ▸ " if strongest else "   ", palette.cursor).add(f"{labels[way]} ", style)
    bar = room - brush.column - 2
    if not way.total and bar >= LEAST_BAR and np.isfinite(size) and np.isfinite(most):
        length = round(float(np.exp(size - most)) * bar)
        brush.add("━" * length, palette.cursor if strongest else palette.positive)
        brush.add("·" if not length else "", palette.faint)
    brush.to(room, palette.text).add(fit(short(size, NORM), NORM), style)
    brush.add(fit(signed(value), UNIT), palette.sign(value))
