"""The walk back: from the last step to the first, one multiplication and one matrix product at each.

Several sweeps go back side by side, each over a window of steps of its own. Whatever leaves the range in which a
float64 is safe is renormalised by a power of two, so a gradient may vanish or explode as far as it likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rnntui.core.gradients.linear import LinearStep, Spread
from rnntui.core.gradients.scaled import NOTHING, Float64, Int64, Scaled, shifted
from rnntui.core.gradients.windows import Windows

BLOCK: Final = 16
"""How many steps are walked before it is looked at whether the numbers are still safe."""
SAFE: Final = 2.0**300
"""Between 1/SAFE and SAFE the largest number of a vector can be for the next steps to be exact."""


@dataclass(frozen=True, eq=False)
class Way:
    """How a state of the step before gets its gradient from the sinks of a step."""

    state: int
    through: slice
    """The sinks that go through matrices."""
    matrix: Float64 | None
    """Those matrices, one below the other, (sinks x H, H)."""
    kept: int | None
    """The sink that is this state itself."""


@dataclass(eq=False)
class StepsBack:
    """The steps of a lane, as the windows of several sweeps see them, ready to be gone back through."""

    step: LinearStep
    windows: Windows
    """Of the lane's own rows."""
    vectors: bool = False
    """True where each sweep carries several vectors, so that there is one more axis."""

    def __post_init__(self) -> None:
        step, weights = self.step, self.step.lane.weights
        sinks = [argument.spread for argument in step.recurrent]
        self.ways: list[Way] = []
        for number, state in enumerate(step.states):
            places = [place for place, argument in enumerate(step.recurrent) if argument.past == state]
            matrices = [weights[step.recurrent[place].attribute] for place in places]
            through = slice(places[0], places[-1] + 1) if places else slice(0)
            kept = len(sinks) if step.past[state] else None
            sinks += [step.past[state]] if step.past[state] else []
            self.ways.append(Way(number, through, np.concatenate(matrices) if matrices else None, kept))
        self.coefficients = self._seen(sinks, step.sources)
        self.compounds = [
            (self._seen([step.arguments[place].spread], source), step.arguments[place].matrix)
            for source, place in enumerate(step.compounds, len(step.states))
        ]
        self.rows = np.maximum(self.windows.rows, 0)

    def _seen(self, spreads: list[Spread], sources: int) -> list[Float64]:
        """For each step the coefficients, (spreads, sources, sweeps, H), or (…, sweeps, 1, H)."""
        seen = np.moveaxis(self.windows.gather(self.step.table(spreads, sources)), 1, -2)
        return list(seen[..., None, :] if self.vectors else seen)

    def hand_on(self, place: int, arriving: Float64, handed: Float64) -> None:
        """Give what arrives at a step's sources to the states before it.

        `arriving` is (sources, sweeps, …, H), known for the states; what comes to the other sources is filled in, and
        so is `handed`, (states, sweeps, …, H).
        """
        for source, (slopes, matrix) in enumerate(self.compounds, len(handed)):
            spread = np.add.reduce(slopes[place][0] * arriving[:source], axis=0)
            if matrix.ndim == 2:
                np.matmul(spread, matrix, out=arriving[source])
            else:  # a Jacobian of each sweep's own row
                own = spread if self.vectors else spread[:, None]
                arriving[source] = (own @ matrix[self.rows[place]]).reshape(spread.shape)
        spread = self.coefficients[place] * arriving  # (sinks, sources, sweeps, …, H)
        sums: Float64 = np.add.reduce(spread, axis=1) if len(arriving) > 1 else spread[:, 0]
        for way in self.ways:
            state = handed[way.state]
            if way.matrix is not None:
                width, hidden = way.matrix.shape
                side_by_side = sums[way.through].reshape(width // hidden, -1, hidden).swapaxes(0, 1).reshape(-1, width)
                np.matmul(side_by_side, way.matrix, out=state.reshape(-1, hidden))
                if way.kept is not None:
                    state += sums[way.kept]
            else:
                state[...] = 0 if way.kept is None else sums[way.kept]


@dataclass(eq=False)
class Walker:
    """Goes back through a lane and keeps what arrives at every step."""

    steps: StepsBack
    local: Scaled
    """(steps, sweeps, H): what is added to the first state on the way, counted from each window's last step."""

    def __post_init__(self) -> None:
        step = self.steps.step
        steps, sweeps = self.local.exponents.shape
        self.arriving = np.zeros((steps, step.sources, sweeps, step.lane.hidden))
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
        return Scaled(self.arriving.swapaxes(1, 2), self.exponents)

    def _stretch(self, first: int, last: int, carried: Float64, level: Int64) -> Float64:
        """Walk some steps at one level from what is carried, (sweeps, states, H); returns what is carried then."""
        states = carried.shape[1]
        self.exponents[first:last] = level
        local = shifted(self.local.values[first:last], self.local.exponents[first:last] - level)
        added: list[bool] = np.any(local, axis=(1, 2)).tolist()
        self.arriving[first, :states] = carried.swapaxes(0, 1)
        after = np.empty((states, len(carried), carried.shape[2]))
        for place in range(first, last):
            arriving = self.arriving[place]  # (sources, sweeps, H)
            if added[place - first]:
                arriving[0] += local[place - first]
            self.steps.hand_on(place, arriving, self.arriving[place + 1, :states] if place + 1 < last else after)
        return after.swapaxes(0, 1)

    def _safe(self, first: int, last: int, carried: Float64) -> bool:
        """Whether no number of a stretch was too large or too small, but for the zeros of sweeps that are all zero."""
        peaks = np.abs(self.arriving[first:last]).max(axis=(1, 3))
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
