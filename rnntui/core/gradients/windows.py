"""Which steps each sweep of backpropagation goes through: all of them, or k2 back from every k1-th (truncated BPTT).

Williams & Peng 1990: the sweeps start at T, T - k1, T - 2 k1, …; each takes the loss terms of its own k1 steps and goes
back k2 steps. Nothing crosses a window, in no layer and no direction. What is counted from a window's last step
backwards has the shape (steps, sweeps, …) here; windows that are shorter, at the beginning of the text, come last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rnntui.core.gradients.scaled import NOTHING, Float64, Int64, Scaled, shifted

Kind = TypeVar("Kind", np.float64, np.int64, np.bool_)


@dataclass(frozen=True, eq=False)
class Windows:
    """A window of rows for each of several sweeps over a lane of T rows."""

    total: int
    """T"""
    last: Int64
    """(sweeps,) the last row of each window."""
    lengths: Int64
    """(sweeps,)"""

    @classmethod
    def whole(cls, total: int, sweeps: int = 1) -> Windows:
        """Sweeps that go all the way back."""
        return cls(total, np.full(sweeps, total - 1), np.full(sweeps, total))

    @classmethod
    def truncated(cls, total: int, back: int, every: int) -> Windows:
        """Sweeps that start at T, T - every, …, and go back so many steps each."""
        last = np.arange(total - 1, -1, -every)
        return cls(total, last, np.minimum(last + 1, back))

    def first(self, count: int) -> Windows:
        """Those of so many sweeps only."""
        return Windows(self.total, self.last[:count], self.lengths[:count])

    @property
    def steps(self) -> int:
        """The length of the longest."""
        return int(self.lengths.max())

    @property
    def rows(self) -> Int64:
        """(steps, sweeps) the row of each step; beyond the end of a shorter window, no row of it."""
        return self.last - np.arange(self.steps)[:, None]

    @property
    def inside(self) -> NDArray[np.bool_]:
        """(steps, sweeps) whether the step is in the window."""
        return np.arange(self.steps)[:, None] < self.lengths

    def own(self, every: int) -> NDArray[np.bool_]:
        """(steps, sweeps) whether the step is in the window and among the last `every`, whose loss the sweep takes."""
        return self.inside & (np.arange(self.steps)[:, None] < every)

    def mirrored(self) -> Windows:
        """The same steps as rows of a lane that reads the other way."""
        return Windows(self.total, self.total - 1 - self.last + self.lengths - 1, self.lengths)

    def flipped(self, values: NDArray[Kind]) -> NDArray[Kind]:
        """(steps, sweeps, …) counted from each window's other end."""
        steps = np.arange(self.steps)[:, None]
        order = np.where(self.inside, self.lengths - 1 - steps, steps)
        if (order == order[:, :1]).all():
            return values[order[:, 0]]
        return np.take_along_axis(values, order.reshape(order.shape + (1,) * (values.ndim - 2)), axis=0)

    def gather(self, values: Float64) -> Float64:
        """Rows of a lane, (T, …), as steps of the windows, (steps, sweeps, …), and 0 outside.

        Where all windows are one and the same, so is what they see: (steps, 1, …).
        """
        if (self.last == self.last[0]).all() and (self.lengths == self.lengths[0]).all():
            return values[self.last[0] - self.lengths[0] + 1 : self.last[0] + 1][::-1, None]
        inside = self.inside.reshape(self.inside.shape + (1,) * (values.ndim - 1))
        return np.where(inside, values[np.maximum(self.rows, 0)], 0.0)

    def summed(self, found: Scaled, chosen: NDArray[np.bool_]) -> Scaled:
        """What the sweeps found, (steps, sweeps, n), added up for each row of the lane, (T, n), where `chosen`."""
        rows, values, exponents = self.rows[chosen], found.values[chosen], found.levels()[chosen]
        highest = np.full(self.total, NOTHING)
        np.maximum.at(highest, rows, exponents)
        sums = np.zeros((self.total, found.values.shape[-1]))
        np.add.at(sums, rows, shifted(values, exponents - highest[rows]))
        return Scaled(sums, np.where(highest == NOTHING, 0, highest))
