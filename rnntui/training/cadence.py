"""When it is time to look at a training, to validate its model, and to keep it.

By the seconds that it has spent: its clock stands still while nobody asks for the next snapshot.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from rnntui.training.checkpoints import SPACING

VALIDATIONS: Final = 20
"""How often the validation text is read at most."""
APART: Final = 25
"""How many updates lie between two of these times at least."""
SAMPLE_SECONDS: Final = 1.5
"""Between two samples at least; who asks for a single step sees what it changes."""
MEASURE_SECONDS: Final = 0.5
"""Between two updates at least that are measured against the weights; who goes step by step sees every one."""
SAMPLE_SHARE: Final = 0.02
"""The share of the time that samples may take; on a slow machine they come less often."""
SAVE_SECONDS: Final = 5.0
"""Between two checkpoints."""
FIRST_SAVE: Final = 16
"""The step of the first checkpoint after the initial one; each after it comes half as many steps later, or sooner."""


class Due(NamedTuple):
    """What comes with an update."""

    validation: bool
    sample: bool
    """And the reading of the fixed sentence."""
    snapshot: bool
    measurement: bool
    """Of the update against the weights."""


class Cadence:
    """The clock of a training of so many steps, and what was done at what time by it."""

    def __init__(self, steps: int, seconds: float) -> None:
        self._steps = steps
        self.seconds = seconds
        """Of the whole run."""
        self.stretch = 0.0
        """Seconds since it was begun or resumed."""
        self._sample_at, self._measure_at, self._saved_at, self._seen_at = 0.0, 0.0, 0.0, -math.inf

    def spend(self, seconds: float) -> None:
        """Let the clock go on."""
        self.seconds += seconds
        self.stretch += seconds

    def due(self, step: int, pace: float) -> Due:
        """What comes with the update that makes this step, where `pace` seconds lie between two snapshots."""
        validation = step == self._steps or step % max(APART, self._steps // VALIDATIONS) == 0
        sample = validation or self.seconds >= self._sample_at
        snapshot = sample or self.seconds - self._seen_at >= pace
        measurement = sample or (snapshot and (self.seconds >= self._measure_at or not pace))
        if measurement:
            self._measure_at = self.seconds + MEASURE_SECONDS
        return Due(validation, sample, snapshot, measurement)

    def saves(self, step: int, saved_step: int) -> bool:
        """Whether a checkpoint is due after this step, the newest being of `saved_step`."""
        grown = step >= max(FIRST_SAVE, saved_step * SPACING)
        return step >= self._steps or grown or self.seconds - self._saved_at >= SAVE_SECONDS

    def sampled(self, spent: float) -> None:
        """A sample was made, in so many seconds."""
        self._sample_at = self.seconds + max(SAMPLE_SECONDS, spent / SAMPLE_SHARE)

    def sample_soon(self) -> None:
        """With the next update, a sample."""
        self._sample_at = 0.0

    def seen(self) -> None:
        """A snapshot was shown."""
        self._seen_at = self.seconds

    def saved(self) -> None:
        """A checkpoint was written, or found."""
        self._saved_at = self.seconds
