"""Two traces of networks that are stepped together: what they share, how far they are apart, where the cursor stands.

numpy only, as the traces are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rnntui.core.trace import Pass, Trace
from rnntui.scene import Cursor


def shared(one: Trace, other: Trace) -> tuple[str, ...]:
    """The symbols of which a difference can be told: all of them, or of two cells only the states of the same name.

    None where the steps, units, layers or directions are others.
    """
    here, there = ([(each.layer, each.direction) for each in trace.passes] for trace in (one, other))
    if (one.steps, one.hidden, here) != (other.steps, other.hidden, there):
        return ()
    if one.symbols == other.symbols:
        return one.symbols
    return tuple(symbol for symbol in one.symbols if symbol in one.states and symbol in other.states)


def difference(one: Trace, other: Trace) -> Trace:
    """The difference of two traces in what they share: every value less the other's."""
    symbols = shared(one, other)
    passes = (_difference(ours, theirs, symbols) for ours, theirs in zip(one.passes, other.passes, strict=True))
    made = replace(one, passes=tuple(passes), minus=other, whole=one, alongside=None)
    if symbols == one.symbols:
        return made
    equations = tuple(equation for equation in one.equations if equation.symbol in symbols)
    states = tuple(state for state in one.states if state in symbols)
    return replace(made, equations=equations, states=states, diagram="")


def _difference(one: Pass, other: Pass, symbols: Sequence[str]) -> Pass:
    values = {symbol: one.values[symbol] - other.values[symbol] for symbol in symbols}
    initial = {symbol: first - other.initial[symbol] for symbol, first in one.initial.items() if symbol in symbols}
    return replace(one, initial=initial, values=values)


def follow(trace: Trace, leader: Trace, cursor: Cursor) -> Cursor:
    """Where the cursor stands in a trace that is stepped together with the one in which it was moved.

    Within a step both have computed as many symbols, and the last one of each together; a step that is whole lights
    the symbol of the same name where there is one.
    """
    cursor = leader.clamp(cursor)
    if trace.symbols == leader.symbols or (not cursor.partial and cursor.symbol in trace.symbols):
        return trace.clamp(cursor)
    place, last = leader.symbols.index(cursor.symbol), len(trace.symbols) - 1
    place = last if cursor.symbol == leader.symbols[-1] else min(place, max(0, last - 1))
    return trace.clamp(replace(cursor, symbol=trace.symbols[place]))
