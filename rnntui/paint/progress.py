"""What has been read and computed when the cursor stands where it stands; the rest is dim or blank on every pane."""

from __future__ import annotations

from rnntui.core.trace import Array, Trace
from rnntui.scene import Cursor, Direction


def stand(trace: Trace, cursor: Cursor, direction: Direction) -> int:
    """The t at which a lane stands: k in the forward lane, T + 1 - k in the backward lane."""
    read = trace.steps_read(cursor)
    return read if direction == "forward" else trace.steps + 1 - read


def computed(trace: Trace, cursor: Cursor, symbol: str) -> bool:
    """Whether a symbol of the cursor's own step has its value already; at the initial state only states have."""
    if trace.row(cursor) is None:
        return symbol in trace.states
    return not cursor.partial or trace.symbols.index(symbol) <= trace.symbols.index(cursor.symbol)


def rows(trace: Trace, cursor: Cursor, direction: Direction, symbol: str) -> range:
    """The rows in which a symbol of a lane has been computed so far."""
    t = stand(trace, cursor, direction)
    done = direction != cursor.direction or computed(trace, cursor, symbol) or trace.row(cursor) is None
    if direction == "forward":
        return range(0, t if done else t - 1)
    return range(t - 1 if done else t, trace.steps)


def values(trace: Trace, cursor: Cursor, symbol: str) -> Array | None:
    """A symbol's values in the cursor's step, (H,), or None while not computed; at the start the initial state."""
    if not computed(trace, cursor, symbol):
        return None
    one, row = trace.of(cursor.layer, cursor.direction), trace.row(cursor)
    return one.initial[symbol] if row is None else one.values[symbol][row]


def before(trace: Trace, cursor: Cursor, state: str) -> Array | None:
    """A state as the cursor's step found it, (H,); None where nothing is being read."""
    row = trace.row(cursor)
    return None if row is None else trace.of(cursor.layer, cursor.direction).before(state, row)
