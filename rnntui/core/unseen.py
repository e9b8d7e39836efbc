"""A trace of which only what has been computed is there: for a learner who is to say what comes next.

Whatever shows, exports or scales such a trace cannot give away what it does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rnntui.core.trace import Array, Pass, Trace
from rnntui.scene import Cursor


def unseen(trace: Trace, cursor: Cursor) -> Trace:
    """The same trace with nan for every value that comes after the cursor, in every layer and direction."""
    passes = tuple(_until(trace, one, cursor) for one in trace.passes)
    return replace(trace, passes=passes, readout=None, alongside=None)


def _until(trace: Trace, one: Pass, cursor: Cursor) -> Pass:
    read, same = trace.steps_read(cursor), (one.layer, one.direction) == (cursor.layer, cursor.direction)
    above = one.layer > cursor.layer
    symbols: Mapping[str, Array] = one.values
    place = trace.symbols.index(cursor.symbol) if cursor.symbol in trace.symbols else len(trace.symbols)
    hidden: dict[str, Array] = {}
    for number, (symbol, values) in enumerate(symbols.items()):
        half_done = cursor.partial and ((same and number > place) or above)
        count = max(0, read - half_done)
        kept = values.copy()
        kept[slice(count, None) if one.direction == "forward" else slice(0, trace.steps - count)] = np.nan
        hidden[symbol] = kept
    return replace(one, values=hidden)
