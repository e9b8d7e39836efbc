"""Adam with decoupled weight decay, on all parameters as one vector: five lines of arithmetic, and nothing is hidden.

(Kingma & Ba 2015; Loshchilov & Hutter 2019.) `torch.optim` does the same, to which tests hold this, but takes a second
and a half and 800 modules to start, because it brings torch's compiler along.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor

BETAS: Final = (0.9, 0.99)
"""How much of the mean gradient, and of the mean squared gradient, stays at each update."""
EPSILON: Final = 1e-8
ALIGNED: Final = 16
"""Every parameter starts at a multiple of so many numbers, where a processor reads fastest."""


class AdamW:
    """Parameters side by side in one vector, their gradient in another, and the two means of it."""

    def __init__(self, parameters: Mapping[str, Tensor], weight_decay: float) -> None:
        starts, size = [], 0
        for values in parameters.values():
            starts.append(size)
            size += -(-values.numel() // ALIGNED) * ALIGNED
        self._values, self._gradient = torch.zeros(size), torch.zeros(size)
        self.first, self.second = torch.zeros(size), torch.zeros(size)
        """The mean gradient and the mean squared gradient, (all parameters,)."""
        self._decay = weight_decay
        self.parameters: dict[str, Tensor] = {}
        """The same parameters as leaves of the graph: views of the vector."""
        for start, (name, given) in zip(starts, parameters.items(), strict=True):
            place = slice(start, start + given.numel())
            leaf = self._values[place].view(given.shape)
            leaf.copy_(given)
            leaf.requires_grad_()
            leaf.grad = self._gradient[place].view(given.shape)
            self.parameters[name] = leaf

    def gradient(self, loss: Tensor) -> float:
        """Work out the gradient of a loss; the answer is its norm."""
        self._gradient.zero_()
        loss.backward()  # type: ignore[no-untyped-call]
        return float(self._gradient.norm())

    def clip(self, norm: float, limit: float) -> None:
        """Shorten the gradient, which has this norm, to the limit where it is longer; its direction stays."""
        if norm > limit:
            self._gradient.mul_(limit / (norm + 1e-6))

    @torch.no_grad()
    def update(self, step: int, rate: float) -> None:
        """Move the parameters against the gradient; `step` counts from 1, for the means begin at zero."""
        keep, keep_squared = BETAS
        self.first.lerp_(self._gradient, 1 - keep)
        self.second.mul_(keep_squared).addcmul_(self._gradient, self._gradient, value=1 - keep_squared)
        spread = self.second.sqrt().div_(math.sqrt(1 - keep_squared**step)).add_(EPSILON)
        self._values.mul_(1 - rate * self._decay)
        self._values.addcdiv_(self.first, spread, value=-rate / (1 - keep**step))
