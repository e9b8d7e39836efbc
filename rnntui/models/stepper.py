"""Reads one character at a time by a cell's equations: how a model with a cell of a learner's own writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from rnntui.core.fence import blamed
from rnntui.core.parameters import bind
from rnntui.models.charmodel import EMBEDDING, READOUT, CharModel
from rnntui.models.sampler import Floats, Sampler, Taste, write
from rnntui.models.unrolled import advance


class Stepper:
    """A character model that has read something, and can read or write on; see `sampler.Sampler`."""

    def __init__(self, model: CharModel) -> None:
        shape, parameters = model.shape, {name: values.detach() for name, values in model.parameters.items()}
        network = shape.network
        self._cell = network.cell
        self._weights = [bind(parameters, network.cell, layer, "forward") for layer in range(network.layers)]
        self._vectors = parameters[EMBEDDING] if shape.embedding else torch.eye(shape.characters)
        self._readout = parameters[EMBEDDING if shape.tied else READOUT[0]], parameters[READOUT[1]]
        self._states: list[tuple[Tensor, ...]] = [
            tuple(torch.zeros(network.hidden) for _ in network.cell.states) for _ in self._weights
        ]

    @torch.inference_mode()
    def read(self, character: int) -> Floats:
        """Read one character by its id; the answer is what is expected next, as logits (V,)."""
        cell, x = self._cell, self._vectors[character]
        for layer, weights in enumerate(self._weights):
            with blamed(cell.file):
                self._states[layer] = advance(cell, x, self._states[layer], weights)
            x = self._states[layer][0]
        matrix, bias = self._readout
        logits: Floats = torch.addmv(bias, matrix, x).numpy()
        return logits

    def write(self, prime: Sequence[int], taste: Taste, seed: int) -> Iterator[int]:
        """Read these characters, at least one, then write on without end: the same seed, the same characters."""
        return write(self.read, prime, taste, seed)


def reader(model: CharModel) -> Sampler | Stepper:
    """Who writes what a model expects, in the fastest way that there is for its cell."""
    if model.shape.network.cell.own:
        return Stepper(model)
    return Sampler(model.shape.cell, {name: values.detach().numpy() for name, values in model.parameters.items()})
