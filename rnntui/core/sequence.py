"""What a layer reads: one vector a step, kept as ids where it is one-hot, so that a long text stays small."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Dense:
    """T input vectors that are given whole."""

    vectors: Tensor
    """(T, D)"""

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def size(self) -> int:
        """D"""
        return self.vectors.shape[1]

    @property
    def dtype(self) -> torch.dtype:
        """The kind of number that it is read in."""
        return self.vectors.dtype

    def rows(self) -> Tensor:
        """The vectors, (T, D)."""
        return self.vectors

    def times(self, matrices: Tensor, biases: Tensor) -> Tensor:
        """Every matrix times every vector, and a bias: (G, H, D) and (G, H) to (G, T, H)."""
        count = len(matrices)
        return torch.baddbmm(biases[:, None], self.vectors.expand(count, *self.vectors.shape), matrices.mT)

    def reversed(self) -> Dense:
        """The same vectors from the last to the first."""
        return Dense(self.vectors.flip(0))

    def since(self, steps: int) -> Dense:
        """The same without its first steps."""
        return Dense(self.vectors[steps:])

    def chunks(self, steps: int) -> Iterator[Dense]:
        """The same in pieces of so many steps."""
        return map(Dense, torch.split(self.vectors, steps))


@dataclass(frozen=True, eq=False)
class OneHot:
    """T input vectors with a single 1 in each."""

    ids: Tensor
    """(T,) the column that is 1."""
    size: int
    """D"""
    dtype: torch.dtype

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self) -> Tensor:
        """The vectors, (T, D)."""
        return torch.zeros(len(self.ids), self.size, dtype=self.dtype).scatter_(1, self.ids[:, None], 1)

    def times(self, matrices: Tensor, biases: Tensor) -> Tensor:
        """Every matrix times every vector, and a bias, by looking columns up: (G, H, D) and (G, H) to (G, T, H)."""
        return (matrices.mT + biases[:, None]).index_select(1, self.ids)

    def reversed(self) -> OneHot:
        """The same vectors from the last to the first."""
        return OneHot(self.ids.flip(0), self.size, self.dtype)

    def since(self, steps: int) -> OneHot:
        """The same without its first steps."""
        return OneHot(self.ids[steps:], self.size, self.dtype)

    def chunks(self, steps: int) -> Iterator[OneHot]:
        """The same in pieces of so many steps."""
        return (OneHot(ids, self.size, self.dtype) for ids in torch.split(self.ids, steps))


Sequence = Dense | OneHot
