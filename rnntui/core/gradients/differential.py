"""How an expression changes with what stands in it: its derivative by every name, bias and matrix product, for all
steps at once.

The tree is the one that was read from the cell's source, so the derivative is that of the equation on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rnntui.core.evaluate import FUNCTIONS
from rnntui.core.expression import Call, Matmul, Name, Node, Number, Product, Quotient, Sum, Weight
from rnntui.core.gradients.derivatives import OF_ARGUMENT, OF_RESULT, by_torch, is_torchs
from rnntui.core.gradients.lane import Lane, Rows, Vectors
from rnntui.core.gradients.scaled import Float64

Slope = Float64 | float
"""A derivative, element by element: (T, H), or one number where it is the same everywhere."""


@dataclass(frozen=True, eq=False)
class Differential:
    """The derivative of an expression by everything that it is made of."""

    names: dict[Name, Slope] = field(default_factory=dict)
    """By x, a symbol of this step or a state of the step before, where it is used element by element."""
    biases: dict[str, Slope] = field(default_factory=dict)
    """By the attribute of W."""
    products: list[Through] = field(default_factory=list)
    """By every product of a matrix with a vector."""


@dataclass(frozen=True, eq=False)
class Through:
    """One matrix product W v inside an expression."""

    attribute: str
    """Of W."""
    node: Node
    """v"""
    slope: Slope
    """The derivative of the expression by W v."""
    vector: Differential
    """The derivative of v."""


@dataclass(frozen=True, eq=False)
class Differentiator:
    """Differentiates the expressions of a cell at all steps of a lane."""

    lane: Lane
    known: dict[Node, Slope] = field(default_factory=dict)

    def equation(self, symbol: str) -> Differential:
        """The derivative of one equation's right side; what is held by hand depends on nothing, so there it is 0."""
        tree = next(one.tree for one in self.lane.cell.equations if one.symbol == symbol)
        free = self.lane.free.get(symbol)
        if free is None:
            self.known[tree] = self.lane.values[symbol]
        found = Differential()
        self._descend(tree, 1.0 if free is None else free, found)
        return found

    def vectors(self, node: Node) -> Vectors:
        """The vectors that a matrix is multiplied with, one a step."""
        if node == Name("x"):
            return self.lane.x
        values = np.asarray(self.value(node))
        return Rows(np.broadcast_to(values, (self.lane.steps, values.shape[-1])))

    def value(self, node: Node) -> Slope:
        """An expression at every step, (T, H); a constant is one number."""
        if node not in self.known:
            self.known[node] = self._value(node)
        return self.known[node]

    def _value(self, node: Node) -> Slope:  # noqa: PLR0911
        match node:
            case Number(value=value):
                return value
            case Name(name="x"):
                return self.lane.x.whole()
            case Name(name=name, before=before):
                return self.lane.before[name] if before else self.lane.values[name]
            case Weight(attribute=attribute):
                return self.lane.weights[attribute][None]
            case Matmul(attribute=attribute, vector=vector):
                return self.vectors(vector).through(self.lane.weights[attribute])
            case Sum(terms=((sign, first), *others)):
                total = sign * self.value(first)
                for sign, term in others:
                    total = total + sign * self.value(term)
                return total
            case Product(factors=factors):
                return self._product(factors)
            case Quotient(top=top, bottom=bottom):
                return self.value(top) / self.value(bottom)
            case Call(function=function, arguments=arguments):
                if len(arguments) == 1 and function in FUNCTIONS and is_torchs(self.lane.cell, function):
                    return np.asarray(FUNCTIONS[function](self.value(arguments[0])), dtype=np.float64)
                return by_torch(self.lane.cell, function, self._given(arguments))[0]
        raise AssertionError(node)

    def _product(self, factors: tuple[Node, ...]) -> Slope:
        product: Slope = 1.0
        for factor in factors:
            product = product * self.value(factor)
        return product

    def _descend(self, node: Node, slope: Slope, found: Differential) -> None:
        match node:
            case Name():
                found.names[node] = found.names.get(node, 0.0) + slope
            case Weight(attribute=attribute):
                found.biases[attribute] = found.biases.get(attribute, 0.0) + slope
            case Matmul(attribute=attribute, vector=vector):
                inner = Differential()
                self._descend(vector, 1.0, inner)
                found.products.append(Through(attribute, vector, slope, inner))
            case Sum(terms=terms):
                for sign, term in terms:
                    self._descend(term, sign * slope, found)
            case Product(factors=factors):
                for place, factor in enumerate(factors):
                    if not isinstance(factor, Number):
                        self._descend(factor, slope * self._product(factors[:place] + factors[place + 1 :]), found)
            case Quotient(top=top, bottom=bottom):
                self._descend(top, slope / self.value(bottom), found)
                if not isinstance(bottom, Number):
                    self._descend(bottom, -slope * self.value(node) / self.value(bottom), found)
            case Call(function=function, arguments=arguments):
                for argument, derivative in zip(arguments, self._derivatives(node, function, arguments), strict=True):
                    self._descend(argument, slope * derivative, found)

    def _derivatives(self, node: Node, function: str, arguments: tuple[Node, ...]) -> tuple[Float64, ...]:
        if not is_torchs(self.lane.cell, function):
            return by_torch(self.lane.cell, function, self._given(arguments))[1]
        if function in OF_RESULT:
            return (OF_RESULT[function](np.asarray(self.value(node))),)
        if function in OF_ARGUMENT:
            return (OF_ARGUMENT[function](np.asarray(self.value(arguments[0]))),)
        return by_torch(self.lane.cell, function, self._given(arguments))[1]

    def _given(self, arguments: tuple[Node, ...]) -> list[Float64]:
        """The arguments of a call, all of one shape (T, H) but for plain numbers."""
        shape = (self.lane.steps, self.lane.hidden)
        return [
            np.asarray(value) if isinstance(value, float) else np.broadcast_to(value, shape)
            for value in map(self.value, arguments)
        ]
