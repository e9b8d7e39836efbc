"""What a number is made of: an expression taken apart, for one unit at one step, into parts that can be followed.

Of a sum the terms (matrix products element by element), of a function what its argument is made of, of a product the
factors. Values are float64, from the recorded states and the weights.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan, nan, prod
from typing import Final, Literal

from rnntui.core.evaluate import Moment
from rnntui.core.expression import Call, Matmul, Name, Node, Number, Product, Quotient, Sum, Weight
from rnntui.core.notation import GLYPHS, Notation, bias_name, matrix_name, subscript
from rnntui.core.worked import chain, figure
from rnntui.scene import Cursor, Direction

Joined = Literal["sum", "product", "quotient", "arguments", "copy"]
MINUS: Final = Number(-1.0)


@dataclass(frozen=True)
class Ref:
    """A number that was recorded: a symbol of one unit, in one layer and direction, at the t of the equations."""

    layer: int
    direction: Direction
    symbol: str
    unit: int
    t: int

    def __str__(self) -> str:
        """As it is asked for on the command line, without t: L1.reverse.f[2]."""
        lane = "reverse." if self.direction == "backward" else ""
        return f"{f'L{self.layer}.' if self.layer else ''}{lane}{self.symbol}[{self.unit}]"

    @property
    def cursor(self) -> Cursor:
        """The cursor that stands on this number."""
        return Cursor(self.layer, self.direction, self.t, self.symbol, self.unit)


@dataclass(frozen=True)
class Part:
    """One of the numbers that a value is made of."""

    label: str
    """In notation with indices: W_hf[2,5] · hₜ₋₁[5]."""
    numbers: str
    """What makes its value: −0.31 × 0.42."""
    value: float
    """With its sign: what it adds to a sum, multiplies into a product."""
    weight: str = ""
    """Torch's name of the weight with torch's indices, or empty: weight_hh_l0[10,5]."""
    source: Ref | None = None
    """The recorded number that it comes from."""
    used: float | None = None
    """The value of that number."""
    note: str = ""
    """Where it comes from, in words; may hold text from outside."""
    inside: Breakdown | None = None
    """What it is made of, when it opens."""


@dataclass(frozen=True)
class Breakdown:
    """The parts of a value and how they make it: joined into a total, which a function may turn into the value."""

    joined: Joined
    parts: tuple[Part, ...]
    """The largest |value| first."""
    total: float
    function: str = ""
    """As it is written, such as σ; empty when the total is the value."""

    @property
    def tolerance_scale(self) -> float:
        """1 + Σ|part|: how large the numbers are whose rounding the recorded value carries."""
        return 1.0 + sum(abs(part.value) for part in self.parts)


@dataclass(frozen=True)
class Anatomy:
    """Takes expressions apart for one unit at one moment. Raises Incomputable where an inner function is unknown."""

    moment: Moment
    unit: int

    def breakdown(self, tree: Node) -> Breakdown:  # noqa: PLR0911
        """The parts of one expression."""
        match tree:
            case Call(function=function, arguments=(argument,)):
                glyph = GLYPHS.get(function, function)
                inner = self.breakdown(argument)
                if inner.function:
                    part = self.part(argument)
                    return Breakdown("copy", (part,), part.value, glyph)
                return replace(inner, function=glyph)
            case Call(function=function, arguments=arguments):
                glyph = GLYPHS.get(function, function)
                parts = tuple(self.part(argument) for argument in arguments)
                return Breakdown("arguments", parts, nan, glyph)
            case Sum(terms=terms):
                parts = tuple(part for sign, term in terms for part in self.terms(sign, term))
                return Breakdown("sum", largest_first(parts), sum(part.value for part in parts))
            case Matmul():
                parts = self.elements(1, tree)
                return Breakdown("sum", largest_first(parts), sum(part.value for part in parts))
            case Product(factors=factors):
                parts = tuple(self.factor(factor) for factor in factors)
                return Breakdown("product", largest_first(parts), prod(part.value for part in parts))
            case Quotient(top=top, bottom=bottom):
                return Breakdown("quotient", (self.part(top), self.part(bottom)), self.value(tree))
            case _:
                part = self.part(tree)
                return Breakdown("copy", (part,), part.value)

    def terms(self, sign: int, term: Node) -> tuple[Part, ...]:
        """The parts that one term adds to a sum: each element of a matrix product, else one."""
        if isinstance(term, Matmul):
            return self.elements(sign, term)
        if sign > 0:
            return (self.part(term),)
        if isinstance(term, Product | Quotient | Call):
            return (self.part(Product((MINUS, *(term.factors if isinstance(term, Product) else (term,))))),)
        part = self.part(term)
        return (replace(part, label=f"−{part.label}", numbers=figure(-part.value), value=-part.value),)

    def part(self, node: Node) -> Part:
        """One term or factor as a part."""
        value = self.value(node)
        match node:
            case Number():
                return Part(Notation().write(node).replace("-", "−"), figure(value), value, note="a constant")
            case Weight(attribute=attribute):
                weight = self.torch(attribute, self.unit)
                return Part(f"{bias_name(attribute)}[{self.unit}]", figure(value), value, weight, note="a bias")
            case Name():
                return self.named(node, self.unit, value)
        written = Notation(self.moment.one.direction == "backward").write(node)
        if not isinstance(node, Call):
            written = f"({written})"
        shown = chain(node, self.moment, self.unit)[0]
        return Part(f"{written}[{self.unit}]", shown, value, inside=self.breakdown(node))

    def factor(self, node: Node) -> Part:
        """One factor as a part: a vector of weights that multiplies is no bias."""
        part = self.part(node)
        return replace(part, note="a weight") if isinstance(node, Weight) else part

    def named(self, name: Name, unit: int, value: float) -> Part:
        """A state, a symbol or an input as a part."""
        label = f"{self.write(name)}[{unit}]"
        source, note = self.origin(name, unit, value)
        return Part(label, figure(value), value, source=source, used=value if source else None, note=note)

    def elements(self, sign: int, matmul: Matmul) -> tuple[Part, ...]:
        """The elements of one row of a matrix product; of a one-hot input only the one that is not zero."""
        moment, matrix = self.moment, matrix_name(matmul.attribute)
        row = moment.one.weights[matmul.attribute][self.unit]
        vector = moment.whole(matmul.vector)
        onehot = moment.onehot and matmul.vector == Name("x")
        parts = []
        for column in (moment.column,) if onehot else range(len(vector)):
            weight, used = float(row[column]), float(vector[column])
            label = f"{matrix}[{self.unit},{column}]"
            shown = f"{figure(weight)} × {figure(used)}"
            name = self.torch(matmul.attribute, self.unit, column)
            if isinstance(matmul.vector, Name):
                source, note = self.origin(matmul.vector, column, used)
                label = f"{label} · {self.write(matmul.vector)}[{column}]"
                part = Part(label, shown, weight * used, name, source, used if source else None, note)
            else:
                part = self.inner_element(
                    matmul.vector, column, Part(label, figure(weight), weight, name, note="a weight")
                )
            if sign < 0:
                part = replace(part, label=f"−{part.label}", numbers=f"−({part.numbers})", value=-part.value)
            parts.append(part)
        return tuple(parts)

    def inner_element(self, vector: Node, column: int, weight: Part) -> Part:
        """A weight times one element of an expression, W_hn[2,5] · rₜ[5] · hₜ₋₁[5]: a product that opens."""
        other = Anatomy(self.moment, column)
        factors = vector.factors if isinstance(vector, Product) else (vector,)
        parts = (weight, *(other.factor(factor) for factor in factors))
        product = prod(part.value for part in parts)
        return Part(
            " · ".join(part.label for part in parts),
            " × ".join(figure(part.value) for part in parts),
            product,
            weight.weight,
            inside=Breakdown("product", largest_first(parts), product),
        )

    def origin(self, name: Name, unit: int, value: float) -> tuple[Ref | None, str]:
        """Where a named number was recorded, and the same in words."""
        moment, one = self.moment, self.moment.one
        if name.name != "x":
            t = moment.earlier if name.before else moment.t
            source = Ref(one.layer, one.direction, name.name, unit, t)
            initial = name.before and not 1 <= t <= moment.trace.steps
            return source, f"the initial state, t = {t}" if initial else f"{name.name} of unit {unit} at t = {t}"
        if one.layer > 0:
            lane: Direction = "forward" if unit < moment.trace.hidden else "backward"
            below = Ref(one.layer - 1, lane, moment.trace.states[0], unit % moment.trace.hidden, moment.t)
            which = f", {lane} lane" if moment.trace.bidirectional else ""
            return below, f"{below.symbol} of unit {below.unit} in layer {below.layer}{which}, at t = {moment.t}"
        token, element = moment.trace.tokens[moment.row], f"x{subscript(moment.t)}[{unit}]"
        if moment.onehot:
            return None, f'one-hot input: token {moment.t} is "{token}", so {element} = {value:g}'
        return None, f'the input: {element} = {figure(value)}, token {moment.t} is "{token}"'

    def write(self, name: Name) -> str:
        """A name with its step: hₜ₋₁, or hₜ₊₁ where time runs backwards."""
        return Notation(self.moment.one.direction == "backward").name(name)

    def value(self, node: Node) -> float:
        """The value of an expression for this unit."""
        return self.moment.number(node, self.unit)

    def torch(self, attribute: str, *index: int) -> str:
        """Torch's name for one element of a weight, its block's offset added."""
        name, first = self.moment.one.torch_names[attribute]
        row, *rest = index
        return f"{name}[{','.join(str(i) for i in (first + row, *rest))}]"


def largest_first(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """By |value|, what is no number before everything."""
    return tuple(sorted(parts, key=lambda part: float("-inf") if isnan(part.value) else -abs(part.value)))
