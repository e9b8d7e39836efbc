"""torch's packed parameters, and where in them each block of a cell's equations lies.

Nothing here names a gate: a cell's k-th gate s owns the k-th block of H rows, `W.is` of `weight_ih`, `W.hs` of
`weight_hh`, `W.b_is` of `bias_ih` and `W.b_hs` of `bias_hh`; every weight of a learner's own cell is a parameter by
itself, `W.if_` is `if_l0`. The parameters of a network are a plain mapping from names to tensors: a `state_dict`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from rnntui.core.equations import Cell
from rnntui.core.expression import Matmul, Weight, added, walk
from rnntui.core.ownweights import OF_H, OF_X, weight_shapes
from rnntui.core.weights import Weights
from rnntui.errors import BadInput
from rnntui.scene import DIRECTIONS, Direction

Parameters = Mapping[str, Tensor]
"""torch's name → the parameter, as in a `state_dict`."""

KINDS: Final = {"i": "weight_ih", "h": "weight_hh", "b_i": "bias_ih", "b_h": "bias_hh"}
"""What stands before the gate's symbol in the source → what torch calls the stack of those blocks."""


@dataclass(frozen=True)
class Network:
    """The shape of a network: which cell, how wide, how deep, and whether it also reads backwards."""

    cell: Cell
    size: int
    """D, the length of one input vector."""
    hidden: int
    layers: int = 1
    bidirectional: bool = False

    @property
    def passes(self) -> tuple[tuple[int, Direction], ...]:
        """Every layer and direction in torch's order: layer 0 forward, layer 0 backward, layer 1 forward, …"""
        directions = DIRECTIONS[: 1 + self.bidirectional]
        return tuple((layer, direction) for layer in range(self.layers) for direction in directions)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The parameter's name → shape, in torch's order; of an own cell in the order of the equations."""
        if self.cell.own:
            return self._own_shapes
        rows = len(self.cell.gates) * self.hidden
        found: dict[str, tuple[int, ...]] = {}
        for layer, direction in self.passes:
            below = self.size if layer == 0 else self.hidden * (1 + self.bidirectional)
            columns = {"weight_ih": (below,), "weight_hh": (self.hidden,), "bias_ih": (), "bias_hh": ()}
            for kind in KINDS.values():
                found[torch_name(kind, layer, direction)] = (rows, *columns[kind])
        return found

    @property
    def _own_shapes(self) -> dict[str, tuple[int, ...]]:
        kinds, shapes = layout(self.cell), weight_shapes(self.cell.equations, self.cell.file)
        found: dict[str, tuple[int, ...]] = {}
        for layer, direction in self.passes:
            lengths = {"H": self.hidden, "D": self.size if layer == 0 else self.hidden * (1 + self.bidirectional)}
            for attribute, letters in shapes.items():
                name = torch_name(kinds[attribute][0], layer, direction)
                found[name] = tuple(lengths[letter] for letter in letters)
        return found

    @property
    def input_matrices(self) -> frozenset[str]:
        """The parameters whose columns are multiplied with the elements of x itself: those of layer 0 that read it."""
        if self.cell.own:
            shapes = weight_shapes(self.cell.equations, self.cell.file)
            kinds = [kind for attribute, (kind, _) in layout(self.cell).items() if shapes[attribute] == OF_X]
        else:
            kinds = [KINDS["i"]]
        directions = {direction for _, direction in self.passes}
        return frozenset(torch_name(kind, 0, direction) for kind in kinds for direction in directions)


def torch_name(kind: str, layer: int, direction: Direction) -> str:
    """What torch calls a parameter, and an own cell after it: weight_ih_l0, weight_ih_l0_reverse, if_l0."""
    return f"{kind}_l{layer}{'_reverse' if direction == 'backward' else ''}"


@cache
def layout(cell: Cell) -> dict[str, tuple[str, int]]:
    """The attribute of W in the cell's source → the kind of parameter it lies in and the number of its block.

    `if_` → ("weight_ih", 1); of an own cell ("if", 0). Raises BadInput for an attribute that belongs to no gate.
    """
    if cell.own:
        return {attribute: (attribute.rstrip("_"), 0) for attribute in weight_shapes(cell.equations, cell.file)}
    places = {f"{before}{gate}": (kind, k) for before, kind in KINDS.items() for k, gate in enumerate(cell.gates)}
    found: dict[str, tuple[str, int]] = {}
    for equation in cell.equations:
        for node in walk(equation.tree):
            if isinstance(node, Matmul | Weight) and node.attribute not in found:
                place = places.get(node.attribute.rstrip("_"))
                if place is None or place[0].startswith("weight") != isinstance(node, Matmul):
                    known = ", ".join(f"W.{before}{equation.symbol}" for before in KINDS)
                    where = f"{Path(cell.file).name}:{equation.line}"
                    raise BadInput(f"{where}: W.{node.attribute} is none of the weights of a gate ({known}).")
                found[node.attribute] = place
    return found


def torch_names(cell: Cell, hidden: int, layer: int, direction: Direction) -> dict[str, tuple[str, int]]:
    """The attribute of W → torch's name and the first row of its block there: `if_` → ("weight_ih_l0", H)."""
    places = layout(cell).items()
    return {attribute: (torch_name(kind, layer, direction), k * hidden) for attribute, (kind, k) in places}


def blocks(parameters: Parameters, cell: Cell, layer: int, direction: Direction) -> dict[str, Tensor]:
    """The attribute of W → its block, a view of the parameter it lies in: (H, D) or (H, H) or (H,)."""
    if cell.own:
        places = layout(cell).items()
        return {attribute: parameters[torch_name(kind, layer, direction)] for attribute, (kind, _) in places}
    hidden = parameters[torch_name("weight_hh", layer, direction)].shape[1]
    names = torch_names(cell, hidden, layer, direction).items()
    return {attribute: parameters[name][row : row + hidden] for attribute, (name, row) in names}


def recurrent_blocks(network: Network, parameters: Parameters) -> Iterator[tuple[str, str, Tensor]]:
    """Every H x H matrix that is applied to a state: the parameter's name, the gate (else the weight), and a view."""
    cell = network.cell
    for layer, direction in network.passes:
        if cell.own:
            shapes = weight_shapes(cell.equations, cell.file)
            for attribute, (kind, _) in layout(cell).items():
                if shapes[attribute] == OF_H:
                    name = torch_name(kind, layer, direction)
                    yield name, kind, parameters[name]
        else:
            name = torch_name("weight_hh", layer, direction)
            views = torch.split(parameters[name], network.hidden)
            yield from ((name, gate, view) for gate, view in zip(cell.gates, views, strict=True))


def biases(cell: Cell, symbol: str) -> tuple[str, ...]:
    """The attributes of W that are added, as they are, to the argument of a symbol's function."""
    tree = next(equation.tree for equation in cell.equations if equation.symbol == symbol)
    return added(tree)


def bind(parameters: Parameters, cell: Cell, layer: int, direction: Direction) -> Weights:
    """The W with which a cell's function reads one layer in one direction."""
    return Weights(**blocks(parameters, cell, layer, direction))
