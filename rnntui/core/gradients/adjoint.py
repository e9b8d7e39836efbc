"""From what arrives at a lane's states to every gradient of the lane: of symbols and inputs, and by which path it came.

All of it is linear in what arrives, so it is done for all steps at once, by the coefficients of the linear step and by
matrix products.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnntui.core.expression import Name, Node
from rnntui.core.flow import PassGradients, Path
from rnntui.core.gradients.differential import Differential, Slope
from rnntui.core.gradients.linear import LinearStep, Spread
from rnntui.core.gradients.recursion import StepsBack, Walker
from rnntui.core.gradients.scaled import Float64, Scaled
from rnntui.core.gradients.windows import Windows

X = Name("x")


@dataclass(frozen=True, eq=False)
class Sweeps:
    """What several sweeps brought back to one lane, counted from the last step of each one's window."""

    step: LinearStep
    windows: Windows
    """Of the lane's rows."""
    local: Scaled
    """(steps, sweeps, H): what the loss or the layer above added to h."""
    arriving: Scaled
    """Values (steps, sweeps, sources, H), exponents (steps, sweeps)."""

    @classmethod
    def walk(cls, step: LinearStep, windows: Windows, local: Scaled) -> Sweeps:
        """Go back through a lane."""
        return cls(step, windows, local, Walker(StepsBack(step, windows), local).walk())

    def inputs(self) -> Scaled:
        """dL/dx at every step of every sweep, (steps, sweeps, D)."""
        lane, exponents = self.step.lane, self.arriving.exponents
        found = np.zeros((*exponents.shape, lane.x.size))
        for argument in self.step.arguments:
            if argument.outside:
                arrived = self._through(self._reached(argument.spread), argument.matrix)
                of_x = argument.node == X and argument.attribute
                found += arrived if of_x else self._inside(argument.vector, arrived, lane.x.size)
        for source, place in enumerate(self.step.compounds, len(self.step.states)):
            arrived = self.arriving.values[:, :, source]
            found += self._direct(self.step.arguments[place].vector, arrived, lane.x.size)
        for symbol, differential in self.step.differentials.items():
            if X in differential.names:
                found += self._direct(differential, self._reached(self.step.symbols[symbol]), lane.x.size)
        return Scaled(found, exponents)

    def only(self, sweeps: slice) -> Sweeps:
        """Some of the sweeps."""
        windows = Windows(self.windows.total, self.windows.last[sweeps], self.windows.lengths[sweeps])
        place = (slice(windows.steps), sweeps)
        return Sweeps(self.step, windows, self.local[place], self.arriving[place])

    def arrived(self) -> Arrived:
        """The same for each row of the lane, all sweeps added up."""
        windows, inside = self.windows, self.windows.inside
        flat = Scaled(self.arriving.values.reshape(*inside.shape, -1), self.arriving.exponents)
        goes_on = inside & ((np.arange(windows.steps)[:, None] < windows.lengths - 1) | (windows.rows == 0))
        return Arrived(
            self.step,
            windows.summed(self.local, inside),
            windows.summed(flat, inside),
            windows.summed(flat, goes_on),
        )

    def _reached(self, spread: Spread) -> Float64:
        """Σ coefficient ⊙ what arrives at each source, (steps, sweeps, H)."""
        values = self.arriving.values
        total = np.zeros((*values.shape[:2], values.shape[-1]))
        for source, slope in spread.items():
            total += self._seen(slope) * values[:, :, source]
        return total

    def _through(self, arrived: Float64, matrix: Float64) -> Float64:
        """What comes to a vector from its product with a matrix, (steps, sweeps, m)."""
        if matrix.ndim == 2:
            return arrived @ matrix
        rows = np.maximum(self.windows.rows, 0)
        found = [(own[:, None] @ matrix[row])[:, 0] for own, row in zip(arrived, rows, strict=True)]
        return np.stack(found)

    def _inside(self, vector: Differential, arrived: Float64, size: int) -> Float64:
        """What comes to x from a vector that has nothing but x in it, (steps, sweeps, D)."""
        found = self._direct(vector, arrived, size)
        for inner in vector.products:
            assert inner.jacobian is not None
            matrix = np.broadcast_to(inner.jacobian, (len(inner.jacobian), arrived.shape[-1], inner.jacobian.shape[2]))
            found += self._inside(inner.vector, self._through(self._seen(inner.slope) * arrived, matrix), size)
        return found

    def _direct(self, differential: Differential, arrived: Float64, size: int) -> Float64:
        """What comes to x element by element, (steps, sweeps, D); an x of one number is used by every unit."""
        found = self._seen(differential.names.get(X, 0.0)) * arrived
        return found if found.shape[-1] == size else found.sum(axis=-1, keepdims=True)

    def _seen(self, slope: Slope) -> Slope:
        return slope if isinstance(slope, float) else self.windows.gather(np.asarray(slope))


