"""The walk back: from the last step to the first, one multiplication and one matrix product at each.

Several sweeps go back side by side, each over a window of steps of its own. Whatever leaves the range in which a
float64 is safe is renormalised by a power of two, so a gradient may vanish or explode as far as it likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rnntui.core.gradients.linear import LinearStep
from rnntui.core.gradients.scaled import NOTHING, Float64, Int64, Scaled, shifted
from rnntui.core.gradients.windows import Windows

BLOCK: Final = 16
"""How many steps are walked before it is looked at whether the numbers are still safe."""
SAFE: Final = 2.0**300
"""Between 1/SAFE and SAFE the largest number of a vector can be for the next steps to be exact."""


@dataclass(eq=False)
class StepsBack:
    """The steps of a lane, as the windows of several sweeps see them, ready to be gone back through."""

    step: LinearStep
    windows: Windows
    """Of the lane's own rows."""

    def __post_init__(self) -> None:
        step, states = self.step, len(self.step.states)
        sinks = [argument.spread for argument in step.recurrent] + [step.past[state] for state in step.states]
        self.coefficients = self.windows.gather(step.table(sinks, step.sources))  # (steps, sweeps, sinks, sources, H)
        self.compounds = [
            (
                self.windows.gather(step.table([step.arguments[place].spread], states + count)[:, 0]),
                step.lane.weights[step.arguments[place].attribute],
            )
            for count, place in enumerate(step.compounds)
        ]
        self.groups: list[tuple[int, slice, Float64]] = []
        for number, state in enumerate(step.states):
            places = [place for place, argument in enumerate(step.recurrent) if argument.past == state]
            if places:
                matrix = np.concatenate([step.lane.weights[step.recurrent[place].attribute] for place in places])
                self.groups.append((number, slice(places[0], places[-1] + 1), matrix))

    def hand_on(self, place: int, arriving: Float64) -> Float64:
        """What a step gives to the states before it, (sweeps, …, states, H), of what arrives at its sources.

        `arriving` is (sweeps, …, sources, H), given for the states; what comes to the other sources is filled in.
        Where it is not of all sweeps, it is of the first ones.
        """
        states, rows = len(self.step.states), len(self.step.recurrent)
        several = (slice(len(arriving)), *(None,) * (arriving.ndim - 3))
        for source, (slopes, matrix) in enumerate(self.compounds, states):
            before = slopes[place][several] * arriving[..., :source, :]
            arriving[..., source, :] = before.sum(axis=-2) @ matrix
        sums = (self.coefficients[place][several] * arriving[..., None, :, :]).sum(axis=-2)  # (sweeps, …, sinks, H)
        carried: Float64 = sums[..., rows:, :]
        for state, where, matrix in self.groups:
            carried[..., state, :] += sums[..., where, :].reshape(*sums.shape[:-2], -1) @ matrix
        return carried


@dataclass(eq=False)
class Walker:
    """Goes back through a lane and keeps what arrives at every step."""

    steps: StepsBack
    local: Scaled
    """(steps, sweeps, H): what is added to the first state on the way, counted from each window's last step."""

    def __post_init__(self) -> None:
        step = self.steps.step
        self.arriving = np.zeros((*self.local.exponents.shape, step.sources, step.lane.hidden))
        self.exponents = np.zeros_like(self.local.exponents)

    def walk(self) -> Scaled:
        """What arrives at each source at every step, (steps, sweeps, sources, H), counted from the windows' ends.

        What the loss adds is in it; what the same step's other states hand on is not.
        """
        steps, sweeps = self.exponents.shape
        step = self.steps.step
        carried = np.zeros((sweeps, len(step.states), step.lane.hidden))
        level = np.zeros(sweeps, dtype=np.int64)
        with np.errstate(all="ignore"):
            for first in range(0, steps, BLOCK):
                last = min(first + BLOCK, steps)
                after = self._stretch(first, last, carried, level)
                if self._safe(first, last, carried):
                    carried = after
                else:
                    for place in range(first, last):
                        carried, level = self._level(place, carried, level)
                        carried = self._stretch(place, place + 1, carried, level)
                carried, level = normalised(carried, level)
        return Scaled(self.arriving, self.exponents)

    def _stretch(self, first: int, last: int, carried: Float64, level: Int64) -> Float64:
        """Walk some steps at one level; returns what the last of them hands on."""
        states = carried.shape[1]
        self.exponents[first:last] = level
        local = shifted(self.local.values[first:last], self.local.exponents[first:last] - level)
        added: list[bool] = np.any(self.local.values[first:last], axis=(1, 2)).tolist()
        for place in range(first, last):
            arriving = self.arriving[place]  # (sweeps, sources, H)
            arriving[:, :states] = carried
            if added[place - first]:
                arriving[:, 0] += local[place - first]
            carried = self.steps.hand_on(place, arriving)
        return carried

    def _safe(self, first: int, last: int, carried: Float64) -> bool:
        """Whether no number of a stretch was too large or too small, but for the zeros of sweeps that are all zero."""
        peaks = np.abs(self.arriving[first:last]).max(axis=(2, 3))
        alive = carried.any(axis=(1, 2)) | self.local.values[first:last].any(axis=(0, 2))
        return bool((((peaks > 1 / SAFE) & (peaks < SAFE)) | ((peaks == 0) & ~alive)).all())

    def _level(self, place: int, carried: Float64, level: Int64) -> tuple[Float64, Int64]:
        """What is carried, at the level of the larger of it and of what is added at this step."""
        carried, level = normalised(carried, level)
        levels = np.maximum(Scaled(carried, level).levels(), self.local[place].levels())
        levels = np.where(levels == NOTHING, 0, levels)
        return shifted(carried, (level - levels)[:, None]), levels


def normalised(values: Float64, level: Int64) -> tuple[Float64, Int64]:
    """Values (sweeps, …, n) of a level each, with their largest number near 1 where that had gone far from it."""
    axes = tuple(range(1, values.ndim))
    peaks = np.abs(values).max(axis=axes)
    far = (peaks != 0) & np.isfinite(peaks) & ((peaks > SAFE) | (peaks < 1 / SAFE))
    if not far.any():
        return values, level
    moved = np.where(far, np.frexp(peaks)[1], 0)
    return shifted(values, -moved.reshape(-1, *(1,) * (values.ndim - 2))), level + moved
