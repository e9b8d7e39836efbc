"""One line about what comes next: the most probable tokens after the step under the cursor, and what came."""

from __future__ import annotations

from math import isnan

from rnntui.core.trace import Readout, Trace
from rnntui.paint import progress
from rnntui.paint.cells import Brush, clip, token
from rnntui.paint.cells import width as columns_of
from rnntui.paint.palette import Palette
from rnntui.scene import DIRECTIONS, Cursor

LONGEST = 12
"""Columns of one token."""
START = " next "


def add(brush: Brush, trace: Trace, cursor: Cursor, palette: Palette) -> None:
    """A line with as many tokens as fit, the most probable first; the one that came is lit.

    Empty where the output is not there yet: before reading, within a step, and where only one lane has been.
    """
    brush.line().add(START, palette.dim)
    row = trace.row(cursor)
    readout = trace.readout
    if row is None or readout is None or not _is_known(trace, cursor, row):
        return
    came = _came(trace, readout, row)
    room = brush.columns - columns_of(came)
    following = trace.tokens[row + 1] if row + 1 < trace.steps else None
    for number, value in zip(readout.ids[row], readout.probabilities[row], strict=True):
        label = readout.labels[number]
        name, share = clip(token(label), LONGEST), f" {percent(float(value))}  "
        if brush.column + columns_of(name + share) > room:
            break
        brush.add(name, palette.cursor if label == following else palette.text).add(share, palette.dim)
    brush.to(room, palette.text).add(came, palette.dim)


def percent(share: float) -> str:
    """A probability in whole per cent, and never none at all."""
    return f"{share:.0%}".replace("%", " %") if share >= 0.005 else "<1 %"


def _is_known(trace: Trace, cursor: Cursor, row: int) -> bool:
    """Whether everything is computed that the output at a row is made of."""
    state = trace.states[0]
    if cursor.partial and cursor.layer < trace.layers - 1:
        return False
    lanes = DIRECTIONS[: 1 + trace.bidirectional]
    return all(row in progress.rows(trace, cursor, lane, state) for lane in lanes)


def _came(trace: Trace, readout: Readout, row: int) -> str:
    value = float(readout.came[row])
    if isnan(value):
        return ""
    return f' then "{clip(token(trace.tokens[row + 1]), LONGEST)}": {percent(value)}'
