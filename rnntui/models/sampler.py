"""Writes text one character at a time, in numpy: at batch 1, torch spends its time on everything but the arithmetic.

Each character's part of the pre-activations is looked up in a table, and σ(z) = ½ tanh(z/2) + ½ lets one call of tanh
do for all gates; the halves are put into the weights beforehand. Logits equal torch's to 1e-6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rnntui.errors import BadInput

Floats = NDArray[np.float32]
HALVED: Final = {
    "lstm": (0.5, 0.5, 1.0, 0.5),
    "gru": (0.5, 0.5, 1.0),
    "gru-reset-before": (0.5, 0.5, 1.0),
    "rnn": (1.0,),
    "rnn-relu": (1.0,),
}
"""For each gate in torch's order, ½ where it is a σ and 1 where it is a tanh."""


@dataclass(frozen=True)
class Taste:
    """How the next character is chosen from the model's chances. Raises BadInput for a number that does not fit."""

    temperature: float = 0.8
    """0 is always the likeliest, 1 is the model's own chances, more is bolder."""
    top_k: int = 0
    """Only the k likeliest; 0 is all."""
    top_p: float = 1.0
    """Only the likeliest that together have this chance."""

    def __post_init__(self) -> None:
        """Refuse what makes no chances."""
        if not 0 <= self.temperature <= 100:
            raise BadInput(f"The temperature {self.temperature} is outside 0…100; 1 is the model's own chances.")
        if self.top_k < 0:
            raise BadInput(f"top-k = {self.top_k} is negative; 0 keeps all characters.")
        if not 0 < self.top_p <= 1:
            raise BadInput(f"top-p = {self.top_p} is not above 0 and at most 1; 1 keeps all characters.")

    def chances(self, logits: Floats) -> NDArray[np.float64]:
        """The chance of every character, (V,), summing up to 1."""
        weights = self.weights(logits)
        found: NDArray[np.float64] = weights / weights.sum()
        return found

    def weights(self, logits: Floats) -> NDArray[np.float64]:
        """The same before they sum up to 1; of two equal ones at a border, the first is kept."""
        if self.temperature == 0:
            only: NDArray[np.float64] = np.eye(1, len(logits), int(logits.argmax()))[0]
            return only
        scaled: NDArray[np.float64] = np.subtract(logits, logits.max(), dtype=np.float64)
        scaled /= max(self.temperature, 1e-6)
        np.exp(scaled, out=scaled)
        if self.top_k or self.top_p < 1:
            order = np.argsort(-scaled, kind="stable")
            sums = np.cumsum(scaled[order])
            kept = int(np.searchsorted(sums, self.top_p * sums[-1])) + 1
            kept = min(kept, self.top_k or kept)
            scaled[order[kept:]] = 0
        return scaled


class Sampler:
    """A character model that has read something, and can read or write on."""

    def __init__(self, cell: str, parameters: Mapping[str, Floats]) -> None:
        self._step = STEPS[cell]
        self._layers: list[tuple[Floats, Floats, Floats, Floats]] = []
        while (name := f"weight_hh_l{len(self._layers)}") in parameters:
            self._layers.append(_prepared(cell, parameters, len(self._layers), parameters[name]))
        hidden = parameters["weight_hh_l0"].shape[1]
        self._readout = parameters["readout.weight" if "readout.weight" in parameters else "embedding.weight"]
        self._bias = parameters["readout.bias"]
        self._states = [(np.zeros(hidden, np.float32), np.zeros(hidden, np.float32)) for _ in self._layers]

    def read(self, character: int) -> Floats:
        """Read one character by its id; the answer is what is expected next, as logits (V,)."""
        x: Floats = self._bias
        for place, (of_x, b, of_h, b_h) in enumerate(self._layers):
            a = of_x @ x + b if place else of_x[character]
            self._states[place] = self._step(a, of_h, b_h, *self._states[place])
            x = self._states[place][0]
        logits: Floats = self._readout @ x + self._bias
        return logits

    def write(self, prime: Sequence[int], taste: Taste, seed: int) -> Iterator[int]:
        """Read these characters, at least one, then write on without end: the same seed, the same characters."""
        return write(self.read, prime, taste, seed)


def write(read: Callable[[int], Floats], prime: Sequence[int], taste: Taste, seed: int) -> Iterator[int]:
    """The characters that are chosen one after the other; `read` reads one and says what is expected next."""
    source = np.random.default_rng(seed)
    for character in prime[:-1]:
        read(character)
    following = prime[-1]
    while True:
        sums = taste.weights(read(following)).cumsum()
        following = min(int(sums.searchsorted(source.random() * sums[-1], side="right")), len(sums) - 1)
        yield following


def _prepared(
    cell: str, parameters: Mapping[str, Floats], layer: int, of_h: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """W_ih (for layer 0 a table by character), the biases beside it, W_hh and those beside it, with their halves."""
    of_x, b_i, b_h = (parameters[f"{kind}_l{layer}"] for kind in ("weight_ih", "bias_ih", "bias_hh"))
    halves = np.repeat(np.array(HALVED[cell], np.float32), of_h.shape[1])
    b = b_i if cell == "gru" else b_i + b_h
    if layer == 0:
        vectors = parameters.get("embedding.weight")
        of_x = (of_x.T if vectors is None else vectors @ of_x.T) + b
        return np.ascontiguousarray(of_x * halves), b * halves, of_h * halves[:, None], b_h * halves
    return of_x * halves[:, None], b * halves, of_h * halves[:, None], b_h * halves


def _lstm(a: Floats, of_h: Floats, _: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats]:
    z = np.tanh(of_h @ h + a).reshape(4, -1)
    sigmoids = z * np.float32(0.5) + np.float32(0.5)
    c = sigmoids[1] * c + sigmoids[0] * z[2]
    return sigmoids[3] * np.tanh(c), c


def _gru(a: Floats, of_h: Floats, b_h: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats]:
    size = 2 * len(h)
    u = of_h @ h + b_h
    r, z = (np.tanh(u[:size] + a[:size]) * np.float32(0.5) + np.float32(0.5)).reshape(2, -1)
    n = np.tanh(a[size:] + r * u[size:])
    return n + z * (h - n), c


def _gru_reset_before(a: Floats, of_h: Floats, _: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats]:
    size = 2 * len(h)
    r, z = (np.tanh(of_h[:size] @ h + a[:size]) * np.float32(0.5) + np.float32(0.5)).reshape(2, -1)
    n = np.tanh(of_h[size:] @ (r * h) + a[size:])
    return n + z * (h - n), c


def _rnn(a: Floats, of_h: Floats, _: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats]:
    return np.tanh(of_h @ h + a), c


def _rnn_relu(a: Floats, of_h: Floats, _: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats]:
    return np.maximum(of_h @ h + a, 0), c


Step = Callable[[Floats, Floats, Floats, Floats, Floats], tuple[Floats, Floats]]
STEPS: Final[Mapping[str, Step]] = {
    "lstm": _lstm,
    "gru": _gru,
    "gru-reset-before": _gru_reset_before,
    "rnn": _rnn,
    "rnn-relu": _rnn_relu,
}
"""Cell → one step: (x's part, W_hh, b_hh, h, c) to (h, c); only an LSTM has a c."""
