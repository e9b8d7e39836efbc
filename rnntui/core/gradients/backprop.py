"""Backpropagation through a whole network: from the output down through the layers, each lane back through time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from rnntui.core.byhand import ByHand, Clamp
from rnntui.core.gradients.adjoint import Sweeps
from rnntui.core.gradients.lane import Lane, OneHotRows, Rows, Vectors
from rnntui.core.gradients.linear import LinearStep, linearise
from rnntui.core.gradients.scaled import Float64, Scaled
from rnntui.core.gradients.windows import Windows
from rnntui.core.parameters import Network, Parameters, blocks
from rnntui.core.sequence import OneHot
from rnntui.core.sequence import Sequence as Inputs
from rnntui.core.touched import starts
from rnntui.core.unroll import Values
from rnntui.scene import Direction

NOTHING: Final = ByHand()


@dataclass(frozen=True, eq=False)
class Linearised:
    """A network that has read a sequence, every step of every lane as a linear map; lanes in torch's order."""

    steps: tuple[LinearStep, ...]
    bidirectional: bool

    @property
    def total(self) -> int:
        """T"""
        return self.steps[0].lane.steps

    @property
    def output(self) -> Float64:
        """(T, H x directions), what the losses look at."""
        lanes = [step.lane for step in self.steps[-1 - self.bidirectional :]]
        return np.concatenate([lane.of_tokens(lane.values[lane.cell.states[0]]) for lane in lanes], axis=1)

    def back(self, output: Float64, windows: Windows) -> list[Sweeps]:
        """What each lane gets, in torch's order.

        `output` is the gradient of the output in each window's sweep, (steps, sweeps, H x directions), counted from the
        window's last token.
        """
        found: list[Sweeps] = []
        upper = Scaled.of(output)
        for lanes in reversed(self._layers):
            if found:
                upper = inputs(found[: len(lanes)])
            locals_ = np.split(upper.values, len(lanes), axis=-1)
            pair = [Sweeps.walk(lanes[0], windows, Scaled(locals_[0], upper.exponents))]
            if self.bidirectional:
                local = _flipped(windows, Scaled(locals_[1], upper.exponents))
                pair.append(Sweeps.walk(lanes[1], windows.mirrored(), local))
            found = pair + found
        return found

    @property
    def _layers(self) -> list[tuple[LinearStep, ...]]:
        directions = 1 + self.bidirectional
        return [self.steps[first : first + directions] for first in range(0, len(self.steps), directions)]


def inputs(lanes: Sequence[Sweeps]) -> Scaled:
    """dL/dx of one layer from its one or two lanes, (steps, sweeps, D), counted from each window's last token."""
    total = lanes[0].inputs()
    for backward in lanes[1:]:
        total = total + _flipped(lanes[0].windows, backward.inputs())
    return total


def linearised(
    network: Network, parameters: Parameters, read: Inputs, passes: Sequence[Values], by_hand: ByHand = NOTHING
) -> Linearised:
    """A network as linear maps around what it computed: float64 parameters, inputs and values of a run.

    What was set by hand in that run begins where it was set: no gradient goes on through it.
    """
    found: list[LinearStep] = []
    begun = starts(network, len(read), by_hand, read.dtype)
    directions = 1 + network.bidirectional
    x: Vectors = OneHotRows(read.ids.numpy(), read.size) if isinstance(read, OneHot) else Rows(read.rows().numpy())
    for number, ((layer, direction), values) in enumerate(zip(network.passes, passes, strict=True)):
        if layer and direction == "forward":
            below = passes[number - directions : number]
            x = Rows(np.concatenate([one[network.cell.states[0]].numpy() for one in below], axis=1))
        backward = direction == "backward"
        ordered = {symbol: _finite(value.numpy()[:: -1 if backward else 1]) for symbol, value in values.items()}
        lane = Lane(
            cell=network.cell,
            layer=layer,
            direction=direction,
            x=x.reversed() if backward else x,
            values=ordered,
            before={state: _before(ordered[state], first.numpy()) for state, first in begun[number].items()},
            weights={name: block.numpy() for name, block in blocks(parameters, network.cell, layer, direction).items()},
            free=_free(by_hand.of(layer, direction), direction, len(read), network.hidden),
        )
        found.append(linearise(lane))
    return Linearised(tuple(found), network.bidirectional)


def _finite(values: Float64) -> Float64:
    """The same with zeros at steps that overflowed: a loss that is a number does not depend on them."""
    finite = np.isfinite(values)
    return values if finite.all() else np.where(finite, values, 0.0)


def _before(values: Float64, first: Float64) -> Float64:
    """A state as each step found it: what it was before reading first."""
    return np.concatenate([first[None], values[:-1]])


def _free(clamps: Sequence[Clamp], direction: Direction, steps: int, hidden: int) -> dict[str, Float64]:
    """For each symbol that is held somewhere: 1 where it is computed, 0 where it is held, in the order of reading."""
    found: dict[str, Float64] = {}
    for clamp in clamps:
        rows = slice(None) if clamp.t is None else slice(clamp.t - 1, clamp.t)
        if clamp.t is None or 1 <= clamp.t <= steps:
            free = found.setdefault(clamp.symbol, np.ones((steps, hidden)))
            free[rows, slice(None) if clamp.unit is None else clamp.unit] = 0
    return {symbol: free[:: -1 if direction == "backward" else 1] for symbol, free in found.items()}


def _flipped(windows: Windows, values: Scaled) -> Scaled:
    return Scaled(windows.flipped(values.values), windows.flipped(values.exponents))
