"""What is asked of a network, as one number, and its gradient by the network's output.

With T tokens, H units and one or two directions, the output is (T, H x directions), as `torch.nn` returns it.

- `last`: the sum of the last layer's final hidden states, torch's h_n: the forward one at T, the backward one at t = 1.
- `mean`: the mean of the whole output.
- `token:T`: the sum of the output at that token, counted from 1.
- `lm`: a linear read-out of the output at t predicts token t + 1; the mean cross-entropy over t = 1 … T - 1, in nats.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import torch

from rnntui.core.gradients.scaled import Float64, Int64
from rnntui.core.initial import generator
from rnntui.errors import BadInput, counted

MOST: Final = 2**24
"""How many scores, one for each step and each token, a read-out may give."""


@dataclass(frozen=True, eq=False)
class Loss:
    """A number, and how it changes with the output."""

    value: float
    gradient: Float64
    """(T, H x directions)"""
    rows: Int64
    """The rows of the output that it looks at, in order."""
    readout: Mapping[str, Float64] = field(default_factory=dict[str, Float64])
    """Of `lm`: weight (V, H x directions) and bias (V,)."""

    @property
    def t(self) -> int:
        """The last step that it looks at."""
        return int(self.rows[-1]) + 1


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read, as far as a loss needs it."""

    ids: Int64 | None
    """(T,) which token of the vocabulary each one is; None for numbers."""
    vocabulary: Sequence[str]
    seed: int
    """Of the read-out's weights."""


def loss(name: str, output: Float64, hidden: int, reading: Reading) -> Loss:
    """The loss of that name for an output, (T, H x directions).

    Raises BadInput for a token that is not there, and where there is no next token to predict.
    """
    steps = len(output)
    gradient = np.zeros_like(output)
    if name == "last":
        gradient[-1, :hidden] = 1
        gradient[0, hidden:] = 1
        two_ways = output.shape[1] > hidden
        rows = np.unique([0, steps - 1]) if two_ways else np.array([steps - 1])
        return Loss(float(output[-1, :hidden].sum() + output[0, hidden:].sum()), gradient, rows)
    if name == "mean":
        gradient[:] = 1 / output.size
        return Loss(float(output.mean()), gradient, np.arange(steps))
    if name == "lm":
        return _language_model(output, reading)
    t = int(name.removeprefix("token:"))
    if t > steps:
        raise BadInput(f"The loss token:{t} looks at a token that is not there; the last one is token:{steps}.")
    gradient[t - 1] = 1
    return Loss(float(output[t - 1].sum()), gradient, np.array([t - 1]))


def pick(output: Float64, t: int, unit: int) -> Float64:
    """The gradient of one number of the output by the output: a single 1."""
    gradient = np.zeros_like(output)
    gradient[t - 1, unit] = 1
    return gradient


def readout(vocabulary: Sequence[str], size: int, seed: int) -> dict[str, Float64]:
    """Weights (V, size) and biases (V,), U(-1/√size, 1/√size) like `nn.Linear`, each token's by a draw of its own."""
    bound = 1 / math.sqrt(size)
    drawn = [torch.rand(size + 1, dtype=torch.float64, generator=generator(seed, "readout", t)) for t in vocabulary]
    numbers = (2 * torch.stack(drawn).numpy() - 1) * bound
    return {"weight": numbers[:, :size], "bias": numbers[:, size]}


def _language_model(output: Float64, reading: Reading) -> Loss:
    """Mean cross-entropy; its gradient by the scores is softmax minus the one-hot target, over T - 1."""
    steps, size = output.shape
    if reading.ids is None:
        raise BadInput("The loss lm predicts the next token out of a vocabulary, and numbers have none; use loss=last.")
    if steps < 2:
        raise BadInput("The loss lm predicts each next token, and a single one has no next; give at least two.")
    count = (steps - 1) * len(reading.vocabulary)
    if count > MOST:
        raise BadInput(
            f"The loss lm would give {count:,} scores ({counted(steps - 1, 'step')} x "
            f"{counted(len(reading.vocabulary), 'different token')}), more than {MOST:,}; shorten the text."
        )
    weights = readout(reading.vocabulary, size, reading.seed)
    targets, places = reading.ids[1:], np.arange(steps - 1)
    scores = output[:-1] @ weights["weight"].T + weights["bias"]  # (T - 1, V)
    with np.errstate(invalid="ignore"):
        scores -= scores.max(axis=1, keepdims=True)
    probabilities = np.exp(scores)
    sums = probabilities.sum(axis=1, keepdims=True)
    value = float(np.mean(np.log(sums[:, 0]) - scores[places, targets]))
    slopes = probabilities / sums
    slopes[places, targets] -= 1
    gradient = np.zeros_like(output)
    gradient[:-1] = slopes @ weights["weight"] / (steps - 1)
    return Loss(value, gradient, places, weights)
