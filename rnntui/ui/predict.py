"""Predict, then see: which value is asked for, what an answer means, and whether it was right. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal

from rnntui.core.provenance import Ref, why
from rnntui.core.trace import Trace
from rnntui.core.worked import figure
from rnntui.errors import BadInput
from rnntui.scene import Cursor
from rnntui.ui.moves import sub_step

CLOSE: Final = 0.05
"""How near a number has to be: so much, or a tenth of the value where that is more."""
SIGN, ORDER, NUMBER = "+ or − its sign", "> or < than one step before", "or a number"
FORMS: Final = " · ".join((SIGN, ORDER, NUMBER))

Kind = Literal["sign", "order", "number"]


@dataclass(frozen=True)
class Answer:
    """What a learner committed to."""

    kind: Kind
    value: float
    """A number, or +1 and −1 for a sign, for larger and smaller."""
    words: str
    """As it was typed."""


@dataclass(frozen=True)
class Outcome:
    """An answer held against the value."""

    right: bool
    verdict: str
    chain: tuple[str, ...]
    """The arithmetic, part by part; the last is the value."""


def target(trace: Trace, cursor: Cursor) -> Cursor:
    """The value that is computed next, for the cursor's unit; what is set by hand is not computed.

    Raises BadInput where none is.
    """
    asked = cursor
    while (asked.partial and asked.symbol != trace.symbols[-1]) or trace.steps_read(asked) < trace.steps:
        asked = sub_step(trace, asked, 1)
        if trace.held(asked.layer, asked.direction, asked.symbol, asked.unit, asked.t) is None:
            return asked
    if asked != cursor:
        raise BadInput(f"All that comes next in unit {cursor.unit} is set by hand, so there is nothing to predict.")
    raise BadInput("Everything is computed here; go back with ← to predict what comes next.")


def question(trace: Trace, asked: Cursor) -> str:
    """What is asked, in one line; it tells nothing that is not on the screen."""
    ref = _ref(asked)
    meaning = trace.equation(asked.symbol).meaning
    formula = trace.equation(asked.symbol).formula(asked.direction == "backward")
    return f"Predict {ref}{f', the {meaning},' if meaning else ''} at t = {asked.t}:  {formula}"


def forms(trace: Trace, asked: Cursor) -> str:
    """What can be answered: larger or smaller only where there is a step before."""
    return FORMS if _before(trace, asked) is not None else f"{SIGN} · {NUMBER}"


def read(line: str) -> Answer:
    """What a line commits to. Raises BadInput for what is no prediction."""
    words = line.strip().replace("−", "-")
    if words in {"+", "-"}:
        return Answer("sign", 1 if words == "+" else -1, words)
    if words in {">", "<"}:
        return Answer("order", 1 if words == ">" else -1, words)
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", words) or not isfinite(float(words)):
        raise BadInput(f"'{line.strip()}' is no prediction; write {FORMS}.")
    return Answer("number", float(words), words)


def judge(trace: Trace, asked: Cursor, answer: Answer) -> Outcome:
    """Whether an answer was right, and the arithmetic that says so.

    Raises BadInput for larger or smaller where there is no step before.
    """
    one, row = trace.of(asked.layer, asked.direction), asked.t - 1
    value = float(one.values[asked.symbol][row][asked.unit])
    explanation = why(trace, _ref(asked))
    steps = (*explanation.chain[:-1], figure(value)) if len(explanation.chain) > 1 else (figure(value),)
    name = f"{explanation.name} = {figure(value)}"
    if answer.kind == "order":
        before = _before(trace, asked)
        if before is None:
            raise BadInput(f"{asked.symbol} has no value one step before; predict its sign or a number.")
        right = (value > before) if answer.value > 0 else (value < before)
        return Outcome(right, f"{name}, and it was {figure(before)}: you said {answer.words}, {_said(right)}.", steps)
    if answer.kind == "sign":
        right = value > 0 if answer.value > 0 else value < 0
        return Outcome(right, f"{name}: you said {answer.words}, {_said(right)}.", steps)
    off = abs(answer.value - value)
    right = off <= max(CLOSE, 0.1 * abs(value))
    return Outcome(right, f"{name}: you said {figure(answer.value)}, off by {figure(off)}, {_said(right)}.", steps)


def _before(trace: Trace, asked: Cursor) -> float | None:
    one, row = trace.of(asked.layer, asked.direction), asked.t - 1
    if asked.symbol in trace.states:
        return float(one.before(asked.symbol, row)[asked.unit])
    row += -1 if asked.direction == "forward" else 1
    return float(one.values[asked.symbol][row][asked.unit]) if 0 <= row < trace.steps else None


def _said(right: bool) -> str:
    return "right" if right else "not right"


def _ref(asked: Cursor) -> Ref:
    return Ref(asked.layer, asked.direction, asked.symbol, asked.unit, asked.t)
