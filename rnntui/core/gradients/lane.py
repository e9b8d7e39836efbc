"""One pass of a network, in the order in which it read: what its gradients are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnntui.core.equations import Cell
from rnntui.core.gradients.scaled import Float64, Int64
from rnntui.scene import Direction


@dataclass(frozen=True, eq=False)
class Rows:
    """Vectors, one a step, (T, D)."""

    vectors: Float64

    @property
    def size(self) -> int:
        """D"""
        return int(self.vectors.shape[1])

    def reversed(self) -> Rows:
        """The same from the last to the first."""
        return Rows(self.vectors[::-1])

    def through(self, matrix: Float64) -> Float64:
        """A matrix (H, D) times every vector, (T, H)."""
        return self.vectors @ matrix.T

    def outer(self, columns: Float64) -> Float64:
        """Σₜ columnₜ vectorₜᵀ, (H, D)."""
        return columns.T @ self.vectors

    def whole(self) -> Float64:
        """The vectors themselves, (T, D)."""
        return self.vectors


@dataclass(frozen=True, eq=False)
class OneHotRows:
    """Vectors with a single 1 in each, (T, D), kept as the ids of their columns, (T,)."""

    ids: Int64
    size: int

    def reversed(self) -> OneHotRows:
        """The same from the last to the first."""
        return OneHotRows(self.ids[::-1], self.size)

    def through(self, matrix: Float64) -> Float64:
        """A matrix (H, D) times every vector, (T, H): its columns looked up."""
        return matrix.T[self.ids]

    def outer(self, columns: Float64) -> Float64:
        """Σₜ columnₜ vectorₜᵀ, (H, D)."""
        sums = np.zeros((self.size, columns.shape[1]))
        np.add.at(sums, self.ids, columns)
        return sums.T

    def whole(self) -> Float64:
        """The vectors themselves, (T, D)."""
        return np.eye(self.size)[self.ids]


Vectors = Rows | OneHotRows


@dataclass(frozen=True, eq=False)
class Lane:
    """One layer reading in one direction; every row is a step, in the order of reading."""

    cell: Cell
    layer: int
    direction: Direction
    x: Vectors
    values: Mapping[str, Float64]
    """Symbol → (T, H)."""
    before: Mapping[str, Float64]
    """State → (T, H), as each step found it."""
    weights: Mapping[str, Float64]
    """The attribute of W → its block, (H, D) or (H, H) or (H,)."""
    free: Mapping[str, Float64] = field(default_factory=dict[str, Float64])
    """Symbol that is held by hand somewhere → 1 where it was computed and 0 where it was held, (T, H)."""

    @property
    def steps(self) -> int:
        """T"""
        return len(self.values[self.cell.states[0]])

    @property
    def hidden(self) -> int:
        """H"""
        return int(self.values[self.cell.states[0]].shape[1])

    def of_tokens(self, rows: Float64) -> Float64:
        """Rows of this lane in the order of the tokens, and the other way round."""
        return rows if self.direction == "forward" else rows[::-1]
