"""Vectors of any size: a gradient that has vanished to 1e-3000, or exploded to 1e+4000, is still a number here.

A float64 ends at 1e-308 and 1e+308. A power of two for each vector, kept beside it, moves that limit out of sight, and
multiplying by a power of two is exact, so inside the limits nothing changes, not even the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
Int64 = NDArray[np.int64]

NOTHING: Final = -(2**40)
"""The level of a vector of zeros: below every other."""
FURTHEST: Final = 4000
"""A shift of the exponent by which any float64 becomes 0 or inf."""


@dataclass(frozen=True, eq=False)
class Scaled:
    """Vectors v · 2ᵉ: values (…, n) and one exponent for each, (…)."""

    values: Float64
    exponents: Int64

    @classmethod
    def of(cls, values: Float64) -> Scaled:
        """Plain numbers as they are."""
        return cls(values, np.zeros(values.shape[:-1], dtype=np.int64))

    def __getitem__(self, place: int | slice | tuple[int | slice, ...]) -> Scaled:
        return Scaled(self.values[place], self.exponents[place])

    def plain(self) -> Float64:
        """The numbers as float64: 0 where they are too small for one, ±inf where they are too large."""
        return shifted(self.values, self.exponents)

    def scaled(self, factors: Float64 | float) -> Scaled:
        """Every element times a factor."""
        return Scaled(self.values * factors, self.exponents)

    def times(self, matrix: Float64) -> Scaled:
        """Every vector, as a row, times a matrix."""
        return Scaled(self.values @ matrix, self.exponents)

    def __add__(self, other: Scaled) -> Scaled:
        if np.array_equal(self.exponents, other.exponents):
            return Scaled(self.values + other.values, self.exponents)
        exponents = np.maximum(self.levels(), other.levels())
        here = shifted(self.values, self.exponents - exponents)
        there = shifted(other.values, other.exponents - exponents)
        return Scaled(here + there, np.where(exponents == NOTHING, 0, exponents))

    def levels(self) -> Int64:
        """The exponents, and `NOTHING` for a vector of zeros."""
        axes = tuple(range(self.exponents.ndim, self.values.ndim))
        return np.where(self.values.any(axis=axes), self.exponents, NOTHING)

    def at_one_level(self) -> tuple[Float64, int]:
        """All values under the largest of the exponents, and that exponent."""
        level = int(self.levels().max(initial=NOTHING))
        if level == NOTHING:
            return self.values, 0
        return shifted(self.values, self.exponents - level), level

    def log_norms(self) -> Float64:
        """Logarithm of each Euclidean norm, (…): -inf for zeros, inf for what is no number any more; never a NaN."""
        peaks = np.abs(self.values).max(axis=-1, initial=0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            norms = np.linalg.norm(self.values / peaks[..., None], axis=-1)
            logs = np.log(peaks) + np.log(norms) + self.exponents * np.log(2)
        return np.where(peaks == 0, -np.inf, np.where(np.isfinite(peaks), logs, np.inf))


def shifted(values: Float64, exponents: Int64) -> Float64:
    """Vectors (…, n) times two to the power of their exponents (…)."""
    if not exponents.any():
        return values
    with np.errstate(over="ignore", under="ignore"):
        moved: Float64 = np.ldexp(values, np.clip(exponents, -FURTHEST, FURTHEST)[..., None])
    return moved
