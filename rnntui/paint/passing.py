"""What a gradient is made of where the walk back stands: what arrives, what is local, what is passed on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnntui.core.flow import PassGradients, Path, Study
from rnntui.core.trace import Array
from rnntui.paint.magnitude import said
from rnntui.scene import Cursor


@dataclass(frozen=True)
class Stop:
    """One layer and direction at the token under the cursor."""

    study: Study
    one: PassGradients
    row: int

    def total(self, state: str) -> Array:
        """dL/dstate, (H,)."""
        total: Array = self.one.total[state][self.row]
        return total

    def local(self, state: str) -> Array:
        """What the loss, or the layer above, adds here, (H,)."""
        local: Array = self.one.local[state][self.row]
        return local

    def paths(self, state: str) -> list[tuple[Path, Array]]:
        """Every path on which a gradient reaches the state here, (H,) each, those of the following step first."""
        found = [(path, values[self.row]) for path, values in self.one.paths.items() if path.state == state]
        return sorted(found, key=lambda one: not one[0].carried)

    def arrives(self, state: str) -> Array:
        """What comes from the following step, (H,)."""
        return self._sum(state, self.row, carried=True)

    def within(self, state: str) -> Array | None:
        """What comes from other states of the same step, (H,), as c's from h; None where no path does."""
        if not self.through(state):
            return None
        return self._sum(state, self.row, carried=False)

    def through(self, state: str) -> str:
        """The other state of the same step that reads this one, as h reads c; empty where none does."""
        return next((path.via for path in self.one.paths if path.state == state and not path.carried), "")

    def passes_on(self, state: str) -> Array:
        """What goes to the state that this step found, (H,)."""
        following = self.onward
        return self.one.initial(state) if following is None else self._sum(state, following, carried=True)

    def exits(self) -> list[tuple[Path, Array]]:
        """The paths on which this step passes its gradient on, (H,) each."""
        following = self.onward
        if following is None:
            return list(self.one.start.items())
        return [(path, values[following]) for path, values in self.one.paths.items() if path.carried]

    def beyond(self, state: str) -> str:
        """That the gradient itself is too small or too large for a float64, as its parts read then; empty else."""
        total, ln = self.total(state), float(self.one.log_norms[state][self.row])
        if not np.isfinite(ln) or (total.any() and np.isfinite(total).all()):
            return ""
        what = "too small for a float64: its parts read 0" if ln < 0 else "beyond float64: its parts read ∞"
        return f"‖∂L/∂{state}‖ is {said(ln)}, {what}."

    @property
    def onward(self) -> int | None:
        """The row that the gradient goes to from here; None where that is the initial state."""
        following = self.row - 1 if self.one.direction == "forward" else self.row + 1
        return following if 0 <= following < self.study.trace.steps else None

    @property
    def reached(self) -> bool:
        """Whether truncation lets the loss come here."""
        return self.study.gradients.reached.size == 0 or bool(self.study.gradients.reached[self.row])

    def _sum(self, state: str, row: int, carried: bool) -> Array:
        total: Array = np.zeros(self.study.trace.hidden)
        for path, values in self.one.paths.items():
            if path.state == state and path.carried == carried:
                total = total + values[row]
        return total


@dataclass(frozen=True)
class Beginning:
    """One layer and direction at its initial state, where the walk back ends."""

    study: Study
    one: PassGradients

    def total(self, state: str) -> Array:
        """dL/dstate, (H,)."""
        return self.one.initial(state)

    def paths(self, state: str) -> list[tuple[Path, Array]]:
        """Every path on which a gradient reaches the state, (H,) each."""
        return [(path, values) for path, values in self.one.start.items() if path.state == state]


def beginning(study: Study, cursor: Cursor) -> Beginning | None:
    """The initial state, once the walk has come to it; None elsewhere, and while the forward pass is stepped."""
    if cursor.walk == "forward" or study.trace.steps_read(cursor):
        return None
    return Beginning(study, study.gradients.of(cursor.layer, cursor.direction))


def stop(study: Study, cursor: Cursor) -> Stop | None:
    """Where the walk stands; None at the loss, at the initial state, and while the forward pass is stepped."""
    row = study.trace.row(cursor)
    if row is None or cursor.walk == "forward":
        return None
    return Stop(study, study.gradients.of(cursor.layer, cursor.direction), row)


def lost(study: Study) -> str:
    """Why there is no gradient at all; empty where there is one."""
    t = study.gradients.lost
    return "" if t is None else f"The forward pass overflows at t = {t}: the loss has no gradient."


def ln_norm(vector: Array) -> float:
    """Ln of a vector's norm, also where a square would be no float64; -inf for zeros."""
    largest = float(np.abs(vector).max(initial=0.0))
    if largest == 0 or not np.isfinite(largest):
        return float(np.log(largest)) if largest else float("-inf")
    return float(np.log(largest) + np.log(np.linalg.norm(vector / largest)))


def walked(study: Study, cursor: Cursor) -> int:
    """How many tokens the gradient has reached: 0 at the loss, T at the initial state."""
    if cursor.walk == "forward":
        return 0
    return min(study.trace.steps, study.trace.steps + 1 - study.trace.steps_read(cursor))
