"""The character model: which vector a character is, the recurrent layers that read it, and what they expect next.

Its parameters are a plain mapping. The recurrent ones have torch's names, so that they open in `torch.nn.LSTM` and in
Explore as they are; around them stand `embedding.weight`, `readout.weight` and `readout.bias`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import embedding, linear

from rnntui.cellname import own_cell
from rnntui.core.cellfile import read_kept
from rnntui.core.changes import initialise
from rnntui.core.equations import Cell, load
from rnntui.core.initial import generator, input_vectors
from rnntui.core.parameters import KINDS, Network, bind, torch_name
from rnntui.errors import BadInput
from rnntui.models.backpropagation import gru, vanilla
from rnntui.models.unrolled import unrolled

EMBEDDING: Final = "embedding.weight"
READOUT: Final = ("readout.weight", "readout.bias")

BY_HAND: Final = frozenset({"gru", "rnn", "rnn-relu"})
"""The cells with a way back of our own, which adds x's part of a pre-activation as it is given."""

States = tuple[Tensor, ...]
"""What is carried from one piece of text to the next: h of every layer, then c of every layer of an LSTM, (B, H)."""


@dataclass(frozen=True)
class Shape:
    """How large a character model is."""

    cell: str
    hidden: int
    layers: int
    embedding: int
    """The length of a character's vector; 0 is one-hot."""
    tied: bool
    characters: int
    """V, how many different characters it knows."""
    equations: str = ""
    """Those of a cell that is none of ours, as `core.cellfile.kept` writes them."""

    @property
    def network(self) -> Network:
        """Its recurrent part. Raises BadInput for an own cell without equations, or with more than equations."""
        return Network(self._cell, self.embedding or self.characters, self.hidden, self.layers)

    @property
    def _cell(self) -> Cell:
        own = own_cell(self.cell)
        if own is not None and not self.equations:
            raise BadInput(f"The equations of {own.title} were not kept, so there is nothing to compute with.")
        return load(self.cell) if own is None else read_kept(own, self.equations)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The name of every parameter → its shape."""
        found = dict(self.network.shapes)
        if self.embedding:
            found[EMBEDDING] = (self.characters, self.embedding)
        if not self.tied:
            found[READOUT[0]] = (self.characters, self.hidden)
        found[READOUT[1]] = (self.characters,)
        return found


def layer_of(parameter: str) -> str:
    """The layer that a parameter belongs to: embedding, layer 0, layer 1, …, read-out."""
    if parameter in READOUT:
        return "read-out"
    return "embedding" if parameter == EMBEDDING else f"layer {parameter.rpartition('_l')[2]}"


def initial(shape: Shape, characters: Sequence[str], seed: int, init: str) -> dict[str, Tensor]:
    """The parameters before any training, float32: the recurrent ones as `core.changes` makes them.

    An embedding is N(0, 1), the read-out U(-1/√H, 1/√H) as in torch; each character has a draw of its own, so the
    same seed gives a character the same numbers in another text. Raises BadInput for an unknown initialisation.
    """
    made = initialise(shape.network, seed, init, None if shape.embedding else characters)
    if shape.embedding:
        made[EMBEDDING] = input_vectors(characters, shape.embedding, seed)
        if shape.tied:
            made[EMBEDDING] /= math.sqrt(shape.embedding)
    bound = 1 / math.sqrt(shape.hidden)
    draws = [
        torch.rand(shape.hidden + 1, dtype=torch.float64, generator=generator(seed, "readout", one)) * 2 - 1
        for one in characters
    ]
    readout = torch.stack(draws) * bound
    if not shape.tied:
        made[READOUT[0]] = readout[:, :-1].contiguous()
    made[READOUT[1]] = readout[:, -1].contiguous()
    return {name: made[name].float() for name in shape.shapes}


@dataclass(frozen=True)
class CharModel:
    """A character model that reads: its shape and its parameters."""

    shape: Shape
    parameters: Mapping[str, Tensor]

    def start(self, rows: int) -> States:
        """The states before anything was read: zeros."""
        count = self.shape.layers * len(self.shape.network.cell.states)
        return tuple(self.parameters[READOUT[1]].new_zeros(rows, self.shape.hidden) for _ in range(count))

    def read(
        self, ids: Tensor, states: States, dropout: float = 0.0, source: torch.Generator | None = None
    ) -> tuple[Tensor, States]:
        """What is expected after each character, as logits (T, B, V), and the states to go on from.

        `ids` is (T, B). Dropout leaves out units between layers and before the read-out, drawn from `source`.
        """
        layers = self.shape.layers
        x = self._vectors(ids)
        after = list(states)
        for layer in range(layers):
            carried = [states[place] for place in range(layer, len(states), layers)]
            x, *left = self._layer(layer, x, carried)
            after[layer::layers] = left
            if dropout:
                x = x * torch.empty_like(x).bernoulli_(1 - dropout, generator=source).div_(1 - dropout)
        weight = self.parameters[EMBEDDING if self.shape.tied else READOUT[0]]
        return linear(x, weight, self.parameters[READOUT[1]]), tuple(after)

    def vectors(self, ids: Tensor) -> Tensor:
        """The vector of every character, one-hot or embedded: (…) to (…, D)."""
        if self.shape.embedding:
            return embedding(ids, self.parameters[EMBEDDING])
        return torch.eye(self.shape.characters)[ids]

    def _vectors(self, ids: Tensor) -> Tensor:
        """What layer 0 reads: the vectors, or ids where each has its part of the pre-activations looked up."""
        return ids if self.shape.cell in BY_HAND else self.vectors(ids)

    def _layer(self, layer: int, x: Tensor, states: list[Tensor]) -> tuple[Tensor, ...]:
        """Every h of one layer, (T, B, H), and its last states, each (B, H)."""
        if self.shape.cell != "lstm" and self.shape.cell not in BY_HAND:
            cell = self.shape.network.cell
            return unrolled(cell, bind(self.parameters, cell, layer, "forward"), x, states)
        weights = [self.parameters[torch_name(kind, layer, "forward")] for kind in KINDS.values()]
        if self.shape.cell == "lstm":
            carried = [state[None] for state in states]
            h, last_h, last_c = torch.lstm(x, carried, weights, True, 1, 0.0, False, False, False)
            return h, last_h[0], last_c[0]
        of_x, of_h, b_i, b_h = weights
        bias = b_i if self.shape.cell == "gru" else b_i + b_h
        a = linear(x, of_x, bias) if x.is_floating_point() else embedding(x, self._table(of_x, bias))
        (before,) = states
        if self.shape.cell == "gru":
            h = gru(a, of_h, b_h, before)
        else:
            h = vanilla(a, of_h, before, self.shape.cell == "rnn-relu")
        return h, h[-1]

    def _table(self, of_x: Tensor, bias: Tensor) -> Tensor:
        """W x + b of every character that there is, (V, G H): fewer products than one for each that is read."""
        if self.shape.embedding:
            return linear(self.parameters[EMBEDDING], of_x, bias)
        return of_x.t() + bias
