"""Below the curves: what each line is at the cursor's t, and how fast it shrinks or grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.style import Style

from rnntui.core.flow import Study
from rnntui.paint import magnitude, pace
from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.series import own, series
from rnntui.scene import Cursor

DASH: Final = "╌"
"""The line of the gate alone."""
VALUE: Final = 8
LEAST_PACE: Final = 16
"""Columns for "halves every 1.2"."""


@dataclass(frozen=True)
class Entry:
    """What is said of one line."""

    mark: str
    name: str
    ink: Style
    value: str
    """The norm under the cursor, or a dot where no token is."""
    pace: str = ""
    note: str = ""


def paint(study: Study, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """A line for each line of the plot, two abreast where they fit; where lines are few, all values on one."""
    there, found = study.trace.row(cursor) is not None, entries(study, cursor, palette)
    names = max(columns_of(one.name) for one in found)
    each = 3 + names + 2 + VALUE + max(LEAST_PACE, *(columns_of(one.pace) for one in found))
    abreast = 2 if width >= 2 * each + 1 else 1
    said = remarks(study) if abreast > 1 else []
    lines = -(-(len(found) + bool(said)) // abreast)
    if height < lines + 1:
        lines = -(-len(found) // abreast)
    if height < lines + 1:
        return _short(study, cursor, found, width, palette)
    brush = Brush(width, lines + 1)
    brush.line().add(f" at t = {cursor.t}" if there else "", palette.title)
    if any(one.pace for one in found):
        brush.add(" · " if there else " ", palette.title).add("how they change, in steps back", palette.dim)
    for line in range(lines):
        brush.line()
        for column, place in enumerate(range(line, lines * abreast, lines)):
            brush.to(column * (width // abreast), palette.text)
            if place < len(found):
                _entry(brush, found[place], names, palette)
                brush.add(f" · {found[place].note}" if abreast == 1 and found[place].note else "", palette.faint)
            elif place == len(found) and said:
                room = width - brush.column
                brush.add(clip(next((one for one in said if columns_of(one) <= room), said[-1]), room), palette.faint)
    return brush.painting()


def remarks(study: Study) -> list[str]:
    """What is left out for the other cells, each once for all that it is said of: with its reason, and without."""
    cells: dict[str, list[str]] = {}
    for curve in study.curves:
        for note in filter(None, curve.note.split("; ")):
            cells.setdefault(note, []).append(curve.cell)
    notes: dict[str, list[str]] = {}
    for note, names in cells.items():
        notes.setdefault(", ".join(names), []).append(note)
    brief = {names: [note.partition(":")[0] for note in several] for names, several in notes.items()}
    ways = ["; ".join(f"{names}: {'; '.join(several)}" for names, several in way.items()) for way in (notes, brief)]
    return [f" {words}" for words in ways] if cells else []


def entries(study: Study, cursor: Cursor, palette: Palette) -> list[Entry]:
    """Every line of the plot, and the gate alone after the memory that it keeps."""
    row, found = study.trace.row(cursor), []
    for one in series(study, palette):
        curve, memory = one.curve, one.state == one.curve.memory
        value = "·" if row is None else magnitude.short(float(curve.log_norms[one.state][row]), VALUE)
        value = "—" if curve.lost is not None else value
        words = pace.beyond(curve) or _short_pace(curve.rate)
        found.append(Entry(one.mark, one.name, one.ink, value, words if memory else "", curve.note if memory else ""))
        alone = curve.gate_alone if memory and curve is own(study) else None
        if alone is not None:
            value = "·" if row is None else magnitude.short(float(alone[row]), VALUE)
            found.append(Entry(DASH, f"{curve.gate} alone", palette.dim, value, _short_pace(curve.gate_rate)))
    return found


def _short_pace(rate: float | None) -> str:
    return pace.every(rate).removesuffix(" steps").removesuffix(" a step")


def _entry(brush: Brush, one: Entry, names: int, palette: Palette) -> None:
    brush.add(f" {one.mark} ", one.ink).add(fit(one.name, names + 2), one.ink)
    brush.add(fit(one.value, VALUE), palette.text).add(one.pace, palette.text)


def _short(study: Study, cursor: Cursor, found: Sequence[Entry], width: int, palette: Palette) -> Painting:
    """All values on one line, the own cell's first; where no token is, how fast each line falls."""
    brush, there = Brush(width, 1), study.trace.row(cursor) is not None
    brush.line().add(f" t = {cursor.t} " if there else "", palette.title)
    mine = own(study).cell
    for one in sorted(found, key=lambda one: not one.name.startswith(f"{mine} ")):
        words = one.value if there else one.pace
        if words and brush.column + columns_of(f" {one.name} {words}") <= width:
            brush.add(f" {one.name} ", one.ink).add(words, palette.text)
    return brush.painting()
