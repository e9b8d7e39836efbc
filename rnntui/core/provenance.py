"""Where does this number come from? Its formula, the formula with its numbers, its parts, and where each leads.

A pure reading of a record: the answer is there as soon as the question is, without asking the worker. The parts are
taken from the same source text that computed the value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from rnntui.core.byhand import Clamp
from rnntui.core.evaluate import Incomputable, Moment
from rnntui.core.notation import subscript
from rnntui.core.parts import Anatomy, Breakdown, Part, Ref
from rnntui.core.trace import Pass, Trace
from rnntui.core.worked import Worked, chain, figure, numbers
from rnntui.errors import BadInput
from rnntui.names import nearest


@dataclass(frozen=True)
class Explanation:
    """One number explained: what it is, how it is computed, and what it is made of."""

    ref: Ref
    name: str
    """f₃[2], or the label of the part that was opened."""
    meaning: str
    """Forget gate; what was opened says where it belongs."""
    formula: str
    """In symbols; empty where there is none."""
    chain: tuple[str, ...]
    """The formula with numbers, step by step; the last is the value."""
    value: float
    """As recorded; of a part that was opened, as computed here in float64."""
    inside: Breakdown | None
    """None for an initial state, which is made of nothing."""
    note: str = ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts, largest |value| first."""
        return self.inside.parts if self.inside else ()

    @property
    def numbers(self) -> str:
        """The formula with its numbers in one line: σ(0.12 − 0.03) = σ(0.09) = 0.52."""
        return " = ".join(self.chain)

    @property
    def reduction(self) -> str:
        """How the parts make the value: Σ = 0.34 → σ = 0.58."""
        if self.inside is None:
            return ""
        sign = {"sum": "Σ", "product": "Π", "quotient": "÷"}.get(self.inside.joined, "")
        total = f"{sign} = {figure(self.inside.total)}" if sign else ""
        turned = f"{self.inside.function} = {figure(self.value)}" if self.inside.function else ""
        return " → ".join(filter(None, (total, turned))) or f"= {figure(self.value)}"

    def opened(self, part: Part) -> Explanation:
        """The explanation of a part that opens: the inner sum, product or function on its own."""
        return replace(
            self,
            name=part.label,
            meaning=f"a part of {self.name}",
            formula="",
            chain=tuple(dict.fromkeys((part.numbers, figure(part.value)))),
            value=part.value,
            inside=part.inside,
            note=part.note,
        )


def parse_ref(text: str, t: int) -> Ref:
    """The number that `[L<layer>.][reverse.]SYMBOL[UNIT]` names at step t; whether it exists, `why` finds out.

    Raises BadInput when the text is not of that form.
    """
    found = re.fullmatch(r"\s*(?:L([0-9]{1,9})\.)?(reverse\.)?([^\W\d]\w*)\[([0-9]{1,9})\]\s*", text)
    if found is None:
        raise BadInput(f"'{text}' names no value; write SYMBOL[UNIT], such as f[2], L1.f[2] or L1.reverse.f[2].")
    layer, lane, symbol, unit = found.groups()
    return Ref(int(layer or 0), "backward" if lane else "forward", symbol, int(unit), t)


def why(trace: Trace, ref: Ref) -> Explanation:
    """Where one recorded number comes from.

    Parts are computed in float64 and make the recorded value to 1e-5·(1+Σ|term|) for float32, 1e-12·(…) for float64.
    Raises BadInput for a layer, lane, symbol, unit or step that the trace does not have, naming the nearest.
    """
    one = _pass(trace, ref)
    equation = trace.equation(ref.symbol)
    name = f"{ref.symbol}{subscript(ref.t)}[{ref.unit}]"
    held = trace.held(ref.layer, ref.direction, ref.symbol, ref.unit, ref.t)
    if held is not None:
        return _by_hand(trace, one, ref, name, held)
    if not 1 <= ref.t <= trace.steps:
        value = float(one.initial[ref.symbol][ref.unit])
        behind = "behind the last token" if ref.direction == "backward" else "before the first token"
        note = f"initial state: what {ref.symbol} is {behind}, made of nothing"
        return Explanation(ref, name, equation.meaning, "", (figure(value),), value, None, note)
    moment = Moment(trace, one, ref.t - 1)
    value = float(one.values[ref.symbol][ref.t - 1][ref.unit])
    inside, note = None, ""
    try:
        inside = Anatomy(moment, ref.unit).breakdown(equation.tree)
    except Incomputable as unknown:
        where = f"{Path(trace.file).name}:{equation.line}"
        note = f"only torch knows {unknown.function}(…); give it a line of its own in {where} to see what goes into it"
    formula = equation.formula(ref.direction == "backward")
    shown = chain(equation.tree, moment, ref.unit, value)
    return Explanation(ref, name, equation.meaning, formula, shown, value, inside, note)


def _by_hand(trace: Trace, one: Pass, ref: Ref, name: str, held: Clamp) -> Explanation:
    read = 1 <= ref.t <= trace.steps
    value = float(one.values[ref.symbol][ref.t - 1][ref.unit] if read else one.initial[ref.symbol][ref.unit])
    note = f"set by hand ({held}), so its equation was not asked"
    return Explanation(ref, name, trace.equation(ref.symbol).meaning, "", (figure(value),), value, None, note)


def _pass(trace: Trace, ref: Ref) -> Pass:
    if not 0 <= ref.layer < trace.layers:
        known = ", ".join(f"L{layer}" for layer in range(trace.layers))
        raise BadInput(f"There is no layer {ref.layer}, the nearest is L{trace.layers - 1}. Known: {known}.")
    if ref.direction == "backward" and not trace.bidirectional:
        raise BadInput("This network reads forward only: leave out 'reverse.', or make it bidirectional.")
    if ref.symbol not in trace.symbols:
        raise BadInput(f"{trace.cell} has no symbol '{ref.symbol}': {nearest(ref.symbol, trace.symbols)}.")
    if not 0 <= ref.unit < trace.hidden:
        last = trace.hidden - 1
        raise BadInput(
            f"There is no unit {ref.unit}, the nearest is {ref.symbol}[{last}]; units count from 0 to {last}."
        )
    start = 0 if ref.direction == "forward" else trace.steps + 1
    if not 1 <= ref.t <= trace.steps and not (ref.t == start and ref.symbol in trace.states):
        also = f", and at t = {start} it starts" if ref.symbol in trace.states else ""
        raise BadInput(f"{ref.symbol} has no value at t = {ref.t}: it is computed for t = 1…{trace.steps}{also}.")
    return trace.of(ref.layer, ref.direction)


__all__ = ["Breakdown", "Explanation", "Part", "Ref", "Worked", "numbers", "parse_ref", "why"]
