"""The weights of a network before any training: torch's distribution, but a draw that editing a text does not disturb.

Every parameter has its own generator, seeded by a stable hash of the seed and torch's name; every input column by
(seed, name, token). So the distribution is torch's and the order of drawing is ours. All is drawn in float64.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import torch
from torch import Tensor

from rnntui.core.parameters import Network


def generator(*key: object) -> torch.Generator:
    """A generator of its own for whatever the key names, the same on every machine and in every process."""
    digest = hashlib.sha256("\0".join(map(str, key)).encode("utf-8")).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little"))


def draw(network: Network, seed: int, tokens: Sequence[str] | None) -> dict[str, Tensor]:
    """Draw as torch does, U(-1/√H, 1/√H) for every parameter.

    `tokens` name the columns of the first layer's input matrices, or None where columns are no tokens.
    """
    bound = 1 / math.sqrt(network.hidden)
    of_tokens = network.input_matrices if tokens is not None else ()
    drawn: dict[str, Tensor] = {}
    for name, shape in network.shapes.items():
        if tokens is not None and name in of_tokens:
            values = torch.empty(len(tokens), shape[0], dtype=torch.float64)
            for column, token in zip(values, tokens, strict=True):
                torch.rand(shape[0], generator=generator(seed, name, token), out=column)
            values = values.T.contiguous()
        else:
            values = torch.rand(shape, dtype=torch.float64, generator=generator(seed, name))
        drawn[name] = values.mul_(2).sub_(1).mul_(bound)
    return drawn


def input_vectors(tokens: Sequence[str], size: int, seed: int) -> Tensor:
    """A random vector for each token, N(0, 1), (tokens, size): the same whatever else is in the text."""
    rows = [torch.randn(size, dtype=torch.float64, generator=generator(seed, "input", token)) for token in tokens]
    return torch.stack(rows)
