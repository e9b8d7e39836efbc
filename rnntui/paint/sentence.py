"""One plain sentence with numbers about what just happened at the cursor.

A cell may bring a template, one line for each length it can be said in, the longest first. Its slots are expressions in
the cell's own language: `{f:.0%}`, `{i * g:+.2f}`, `{c_prev:+.2f}`; `{unit}` and `{input}` are filled in here.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from string import Formatter
from typing import Final, NamedTuple

from rnntui.core.evaluate import Incomputable, Moment
from rnntui.core.expression import Call, Node, Unreadable, parse
from rnntui.core.lockstep import follow
from rnntui.core.trace import Trace
from rnntui.core.worked import figure
from rnntui.paint.cells import Brush, token, width
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.wrap import wrap
from rnntui.scene import Cursor

FILLED: Final = ("unit", "input")


def title(trace: Trace, cursor: Cursor) -> str:
    """What the pane is called."""
    return f"What just happened · unit {cursor.unit}" if trace.row(cursor) is not None else "What happens next"


def paint(trace: Trace, cursor: Cursor, columns: int, height: int, palette: Palette) -> Painting:
    """The longest sentence that fits, else the shortest, cut."""
    texts = sentences(trace, cursor)
    choices = (wrap(text, columns, height) for text in texts if width(text) <= columns * height)
    fitting = (lines for lines in choices if not (lines and lines[-1].endswith("…")))
    lines = next(fitting, None) or wrap(min(texts, key=width), columns, height)
    brush = Brush(columns, height)
    for line in lines:
        brush.line().add(line, palette.text if trace.row(cursor) is not None else palette.notice)
    return brush.painting()


def paint_two(
    trace: Trace,
    cursor: Cursor,
    columns: int,
    height: int,
    palette: Palette,
    *,
    other: Trace,
    names: tuple[str, str],
) -> Painting:
    """The states of a unit in two networks beside each other, or what both have computed last."""
    row = trace.row(cursor)
    if row is None:
        return paint(trace, cursor, columns, height, palette)
    told = []
    for which, name in zip((trace, other), names, strict=True):
        place = follow(which, trace, cursor)
        moment = Moment(which, which.of(place.layer, place.direction), row)
        said = _plain(which, moment, place.unit) if not place.partial else _value(place, moment)
        told.append(f"{name}: {said}")
    brush = Brush(columns, height)
    for line in wrap(f"{_lane(trace, cursor)}Unit {cursor.unit} · {' · '.join(told)}", columns, height):
        brush.line().add(line, palette.text)
    return brush.painting()


def sentences(trace: Trace, cursor: Cursor) -> list[str]:
    """What just happened, in every length there is, the longest first; safe to print."""
    row = trace.row(cursor)
    if row is None:
        return [_before(trace, cursor)]
    moment = Moment(trace, trace.of(cursor.layer, cursor.direction), row)
    lane = _lane(trace, cursor)
    if trace.minus is not None and trace.whole is not None:
        return [lane + _difference(trace, trace.whole, trace.minus, cursor)]
    if trace.by_hand:
        lane = f"By hand · {lane}"
    if cursor.partial:
        return [lane + _one(trace, cursor, moment)]
    plain = f"Unit {cursor.unit}: {_plain(trace, moment, cursor.unit)}."
    if not trace.sentence or _broken_by_hand(trace, cursor):
        return [lane + plain]
    try:
        told = [fill(template, moment, cursor.unit) for template in trace.sentence.splitlines()]
    except (Unreadable, Incomputable, KeyError, ValueError) as error:
        return [f"{lane}{plain} (The cell's SENTENCE cannot be filled in: {token(str(error)).replace('␣', ' ')}.)"]
    arrow = f"{'→' if cursor.direction == 'forward' else '←'} " if lane else ""
    return [lane + text for text in told] + [arrow + told[-1]] * bool(lane) + [arrow + plain]


def slots(template: str, states: tuple[str, ...]) -> list[tuple[str, Node]]:
    """The expressions of a template and their trees, without what is filled in here. Raises Unreadable."""
    return [(piece.name, piece.tree) for piece in _pieces(template, states) if piece.tree is not None]


def fill(template: str, moment: Moment, unit: int) -> str:
    """A template with its numbers for one unit at one moment. Raises Unreadable, Incomputable or KeyError."""
    text = ""
    for piece in _pieces(template, moment.trace.states):
        text += piece.literal
        if piece.name == "unit":
            text += str(unit)
        elif piece.name == "input":
            below = moment.one.layer - 1
            text += f'"{token(moment.trace.tokens[moment.row])}"' if below < 0 else f"layer {below}"
        elif piece.tree is not None:
            text += written(moment.number(piece.tree, unit), piece.spec)
    return text


def written(value: float, spec: str) -> str:
    """A number in a sentence: a true minus, `58 %`, and never a zero that is none: 0.0004 is not +0.00."""
    if spec.endswith("%"):
        return f"{value:{spec}}".replace("%", " %").replace("-", "−")
    shown = f"{value + 0.0:{spec}}"
    if not isfinite(value) or abs(value) >= 1e6 or (value and float(shown) == 0):
        return f"{'+' if value > 0 and spec.startswith('+') else ''}{figure(value)}"
    return shown.replace("-", "−")


class _Piece(NamedTuple):
    """Words of a template, and the slot behind them."""

    literal: str
    name: str
    spec: str
    tree: Node | None
    """Of an expression; None where there is no slot, or one that is filled in here."""


@lru_cache(maxsize=256)
def _pieces(template: str, states: tuple[str, ...]) -> tuple[_Piece, ...]:
    before = tuple(f"{state}_prev" for state in states)
    return tuple(
        _Piece(literal, name or "", spec or "", None if name is None or name in FILLED else parse(name, before))
        for literal, name, spec, _ in Formatter().parse(template)
    )


def _lane(trace: Trace, cursor: Cursor) -> str:
    """Which lane is meant, where there is more than one: `Backward lane, "e" · `."""
    if not trace.bidirectional and trace.layers == 1:
        return ""
    where = [f"layer {cursor.layer}"] if trace.layers > 1 else []
    if trace.bidirectional:
        where.append(f"{cursor.direction} lane")
    row = trace.row(cursor)
    reads = f', "{token(trace.tokens[row])}"' if row is not None else ""
    text = ", ".join(where) + reads
    return f"{text[:1].upper()}{text[1:]} · "


def _before(trace: Trace, cursor: Cursor) -> str:
    first = cursor.direction == "forward"
    states = " and ".join(trace.states)
    word = token(trace.tokens[0 if first else -1])
    which = "the first token" if first else "the last token first"
    verb = "is" if len(trace.states) == 1 else "are"
    return f'{_lane(trace, cursor)}Nothing is read yet, {states} {verb} at the start: → reads {which}, "{word}".'


def _one(trace: Trace, cursor: Cursor, moment: Moment) -> str:
    symbol = cursor.symbol if cursor.symbol in trace.symbols else trace.symbols[0]
    meaning = trace.equation(symbol).meaning
    value = figure(float(moment.one.values[symbol][moment.row][cursor.unit]))
    named = f"{symbol}, the {meaning} of unit {cursor.unit}," if meaning else f"{symbol} of unit {cursor.unit}"
    if symbol not in trace.states:
        return f"{named} is {value}."
    before = figure(float(moment.one.before(symbol, moment.row)[cursor.unit]))
    return f"{named} is {value}; it was {before}."


def _difference(trace: Trace, one: Trace, other: Trace, cursor: Cursor) -> str:
    """How far two networks are apart in a unit's states, and from which numbers."""
    parts, passes = [], [which.of(cursor.layer, cursor.direction) for which in (trace, one, other)]
    for state in reversed(trace.states):
        less, now, was = (float(which.values[state][cursor.t - 1][cursor.unit]) for which in passes)
        parts.append(f"{state} {written(less, '+.2f')} ({figure(now)} instead of {figure(was)})")
    return f"Unit {cursor.unit} differs: {', '.join(parts)}."


def _value(cursor: Cursor, moment: Moment) -> str:
    return f"{cursor.symbol} = {figure(float(moment.one.values[cursor.symbol][moment.row][cursor.unit]))}"


def _broken_by_hand(trace: Trace, cursor: Cursor) -> bool:
    """Whether something other than a gate is set by hand here, so that the cell's sentence about it is not true."""
    place = (cursor.layer, cursor.direction)
    return any(
        trace.held(*place, one.symbol, cursor.unit, cursor.t) is not None
        for one in trace.equations
        if not isinstance(one.tree, Call) or one.tree.function != "sigmoid"
    )


def _plain(trace: Trace, moment: Moment, unit: int) -> str:
    told = []
    for state in reversed(trace.states):
        value = float(moment.one.values[state][moment.row][unit])
        held = trace.held(moment.one.layer, moment.one.direction, state, unit, moment.t) is not None
        told.append(f"{state} = {figure(value)}{' by hand' if held else ''}")
    return ", ".join(told)
