"""Where the cursor goes when gradients are looked at: forward to the loss, then back to the first token.

A place is counted in the order of reading: 0 is the initial state, 1…T are the tokens, T + 1 is the loss, where the
walk back begins. In the forward lane that is t itself, in the backward lane it is T + 1 - t.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rnntui.core.trace import Trace
from rnntui.scene import PAST_THE_END, Cursor
from rnntui.ui import moves
from rnntui.ui.moves import Manner


def place(trace: Trace, cursor: Cursor) -> int:
    """Where the cursor stands, from 0 at the initial state to T + 1 at the loss."""
    return trace.steps_read(cursor)


def at(trace: Trace, cursor: Cursor, where: int) -> Cursor:
    """The cursor at a place, held within what there is; whoever reads on past the last token enters the loss."""
    where = min(max(where, 0), trace.steps + 1)
    t = where if cursor.direction == "forward" else trace.steps + 1 - where
    return replace(cursor, t=t, partial=False, walk="back" if where > trace.steps else cursor.walk)


def step(trace: Trace, cursor: Cursor, by: int) -> Cursor:
    """Towards the loss, or away from it, which is the way that the gradient takes."""
    return at(trace, cursor, place(trace, cursor) + by)


def end(trace: Trace, cursor: Cursor, by: int) -> Cursor:
    """To the loss, or to the initial state."""
    return at(trace, cursor, trace.steps + 1 if by > 0 else 0)


def turn(trace: Trace, cursor: Cursor, _by: int = 1) -> Cursor:
    """From the walk back to the beginning of the forward pass before it, or from there to the loss."""
    if cursor.walk == "back":
        return at(trace, replace(cursor, walk="forward"), 0)
    return at(trace, cursor, trace.steps + 1)


def onward(trace: Trace, cursor: Cursor) -> Cursor:
    """The next place of the whole way, forward to the loss and back; at its end the cursor stays."""
    return step(trace, cursor, 1 if cursor.walk == "forward" else -1)


def lane(trace: Trace, cursor: Cursor, by: int) -> Cursor:
    """The next layer or direction, at the same place of the way; the last one is the end."""
    lanes = [(one.layer, one.direction) for one in trace.passes]
    here = lanes.index((cursor.layer, cursor.direction))
    layer, direction = lanes[min(max(here + by, 0), len(lanes) - 1)]
    return at(trace, replace(cursor, layer=layer, direction=direction), place(trace, cursor))


def point(trace: Trace, cursor: Cursor, move: Mapping[str, object]) -> Cursor:
    """The cursor that a click asks for; pointing at another direction keeps the place of the way."""
    moved = replace(cursor, **move)  # type: ignore[arg-type]
    if "t" not in move and moved.direction != cursor.direction:
        return at(trace, moved, place(trace, cursor))
    return at(trace, moved, place(trace, moved))


def carried(old: Trace, cursor: Cursor, new: Trace) -> Cursor:
    """The cursor for another record: as many tokens read, or as many steps walked back, as before."""
    where = place(old, cursor)
    inside = new.clamp(cursor)
    kept = replace(cursor, layer=inside.layer, direction=inside.direction, symbol=inside.symbol, unit=inside.unit)
    return at(new, kept, where if cursor.walk == "forward" else new.steps - (old.steps - where))


def fresh(cursor: Cursor) -> Cursor:
    """At the loss, nothing walked yet."""
    return replace(cursor, t=PAST_THE_END if cursor.direction == "forward" else 0, partial=False, walk="back")


WALKING: Final = Manner(
    keys={"step": step, "unit": moves.unit, "end": end, "turn": turn, "lane": lane},
    point=point,
    carried=carried,
    onward=onward,
    again=lambda trace, cursor: end(trace, cursor, 1),
    fresh=fresh,
)
"""How the gradient is followed."""
