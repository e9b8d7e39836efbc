"""Numbers beside colour: short forms of fixed width, and the scale that a symbol is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from math import ceil, isfinite, isinf, isnan, log10
from weakref import WeakKeyDictionary

import numpy as np

from rnntui.core.expression import Call, Name, Node, Number, Product, Sum
from rnntui.core.trace import Array, Trace
from rnntui.paint.cells import fit

SHORT = 4
"""Columns of a short number."""
BOUNDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
ENDLESS = (-float("inf"), float("inf"))


def short(value: float, share: bool = False) -> str:
    """A number in four columns with its sign: `+.23`, `−1.4`, `+120`, ` +∞ `; a share has no sign: ` .58`."""
    if isnan(value):
        return " nan"
    sign = ("−" if value < 0 else "+") if not share or value < 0 else ""
    size = abs(value)
    if isinf(value):
        return fit(f"{sign}∞", SHORT, ">")
    if size < 0.995:
        text = f"{size:.2f}"[1:]
    elif size < 9.95:
        text = f"{size:.1f}"
    elif size < 999.5:
        text = f"{size:.0f}"
    else:
        digit, power = f"{size:.0e}".split("e")
        text = f"{digit}e{int(power)}" if int(power) < 10 else f"e{int(power)}"
    text = sign + text
    return text.rjust(SHORT) if len(text) <= SHORT else fit(text, SHORT)


def long(value: float) -> str:
    """A number as it stands in a sentence: +0.03, −1.25, −0.0011, +3.1e4, +∞."""
    if isnan(value):
        return "nan"
    sign = "−" if value < 0 else "+"
    if isinf(value):
        return f"{sign}∞"
    size = abs(value)
    if 0.01 <= size < 1000 or size == 0:
        return f"{sign}{size:.2f}"
    if 0.0001 <= size < 0.01:
        return f"{sign}{size:.2g}"
    digits, _, power = f"{size:.1e}".partition("e")
    return f"{sign}{digits}e{int(power)}".replace("-", "−")


def delta(trace: Trace) -> str:
    """What a title begins with where every number is a difference."""
    return "Δ " if trace.minus is not None else ""


@dataclass(frozen=True)
class Scale:
    """What the colours of one symbol mean: from 0 to 1, or from -largest to +largest."""

    largest: float
    share: bool = False

    def level(self, value: float) -> float:
        """Where a value stands on the scale: 0…1 for a share, else -1…1."""
        return value / self.largest

    def cell(self, value: float, columns: int = 2) -> str:
        """A value in so many columns, as exactly as they allow.

        Two: a sign and tenths of the scale (`+3`, `−7`), or a share's first decimal (`.6`). Three: two digits. More:
        the number itself.
        """
        if columns > 3:
            text = f"{value:{'' if self.share else '+'}.2f}".replace("-", "−")
            return fit(text if columns > 5 and abs(value) < 1000 else short(value, self.share), columns, "^")
        if isnan(value):
            return fit("!!", columns)
        if isinf(value):
            return fit("+∞" if value > 0 else "−∞", columns)
        digits, power = columns - 1, 10 ** (columns - 1)
        parts = round(power * abs(self.level(value)))
        if self.share:
            return "1.0"[:columns] if parts >= power else f".{parts:0{digits}}"
        sign = "+" if value > 0 else "−"
        return f"{sign}{min(power - 1, parts):0{digits}}" if parts else fit("0", columns, ">")


_scales: WeakKeyDictionary[Trace, dict[str, Scale]] = WeakKeyDictionary()


def scale(trace: Trace, symbol: str) -> Scale:
    """The scale of a symbol over the whole trace, so that it does not change while stepping.

    0…1 when its equation ends in σ, -1…1 when a tanh bounds it and nobody sets it to more; else ± the largest value,
    rounded up to 1, 2 or 5. What stands beside the trace has the same one under the same name, so that equal colours
    are equal numbers.
    """
    known = _scales.setdefault(trace, {})
    if symbol not in known:
        beside = [one for one in (trace, trace.alongside) if one is not None and symbol in one.symbols]
        scales = [_scale(one, symbol) for one in beside]
        known[symbol] = Scale(max(one.largest for one in scales), all(one.share for one in scales))
    return known[symbol]


def _scale(trace: Trace, symbol: str) -> Scale:
    low, high = _ends(symbol, trace) if trace.minus is None else ENDLESS
    if low >= 0 and high <= 1:
        return Scale(1.0, share=True)
    if low >= -1 and high <= 1:
        return Scale(1.0)
    largest = max(_largest(one.values[symbol]) for one in trace.passes)
    return Scale(_rounded_up(largest))


def _largest(values: Array) -> float:
    sizes = np.abs(values)
    finite = sizes[np.isfinite(sizes)]
    return float(finite.max()) if finite.size else 0.0


def _rounded_up(size: float) -> float:
    if size <= 1e-12 or not isfinite(size):
        return 1.0
    power = 10.0 ** ceil(log10(size) - 1e-9)
    return next(power * part for part in (0.1, 0.2, 0.5, 1.0) if size <= power * part * (1 + 1e-9))


def _ends(symbol: str, trace: Trace) -> tuple[float, float]:
    """Between which values a symbol can come out: as its equation allows, or as it is set by hand."""
    low, high = _bounds(trace.equation(symbol).tree, trace)
    held = [clamp.value for clamp in trace.by_hand.clamps if clamp.symbol == symbol]
    return min(low, *held, high), max(low, *held, high)


def _bounds(node: Node, trace: Trace) -> tuple[float, float]:
    """Between which values an equation can come out, whatever the weights are."""
    match node:
        case Number(value=value):
            return value, value
        case Call(function=function) if function in BOUNDS:
            return BOUNDS[function]
        case Name(name=name, before=False) if name in trace.symbols:
            return _ends(name, trace)
        case Product(factors=factors):
            return reduce(_product, (_bounds(factor, trace) for factor in factors))
        case Sum(terms=terms):
            bounds = [(low, high) if sign > 0 else (-high, -low) for sign, (low, high) in _signed_bounds(terms, trace)]
            return sum(low for low, _ in bounds), sum(high for _, high in bounds)
    return ENDLESS


def _signed_bounds(terms: tuple[tuple[int, Node], ...], trace: Trace) -> list[tuple[int, tuple[float, float]]]:
    return [(sign, _bounds(term, trace)) for sign, term in terms]


def _product(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    if not all(isfinite(end) for end in (*one, *other)):
        return ENDLESS
    corners = [a * b for a in one for b in other]
    return min(corners), max(corners)
