"""What is looked at while a model learns: what it writes, and how it reads one fixed sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

import numpy as np
import torch

from rnntui.core.sequence import Dense, OneHot
from rnntui.core.unroll import Route, has_loop, run
from rnntui.models.charmodel import EMBEDDING, READOUT, CharModel
from rnntui.models.sampler import Taste
from rnntui.models.stepper import reader
from rnntui.training.copies import Copies
from rnntui.training.record import Knobs, Reading, Sample

LENGTH: Final = 320
SENTENCE: Final = 'Return the first item (or None) of the "list".'
KNOWN: Final = 0.85
"""The share of its characters that may be left of it; quotation marks and brackets are no loss."""


def write(model: CharModel, characters: Sequence[str], prime: str, length: int, taste: Taste, seed: int) -> str:
    """So many characters that the model writes after a prime of characters that it knows, at least one."""
    ids = [characters.index(character) for character in prime]
    with np.errstate(over="ignore", invalid="ignore"):  # a model that is about to explode
        return "".join(characters[following] for following in islice(reader(model).write(ids, taste, seed), length))


def fixed_sentence(training_text: str, characters: Sequence[str]) -> str:
    """The text that is read again and again: ours, if the model knows nearly all of its characters, else its own."""
    known = "".join(filter(set(characters).__contains__, SENTENCE))
    return known if len(known) >= KNOWN * len(SENTENCE) else training_text[: len(SENTENCE)]


def sample(model: CharModel, characters: Sequence[str], knobs: Knobs, copies: Copies, seed: int) -> Sample:
    """What the model writes as the knobs say, and which of it is copied."""
    prime = "".join(filter(set(characters).__contains__, knobs.prime)) or characters[0]
    taste = Taste(knobs.temperature, knobs.top_k, knobs.top_p)
    text = write(model, characters, prime, LENGTH, taste, seed)
    return Sample(prime, text, copies.marks(text))


@torch.inference_mode()
def reading(model: CharModel, characters: Sequence[str], text: str) -> Reading:
    """Every gate of every layer while the model reads a text of characters that it knows, and what it expects."""
    ids = torch.tensor([characters.index(character) for character in text])
    network = model.shape.network
    if model.shape.embedding:
        x: Dense | OneHot = Dense(model.parameters[EMBEDDING][ids])
    else:
        x = OneHot(ids, len(characters), torch.float32)
    route: Route = "fused" if has_loop(network.cell) else "explicit"
    layers = run(network, {name: model.parameters[name] for name in network.shapes}, x, route)
    state = network.cell.states[0]
    h = layers[-1][state]
    weight = model.parameters[EMBEDDING if model.shape.tied else READOUT[0]]
    chances = (h @ weight.t() + model.parameters[READOUT[1]]).softmax(1)
    values = tuple({symbol: one.numpy() for symbol, one in layer.items()} for layer in layers)
    return Reading(text, values, chances.numpy(), tuple(characters), state)
