"""What is looked at while a model learns: what it writes, and how it reads one fixed sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

import numpy as np
import torch
from torch import Tensor

from rnntui.core.sequence import Dense, OneHot
from rnntui.core.unroll import run
from rnntui.models.charmodel import EMBEDDING, READOUT, CharModel
from rnntui.models.sampler import Sampler, Taste
from rnntui.training.record import Knobs, Reading, Sample

LENGTH: Final = 160
COPIED: Final = 20
"""A stretch of so many characters that stands in the training text is a copy."""


def arrays(parameters: Mapping[str, Tensor]) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Parameters as numpy arrays that share their memory."""
    return {name: values.detach().numpy() for name, values in parameters.items()}


def write(
    cell: str,
    parameters: Mapping[str, Tensor],
    characters: Sequence[str],
    prime: str,
    length: int,
    taste: Taste,
    seed: int,
) -> str:
    """So many characters that the model writes after a prime of characters that it knows, at least one."""
    sampler = Sampler(cell, arrays(parameters))
    ids = [characters.index(character) for character in prime]
    return "".join(characters[following] for following in islice(sampler.write(ids, taste, seed), length))


def sample(model: CharModel, characters: Sequence[str], knobs: Knobs, training_text: str, seed: int) -> Sample:
    """What the model writes as the knobs say, and which of it is copied."""
    prime = "".join(filter(set(characters).__contains__, knobs.prime)) or characters[0]
    taste = Taste(knobs.temperature, knobs.top_k, knobs.top_p)
    text = write(model.shape.cell, model.parameters, characters, prime, LENGTH, taste, seed)
    return Sample(prime, text, copied(text, training_text))


def copied(text: str, training_text: str) -> tuple[bool, ...]:
    """For every character, whether it is part of a stretch of `COPIED` that stands in the training text."""
    found = [False] * len(text)
    for start in range(len(text) - COPIED + 1):
        if text[start : start + COPIED] in training_text:
            found[start : start + COPIED] = [True] * COPIED
    return tuple(found)


@torch.inference_mode()
def reading(model: CharModel, characters: Sequence[str], text: str) -> Reading:
    """Every gate of every layer while the model reads a text of characters that it knows, and what it expects."""
    ids = torch.tensor([characters.index(character) for character in text])
    network = model.shape.network
    if model.shape.embedding:
        x: Dense | OneHot = Dense(model.parameters[EMBEDDING][ids])
    else:
        x = OneHot(ids, len(characters), torch.float32)
    layers = run(network, {name: model.parameters[name] for name in network.shapes}, x, "fused")
    h = layers[-1][network.cell.states[0]]
    weight = model.parameters[EMBEDDING if model.shape.tied else READOUT[0]]
    chances = (h @ weight.t() + model.parameters[READOUT[1]]).softmax(1)
    values = tuple({symbol: one.numpy() for symbol, one in layer.items()} for layer in layers)
    return Reading(text, values, chances.numpy(), tuple(characters))
