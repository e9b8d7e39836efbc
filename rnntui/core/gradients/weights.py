"""The gradient of every parameter: a sum over the steps, in which each step has its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnntui.core.flow import WeightGradient
from rnntui.core.gradients.adjoint import Arrived
from rnntui.core.gradients.lane import Vectors
from rnntui.core.gradients.scaled import Float64, Scaled, shifted
from rnntui.core.parameters import Network, layout, torch_name

Operands = list[tuple[Scaled, Vectors | None]]
"""The gradient of a product, (T, H), and the vectors that were multiplied, (T, D); None for a bias, which is added."""


@dataclass(frozen=True, eq=False)
class ParameterGradient:
    """The gradient of one of torch's parameters: values · 2^level."""

    name: str
    values: Float64
    """(blocks, H, D), or (blocks, H, 1) for a bias."""
    level: int
    gates: dict[str, Float64]
    """Gate → (H, D), the part that comes through its equation, at the same level."""
    shares: Float64
    """(T,) in the order of the tokens."""

    @property
    def norm(self) -> float:
        """‖dL/dparameter‖, inf above what a float64 holds."""
        return _norm(self.values, self.level)

    def record(self) -> WeightGradient:
        """The record of it."""
        gates = {gate: _norm(part, self.level) for gate, part in self.gates.items()}
        return WeightGradient(self.name, self.norm, gates, self.shares)


def parameter_gradients(network: Network, arrived: Sequence[Arrived]) -> list[ParameterGradient]:
    """The gradient of every parameter of a network, in torch's order, from what came to each of its lanes.

    A parameter of torch's holds the blocks of all gates; one of an own cell is a single block, which several equations
    may use.
    """
    own, places = network.cell.own, layout(network.cell)
    gates = [one.symbol for one in network.cell.equations] if own else network.cell.gates
    operands: dict[str, dict[str, Operands]] = {name: {gate: [] for gate in gates} for name in network.shapes}
    lanes = {}
    for one in arrived:
        lane = one.step.lane
        for attribute, node, gradient, via in one.operands():
            kind, block = places[attribute]
            name = torch_name(kind, lane.layer, lane.direction)
            gate = via if own else gates[block]
            operands[name][gate].append((gradient, None if node is None else one.step.tool.vectors(node)))
            lanes[name] = lane
    found = []
    for name, shape in network.shapes.items():
        used = {gate: some for gate, some in operands[name].items() if some or not own}
        parts, level = _sum(list(used.values()), network.hidden, shape[1] if len(shape) > 1 else 1)
        values = parts.sum(axis=0, keepdims=True) if own else parts
        blocks = [[one for some in used.values() for one in some]] if own else list(used.values())
        shares = _shares(blocks, values, level, arrived[0].step.lane.steps)
        ordered = lanes[name].of_tokens(shares) if name in lanes else shares
        found.append(ParameterGradient(name, values, level, dict(zip(used, parts, strict=True)), ordered))
    return found


def as_one_vector(*gradients: Sequence[ParameterGradient]) -> tuple[list[Float64], int]:
    """All parameters as one vector, for each list of them, and the level that the vectors have in common."""
    levels = [one.level for some in gradients for one in some if one.values.any()]
    level = max(levels, default=0)
    vectors = []
    for some in gradients:
        parts = [shifted(one.values.reshape(1, -1), np.array([one.level - level]))[0] for one in some]
        vectors.append(np.concatenate(parts))
    return vectors, level


def _sum(blocks: Sequence[Operands], hidden: int, size: int) -> tuple[Float64, int]:
    """Σₜ gradientₜ vectorₜᵀ for every gate, (gates, H, D), and its level."""
    sums = []
    for operands in blocks:
        total = Scaled.of(np.zeros((1, hidden * size)))
        for gradient, vectors in operands:
            values, level = gradient.at_one_level()
            outer = values.sum(axis=0)[:, None] if vectors is None else vectors.outer(values)
            total = total + Scaled(outer.reshape(1, -1), np.array([level]))
        sums.append(total)
    level = max((int(total.levels()[0]) for total in sums if total.values.any()), default=0)
    values = np.zeros((len(blocks), hidden, size))
    for block, total in zip(values, sums, strict=True):
        block[:] = shifted(total.values, total.exponents - level).reshape(hidden, size)
    return values, level


def _shares(blocks: Sequence[Operands], whole: Float64, level: int, steps: int) -> Float64:
    """⟨gradientₜ vectorₜᵀ, whole⟩ / ⟨whole, whole⟩ at every step, (T,); zeros where the whole is 0."""
    shares = np.zeros((steps, 1))
    for operands, block in zip(blocks, whole, strict=True):
        for gradient, vectors in operands:
            along = block[:, 0] if vectors is None else vectors.through(block)
            added = (gradient.values * along).sum(axis=1, keepdims=True)
            shares += shifted(added, gradient.exponents - level)
    square = float(np.vdot(whole, whole))
    return (shares / square if square else np.zeros_like(shares))[:, 0]


def _norm(values: Float64, level: int) -> float:
    with np.errstate(over="ignore", under="ignore"):
        return float(np.ldexp(np.linalg.norm(values), level))
