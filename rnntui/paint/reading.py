"""How a model in training reads one fixed sentence: its units over the text, and its gates at one character."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Final

import numpy as np
from rich.style import Style

from rnntui.core.trace import Array
from rnntui.paint import numbers
from rnntui.paint.cells import Brush, Piece, fit, token
from rnntui.paint.cells import width as columns_of
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.window import window
from rnntui.scene import Cursor
from rnntui.training.progress import Progress
from rnntui.training.record import Reading

GUTTER: Final = 6
LABEL: Final = 3
"""Columns before the sentence."""
NEAR: Final = 0.1
"""Of the scale; a value within it is a dot."""


def values(progress: Progress, cursor: Cursor) -> Mapping[str, Array]:
    """Symbol → values, each (T, H), of the cursor's layer; empty before there are any."""
    return progress.reading.layers[cursor.layer] if progress.reading is not None else {}


def state(progress: Progress, cursor: Cursor) -> Array | None:
    """The hidden state over the text, (T, H)."""
    return values(progress, cursor).get(state_name(progress))


def state_name(progress: Progress) -> str:
    """What the hidden state is called: h, unless a cell of one's own calls it otherwise."""
    return progress.reading.state if progress.reading is not None else "h"


def largest(found: Array) -> float:
    """The end of a symbol's scale: 1, or its largest size where that is more."""
    return max(1.0, float(np.abs(found).max(initial=0.0)))


def sentence(progress: Progress, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The text, coloured by what the current unit does at each character; ▲ under the cursor."""
    brush, h, reading = Brush(width, height), state(progress, cursor), progress.reading
    if h is None or reading is None:
        return brush.painting()
    shown = window(cursor.t - 1, width - LABEL, len(reading.text))
    brush.line().add(fit(" …" if shown.start else "", LABEL), palette.faint)
    end = largest(h)
    for place in shown:
        style = colour(float(h[place, cursor.unit]) / end, palette)
        brush.add(token(reading.text[place])[:1], style, {"t": place + 1})
    brush.line().to(LABEL + cursor.t - 1 - shown.start, palette.text).add("▲", palette.cursor)
    words = f" unit {cursor.unit}: {numbers.long(float(h[cursor.t - 1, cursor.unit]))}"
    if brush.column + columns_of(words) > width:
        brush.line()
    brush.add(words, palette.title)
    return brush.painting()


def heat_title(progress: Progress, cursor: Cursor) -> str:
    """What the map shows, and the number under the cursor."""
    h = state(progress, cursor)
    if h is None:
        return "Hidden state h"
    name = state_name(progress)
    layer = f" · layer {cursor.layer}" if progress.reading is not None and len(progress.reading.layers) > 1 else ""
    return f"Hidden state {name}{layer} · unit {cursor.unit}: {numbers.long(float(h[cursor.t - 1, cursor.unit]))}"


def heat(progress: Progress, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """A row a unit, a column a character; colour, sign and tenths are the value."""
    if progress.reading is None:
        return Brush(width, height).painting()
    return _map(progress.reading, cursor, width, height, palette)


@lru_cache(maxsize=1)
def _map(reading: Reading, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The map of one reading; most snapshots of a training bring the reading that the one before brought."""
    brush, h = Brush(width, height), reading.layers[cursor.layer][reading.state]
    size = max(1, min(3, (width - GUTTER) // len(h)))
    steps = window(cursor.t - 1, (width - GUTTER) // size, len(h))
    brush.line().to(GUTTER, palette.faint)
    for place in steps:
        style = palette.lit if place == cursor.t - 1 else palette.text
        brush.add(fit(token(reading.text[place])[:1], size), style, {"t": place + 1})
    end, rows = largest(h), _rows(reading, cursor.layer, steps, size, palette)
    for unit in window(cursor.unit, height - 1, h.shape[1]):
        here = unit == cursor.unit
        brush.line().add("▸" if here else " ", palette.cursor)
        brush.add(f"{unit:>{GUTTER - 2}} ", palette.cursor if here else palette.dim, {"unit": unit})
        if unit not in rows:
            levels = (h[steps.start : steps.stop, unit] / end).tolist()
            rows[unit] = [(_sign(level, size), colour(level, palette)) for level in levels]
        brush.put(rows[unit], size * len(steps), {"unit": unit, "t": steps.start + 1}, each=size)
    return brush.painting()


@lru_cache(maxsize=1)
def _rows(_reading: Reading, _layer: int, _steps: range, _size: int, _palette: Palette) -> dict[int, list[Piece]]:
    """The cells of the units that were drawn of this part of a reading already, so that a move draws few anew."""
    return {}


def gates_title(progress: Progress, cursor: Cursor) -> str:
    """At which character."""
    if progress.reading is None:
        return "Gates"
    return f"Gates at “{token(progress.reading.text[cursor.t - 1])}” · t = {cursor.t}"


def gates(progress: Progress, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """A row a unit, a column a symbol of the cell, in the order of its equations; each value is also a number."""
    brush, found = Brush(width, height), values(progress, cursor)
    if not found:
        return brush.painting()
    column = max(numbers.SHORT + 1, min(9, (width - GUTTER) // len(found)))
    room = max(1, (width - GUTTER - (column * len(found) > width - GUTTER)) // column)
    found, left_out = dict(islice(found.items(), room)), len(found) > room
    brush.line().to(GUTTER, palette.text)
    for symbol in found:
        brush.add(fit(symbol, column, "^"), palette.title)
    brush.add("…" if left_out else "", palette.faint)
    ends = {symbol: largest(one) for symbol, one in found.items()}
    for unit in window(cursor.unit, height - 1, next(iter(found.values())).shape[1]):
        here = unit == cursor.unit
        brush.line().add("▸" if here else " ", palette.cursor)
        brush.add(f"{unit:>{GUTTER - 2}} ", palette.cursor if here else palette.dim, {"unit": unit})
        for symbol, one in found.items():
            value = float(one[cursor.t - 1, unit])
            style = colour(value / ends[symbol], palette)
            brush.add(fit(numbers.short(value), column - 1, "^"), style, {"unit": unit}).add(" ", palette.text)
    return brush.painting()


def colour(level: float, palette: Palette) -> Style:
    """The colour of a value from -1 to +1."""
    return palette.text if palette.colours == "none" else palette.signed(level)


def _sign(level: float, size: int) -> str:
    """A value from -1 to +1 in so many columns: its sign, and tenths where there is room; near 0 a dot."""
    if abs(level) < NEAR:
        return fit("·", size, "^")
    return fit(f"{'+' if level > 0 else '−'}{min(9, int(10 * abs(level)))}"[:size], size, "^")
