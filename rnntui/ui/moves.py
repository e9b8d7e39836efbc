"""Where the cursor goes: pure functions from a trace and a cursor to the next cursor.

A step is whole or partial. Whole: everything at the cursor's t is computed. Partial: only the symbols up to the
cursor's, as in a debugger that stands inside a line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from rnntui.core.trace import Trace
from rnntui.scene import Cursor, Direction


def after(trace: Trace, cursor: Cursor, steps: int) -> Cursor:
    """The cursor after so many tokens have been read (k), every symbol computed; k is held within 0…T."""
    steps = min(max(steps, 0), trace.steps)
    t = steps if cursor.direction == "forward" else trace.steps + 1 - steps
    return replace(cursor, t=t, partial=False)


def step(trace: Trace, cursor: Cursor, by: int) -> Cursor:
    """Tokens further or back; a step that stands half done is finished first, or undone."""
    steps = trace.steps_read(cursor)
    if cursor.partial:
        steps -= 1 if by > 0 else 0
    return after(trace, cursor, steps + by)


def sub_step(trace: Trace, cursor: Cursor, by: int) -> Cursor:
    """One symbol further or back; past the last it is the next step's first, before the first the last one's last."""
    symbols, steps = trace.symbols, trace.steps_read(cursor)
    if steps == 0:
        place = -1
    else:
        place = (steps - 1) * len(symbols) + (symbols.index(cursor.symbol) if cursor.partial else len(symbols) - 1)
    place = min(place + by, trace.steps * len(symbols) - 1)
    if place < 0:
        return replace(after(trace, cursor, 0), symbol=symbols[0])
    steps, index = divmod(place, len(symbols))
    return replace(after(trace, cursor, steps + 1), symbol=symbols[index], partial=True)


def unit(trace: Trace, cursor: Cursor, by: int) -> Cursor:
    """Units down or up, held within 0…H-1."""
    return replace(cursor, unit=min(max(cursor.unit + by, 0), trace.hidden - 1))


def end(trace: Trace, cursor: Cursor, by: int) -> Cursor:
    """Before the first token, or after the last."""
    return after(trace, cursor, trace.steps if by > 0 else 0)


def lane(trace: Trace, cursor: Cursor, by: int) -> Cursor:
    """The next layer or direction, in torch's order, with as many tokens read as before; the last one is the end."""
    lanes = [(one.layer, one.direction) for one in trace.passes]
    here = lanes.index((cursor.layer, cursor.direction))
    layer, direction = lanes[min(max(here + by, 0), len(lanes) - 1)]
    return _turned(trace, cursor, layer, direction)


def _turned(trace: Trace, cursor: Cursor, layer: int, direction: Direction) -> Cursor:
    steps = trace.steps_read(cursor)
    t = steps if direction == "forward" else trace.steps + 1 - steps
    return replace(cursor, layer=layer, direction=direction, t=t)


def point(trace: Trace, cursor: Cursor, move: dict[str, object]) -> Cursor:
    """The cursor that a click on a value asks for; pointing at a value means that its step is whole."""
    moved = replace(cursor, **move)  # type: ignore[arg-type]
    if "t" in move or "direction" in move:
        moved = replace(moved, partial=False)
        if "t" not in move and moved.direction != cursor.direction:
            moved = _turned(trace, cursor, moved.layer, moved.direction)
    return trace.clamp(moved)


def carried(old: Trace, cursor: Cursor, new: Trace) -> Cursor:
    """The cursor for another trace: as many tokens read as before, in either direction."""
    steps = min(old.steps_read(cursor), new.steps)
    direction: Direction = cursor.direction if new.bidirectional else "forward"
    return after(new, new.clamp(replace(cursor, direction=direction)), steps)


MOVES: Final[Mapping[str, Callable[[Trace, Cursor, int], Cursor]]] = {
    "step": step,
    "sub_step": sub_step,
    "unit": unit,
    "end": end,
    "lane": lane,
}
"""The moves that keys make, by the names that bindings use."""


def possible(trace: Trace, cursor: Cursor) -> frozenset[tuple[str, int]]:
    """The moves, each with its way, that lead elsewhere."""
    ways = ((how, by) for how in MOVES for by in (1, -1))
    return frozenset((how, by) for how, by in ways if MOVES[how](trace, cursor, by) != cursor)
