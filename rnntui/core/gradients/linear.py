"""One step of a cell, made linear: how a gradient that arrives at its states spreads to all that the step read.

Between two matrix products a cell works element by element, so the spreading there is one multiplication with
coefficients that are known for all steps at once. Only the products, and what comes before them, must wait for their
turn on the way back; a function that mixes units is such a product too, with a Jacobian of its own at every step.
Werbos 1990 has the method; the equations are those of the cell's source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from rnntui.core.expression import Name, Node
from rnntui.core.gradients.differential import Differential, Differentiator, Slope, Through
from rnntui.core.gradients.lane import Lane
from rnntui.core.gradients.scaled import Float64

Spread = dict[int, Slope]
"""Source → the derivative by it, (T, H)."""


@dataclass(frozen=True, eq=False)
class Argument:
    """What a matrix is multiplied with, and how a gradient comes to the product from each source."""

    attribute: str
    """Of W; empty for a function that mixes units, whose matrix is its Jacobian."""
    node: Node
    """The vector."""
    spread: Spread
    via: str
    """The symbol in whose equation it stands."""
    vector: Differential
    """The derivative of the vector."""
    matrix: Float64
    """The block of W, (H, m), or a Jacobian for every step, (T, H, m)."""
    outside: bool
    """True where the vector has nothing but x in it, so that no gradient goes on through it in time."""

    @property
    def past(self) -> str | None:
        """The state of the step before that the vector is, if it is one and the matrix is of parameters."""
        return self.node.name if self.attribute and isinstance(self.node, Name) and self.node.before else None


@dataclass(frozen=True, eq=False)
class LinearStep:
    """A step of a lane as a linear map, at all steps at once.

    Its sources are where gradients arrive: the states (by number, in the cell's order) and then the vectors of those
    matrix products that read more than a state of the step before, such as r ⊙ h in the paper's GRU, and those that
    functions are given which mix units.
    """

    lane: Lane
    differentials: Mapping[str, Differential]
    """Symbol → the derivative of its equation."""
    symbols: Mapping[str, Spread]
    """Symbol → how much of each source's gradient is its own."""
    past: Mapping[str, Spread]
    """State of the step before → what comes to it element by element."""
    arguments: tuple[Argument, ...]
    compounds: tuple[int, ...]
    """The arguments that are sources: source number = number of states + place in here."""
    tool: Differentiator

    @property
    def states(self) -> tuple[str, ...]:
        """The cell's."""
        return self.lane.cell.states

    @property
    def sources(self) -> int:
        """How many places gradients arrive at."""
        return len(self.states) + len(self.compounds)

    @cached_property
    def recurrent(self) -> tuple[Argument, ...]:
        """The arguments that are a state of the step before, those of one state side by side."""
        found = [argument for argument in self.arguments if argument.past is not None]
        return tuple(sorted(found, key=lambda argument: self.states.index(argument.past or "")))

    def table(self, spreads: Sequence[Spread], sources: int, rows: slice = slice(None)) -> Float64:
        """Spreads as one array of coefficients, (rows, number of them, sources, H)."""
        count = len(range(*rows.indices(self.lane.steps)))
        made = np.zeros((count, len(spreads), sources, self.lane.hidden))
        for place, spread in enumerate(spreads):
            for source, slope in spread.items():
                made[:, place, source] = (
                    slope if isinstance(slope, float) else slope[rows if len(slope) > 1 else slice(1)]
                )
        return made


def linearise(lane: Lane) -> LinearStep:
    """The linear map of a lane's steps. Raises BadInput for a function that has no derivative here."""
    tool = Differentiator(lane)
    differentials = {one.symbol: tool.equation(one.symbol) for one in lane.cell.equations}
    made = _Spreading(lane)
    for symbol in reversed(differentials):
        made.push(differentials[symbol], made.symbols[symbol], symbol)
    return LinearStep(lane, differentials, made.symbols, made.past, tuple(made.arguments), tuple(made.compounds), tool)


@dataclass(eq=False)
class _Spreading:
    """Carries the sources' gradients from the last equation to the first."""

    lane: Lane
    symbols: dict[str, Spread] = field(init=False)
    past: dict[str, Spread] = field(init=False)
    arguments: list[Argument] = field(default_factory=list)
    compounds: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        states = self.lane.cell.states
        self.symbols = {one.symbol: {} for one in self.lane.cell.equations}
        self.past = {state: {} for state in states}
        for source, state in enumerate(states):
            self.symbols[state][source] = 1.0

    def push(self, differential: Differential, arrived: Spread, via: str) -> None:
        """Hand what has arrived at an expression to everything that it reads."""
        for name, slope in differential.names.items():
            if name.name != "x":
                target = self.past[name.name] if name.before else self.symbols[name.name]
                for source, share in arrived.items():
                    target[source] = target.get(source, 0.0) + share * slope
        for product in differential.products:
            self._through(product, arrived, via)

    def _through(self, product: Through, arrived: Spread, via: str) -> None:
        spread = {source: share * product.slope for source, share in arrived.items()}
        hidden, jacobian = self.lane.hidden, product.jacobian
        if jacobian is None:
            matrix = self.lane.weights[product.attribute]
        else:
            matrix = np.broadcast_to(jacobian, (self.lane.steps, hidden, jacobian.shape[2]))
        argument = Argument(product.attribute, product.node, spread, via, product.vector, matrix, product.of_x)
        place = len(self.arguments)
        self.arguments.append(argument)
        if argument.past is not None or argument.outside:
            return
        if matrix.shape[-1] == hidden:
            source = len(self.lane.cell.states) + len(self.compounds)
            self.compounds.append(place)
            self.push(product.vector, {source: 1.0}, via)
        else:
            self.arguments[place] = replace(argument, vector=Differential())
            self._chained(argument)

    def _chained(self, argument: Argument) -> None:
        """Go on through a vector that has not H numbers, by the product of its matrix with those inside of it."""
        for name, slope in argument.vector.names.items():
            alone = Through("", name, 1.0, Differential({name: 1.0}), _by_columns(argument.matrix, slope))
            self._through(alone, argument.spread, argument.via)
        for inner in argument.vector.products:
            assert inner.jacobian is not None
            outer = _by_columns(argument.matrix, inner.slope)
            outer = outer if inner.jacobian.shape[1] == outer.shape[2] else outer.sum(axis=2, keepdims=True)
            chained = replace(inner, slope=1.0, jacobian=outer @ inner.jacobian)
            self._through(chained, argument.spread, argument.via)


def _by_columns(matrix: Float64, slope: Slope) -> Float64:
    """A matrix for every step, (T, H, m), its columns multiplied with a slope."""
    return matrix * (slope if isinstance(slope, float) else slope[:, None, :])