@dataclass(frozen=True, eq=False)
class Arrived:
    """What came to one lane, for each of its rows."""

    step: LinearStep
    local: Scaled
    """(T, H)"""
    arriving: Scaled
    """(T, sources x H)"""
    going_on: Scaled
    """The same without the gradients that end here because a window does."""

    def spread(self, spread: Spread, going_on: bool = False) -> Scaled:
        """Σ coefficient ⊙ what arrives at each source, (T, H)."""
        found = self.going_on if going_on else self.arriving
        hidden = self.step.lane.hidden
        total = np.zeros((self.step.lane.steps, hidden))
        for source, slope in spread.items():
            total += slope * found.values[:, source * hidden : (source + 1) * hidden]
        return Scaled(total, found.exponents)

    @cached_property
    def totals(self) -> dict[str, Scaled]:
        """Symbol → dL/dsymbol, (T, H)."""
        return {symbol: self.spread(spread) for symbol, spread in self.step.symbols.items()}

    def operands(self) -> Iterator[tuple[str, Node | None, Scaled, str]]:
        """The attribute of W, what it is multiplied with (None for a bias), the gradient of the result, (T, H), and the
        symbol in whose equation that stands.
        """
        for argument in self.step.arguments:
            if argument.attribute:
                yield argument.attribute, argument.node, self.spread(argument.spread), argument.via
        for spread, differential, via in self._expressions():
            for attribute, slope in differential.biases.items():
                yield attribute, None, self.spread(spread).scaled(slope), via

    def gradients(self) -> PassGradients:
        """The record of this lane, its rows in the order of the tokens."""
        lane = self.step.lane
        paths, start = self._paths()
        states = lane.cell.states
        nothing = np.zeros((lane.steps, lane.hidden))
        return PassGradients(
            layer=lane.layer,
            direction=lane.direction,
            local={**dict.fromkeys(states, nothing), states[0]: lane.of_tokens(self.local.plain())},
            total={symbol: lane.of_tokens(total.plain()) for symbol, total in self.totals.items()},
            paths={path: lane.of_tokens(values) for path, values in paths.items()},
            start=start,
            log_norms={state: lane.of_tokens(self.totals[state].log_norms()) for state in states},
        )

    def _expressions(self) -> Iterator[tuple[Spread, Differential, str]]:
        """Everything that reads names: how gradients come to it, its derivative, and the equation that it stands in."""
        for symbol, differential in self.step.differentials.items():
            yield self.step.symbols[symbol], differential, symbol
        for source, place in enumerate(self.step.compounds, len(self.step.states)):
            argument = self.step.arguments[place]
            yield {source: 1.0}, argument.vector, argument.via

    def _paths(self) -> tuple[dict[Path, Float64], dict[Path, Float64]]:
        """Path → (T, H), and → what goes on to the state as it was before reading, (H,)."""
        states, hidden = self.step.states, self.step.lane.hidden
        paths: dict[Path, Float64] = {}
        start: dict[Path, Float64] = {}
        for path, found in self._ways():
            values = found.plain()
            if path.carried:
                start[path] = start.get(path, 0.0) + values[0]
                values = np.concatenate([values[1:], np.zeros((1, hidden))])
            paths[path] = paths[path] + values if path in paths else values
        order = {symbol: place for place, symbol in enumerate(self.step.differentials)}
        by_equation = sorted(paths, key=lambda path: (states.index(path.state), path.carried, order[path.via]))
        return {path: paths[path] for path in by_equation}, {path: start[path] for path in by_equation if path.carried}

    def _ways(self) -> Iterator[tuple[Path, Scaled]]:
        """Every way to a state, as it leaves the step that reads it."""
        states = self.step.states
        for spread, differential, via in self._expressions():
            for name, slope in differential.names.items():
                if name.name in states:
                    yield Path(name.name, via, name.before), self.spread(spread, name.before).scaled(slope)
        for argument in self.step.recurrent:
            assert argument.past is not None
            gone = self.spread(argument.spread, going_on=True).times(argument.matrix)
            yield Path(argument.past, argument.via, True), gone
