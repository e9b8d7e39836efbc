"""How an expression changes with what stands in it: its derivative by every name, bias and matrix product, for all
steps at once.

The tree is the one that was read from the cell's source, so the derivative is that of the equation on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field

import numpy as np

from rnntui.core.evaluate import FUNCTIONS
from rnntui.core.expression import Call, Matmul, Name, Node, Number, Product, Quotient, Sum, Weight, children, walk
from rnntui.core.gradients.derivatives import OF_ARGUMENT, OF_RESULT, Called, Given, by_torch, is_torchs, meant, where
from rnntui.core.gradients.lane import Lane, Rows, Vectors
from rnntui.core.gradients.scaled import Float64
from rnntui.errors import BadInput

Slope = Float64 | float
"""A derivative, element by element: (T, H), (T, 1) or one number where it is the same everywhere."""


@dataclass(frozen=True, eq=False)
class Differential:
    """The derivative of an expression by everything that it is made of."""

    names: dict[Name, Slope] = field(default_factory=dict)
    """By x, a symbol of this step or a state of the step before, where it is used element by element."""
    biases: dict[str, Slope] = field(default_factory=dict)
    """By the attribute of W."""
    products: list[Through] = field(default_factory=list)
    """By every product of a matrix with a vector, and by what every function that mixes units is given."""


@dataclass(frozen=True, eq=False)
class Through:
    """One matrix product W v inside an expression, or one function f(v) that mixes the units of v."""

    attribute: str
    """Of W; empty for a function."""
    node: Node
    """v"""
    slope: Slope
    """The derivative of the expression by W v or f(v)."""
    vector: Differential
    """The derivative of v."""
    jacobian: Float64 | None = None
    """(T, n, m): the derivative of f(v) by v, at every step another one; n is 1 for a single number."""

    @property
    def of_x(self) -> bool:
        """True where v has nothing but x in it."""
        names, within = self.vector.names, self.vector.products
        return (
            all(name.name == "x" for name in names)
            and not self.vector.biases
            and all(one.jacobian is not None and one.of_x for one in within)
        )


@dataclass(frozen=True, eq=False)
class Differentiator:
    """Differentiates the expressions of a cell at all steps of a lane."""

    lane: Lane
    known: dict[Node, Slope] = field(default_factory=dict)
    calls: dict[Node, Called] = field(default_factory=dict)
    meanings: dict[Node, tuple[Callable[..., object], str]] = field(default_factory=dict)

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
                weights = self.lane.weights[attribute]
                return np.broadcast_to(weights, (self.lane.steps, len(weights)))
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
                if self._in_tables(node, FUNCTIONS):
                    return np.asarray(FUNCTIONS[function](self.value(arguments[0])), dtype=np.float64)
                if len(self._called(node).shape) > 1:
                    name = self._meant(node)[1]
                    raise BadInput(f"{name} gives a matrix; write it where another function takes it, as in mv(…, h).")
                return self._called(node).value
        raise AssertionError(node)

    def _product(self, factors: tuple[Node, ...]) -> Slope:
        product: Slope = 1.0
        for factor in factors:
            product = product * self.value(factor)
        return product

    def _descend(self, node: Node, slope: Slope, found: Differential) -> None:  # noqa: PLR0912
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
            case Call(arguments=arguments):
                for argument, derivative in zip(arguments, self._derivatives(node), strict=True):
                    if derivative is not None:
                        self._into(argument, derivative, slope, found)

    def _into(self, argument: Node, derivative: Float64, slope: Slope, found: Differential) -> None:
        """Go on into an argument of a call: of each unit alone, or through a Jacobian."""
        if derivative.ndim == 2:
            self._descend(argument, slope * derivative, found)
            return
        inner = Differential()
        self._descend(argument, 1.0, inner)
        found.products.append(Through("", argument, slope, inner, derivative))

    def _derivatives(self, node: Call) -> tuple[Float64 | None, ...]:
        if self._in_tables(node, OF_RESULT):
            return (OF_RESULT[node.function](np.asarray(self.value(node))),)
        if self._in_tables(node, OF_ARGUMENT):
            return (OF_ARGUMENT[node.function](np.asarray(self.value(node.arguments[0]))),)
        return self._called(node).slopes

    def _in_tables(self, node: Call, table: Container[str]) -> bool:
        """Whether a call is one of torch's functions of each unit alone that stand in a table."""
        return len(node.arguments) == 1 and node.function in table and is_torchs(self._meant(node)[0], node.function)

    def _called(self, node: Call) -> Called:
        """Any other call, as torch computes it."""
        if node not in self.calls:
            given = [self._given(argument) for argument in node.arguments]
            self.calls[node] = by_torch(*self._meant(node), given, self.lane.steps)
        return self.calls[node]

    def _meant(self, node: Call) -> tuple[Callable[..., object], str]:
        """What is called, and what it is called in what is refused."""
        if node not in self.meanings:
            cell = self.lane.cell
            equation = next(one for one in cell.equations if node in walk(one.tree))
            name = f"{where(cell, equation)}: {node.function}"
            self.meanings[node] = (meant(cell, equation, node.function), name)
        return self.meanings[node]

    def _given(self, node: Node) -> Given:
        if isinstance(node, Call) and not self._in_tables(node, FUNCTIONS):
            called = self._called(node)
            return called.value.reshape(self.lane.steps, *called.shape)
        value = self.value(node)
        return value[:, 0] if not isinstance(value, float) and self._single(node) else value

    def _single(self, node: Node) -> bool:
        """Whether an expression is a single number at every step, as the norm of h is, and no vector."""
        match node:
            case Name() | Weight() | Matmul():
                return False
            case Call(arguments=(argument,)) if self._in_tables(node, FUNCTIONS):
                return self._single(argument)
            case Call():
                return self._called(node).shape == ()
            case _:
                return all(self._single(child) for child in children(node))
