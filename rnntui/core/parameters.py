"""torch's packed parameters, and where in them each block of a cell's equations lies.

Nothing here names a gate: a cell's k-th gate s owns the k-th block of H rows, `W.is` of `weight_ih`, `W.hs` of
`weight_hh`, `W.b_is` of `bias_ih` and `W.b_hs` of `bias_hh`. The parameters of a network are a plain mapping from
torch's names to tensors, so that they are a `state_dict` and come from one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from torch import Tensor

from rnntui.core.equations import Cell
from rnntui.core.expression import Matmul, Weight, walk
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
        """Torch's name → shape, in torch's order."""
        rows = len(self.cell.gates) * self.hidden
        found: dict[str, tuple[int, ...]] = {}
        for layer, direction in self.passes:
            below = self.size if layer == 0 else self.hidden * (1 + self.bidirectional)
            columns = {"weight_ih": (below,), "weight_hh": (self.hidden,), "bias_ih": (), "bias_hh": ()}
            for kind in KINDS.values():
                found[torch_name(kind, layer, direction)] = (rows, *columns[kind])
        return found


def torch_name(kind: str, layer: int, direction: Direction) -> str:
    """What torch calls a parameter: weight_ih_l0, weight_ih_l0_reverse."""
    return f"{kind}_l{layer}{'_reverse' if direction == 'backward' else ''}"


@cache
def layout(cell: Cell) -> dict[str, tuple[str, int]]:
    """The attribute of W in the cell's source → the kind of parameter it lies in and the number of its block.

    `if_` → ("weight_ih", 1). Raises BadInput for an attribute that belongs to no gate.
    """
    places = {f"{before}{gate}": (kind, k) for before, kind in KINDS.items() for k, gate in enumerate(cell.gates)}
    found: dict[str, tuple[str, int]] = {}
    for equation in cell.equations:
        for node in walk(equation.tree):
            if isinstance(node, Matmul | Weight) and node.attribute not in found:
                place = places.get(node.attribute.rstrip("_"))
                if place is None or place[0].startswith("weight") != isinstance(node, Matmul):
                    known = ", ".join(f"W.{before}{equation.symbol}" for before in KINDS)
                    raise BadInput(
                        f"{cell.file}:{equation.line}: W.{node.attribute} is none of the weights of a gate ({known})."
                    )
                found[node.attribute] = place
    return found


def torch_names(cell: Cell, hidden: int, layer: int, direction: Direction) -> dict[str, tuple[str, int]]:
    """The attribute of W → torch's name and the first row of its block there: `if_` → ("weight_ih_l0", H)."""
    places = layout(cell).items()
    return {attribute: (torch_name(kind, layer, direction), k * hidden) for attribute, (kind, k) in places}


def blocks(parameters: Parameters, cell: Cell, layer: int, direction: Direction) -> dict[str, Tensor]:
    """The attribute of W → its block, a view of torch's parameter: (H, D) or (H, H) or (H,)."""
    hidden = parameters[torch_name("weight_hh", layer, direction)].shape[1]
    places = torch_names(cell, hidden, layer, direction).items()
    return {attribute: parameters[name][row : row + hidden] for attribute, (name, row) in places}


def bind(parameters: Parameters, cell: Cell, layer: int, direction: Direction) -> Weights:
    """The W with which a cell's function reads one layer in one direction."""
    return Weights(**blocks(parameters, cell, layer, direction))
