"""Records of how gradients flowed back through time: plain numpy arrays and text, complete in themselves, no torch.

A gradient reaches a state on a few paths: from the loss or the layer above at its own step, and through the equations
that read it, at the same step or at the next. The paths of a state sum to its gradient; whoever holds the record can
walk them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from rnntui.core.trace import Array, Trace
from rnntui.scene import Cursor, Direction


@dataclass(frozen=True)
class Path:
    """One way on which a gradient reaches a state: through the equation of a symbol that reads it."""

    state: str
    via: str
    """The symbol whose equation reads the state: f, o, or c itself."""
    carried: bool
    """True where the equation belongs to the following step, which found the state as its past."""


@dataclass(frozen=True, eq=False)
class PassGradients:
    """The gradients of one layer reading in one direction; rows are token positions in both directions."""

    layer: int
    direction: Direction
    local: Mapping[str, Array]
    """State → (T, H): what the loss, or the layer above, adds at that very step."""
    total: Mapping[str, Array]
    """Symbol → (T, H): dL/dsymbol, for the gates and for the states; of c the part through h = o ⊙ tanh(c) too."""
    paths: Mapping[Path, Array]
    """(T, H) each; with `local` they sum to the total of their state."""
    start: Mapping[Path, Array]
    """(H,) each: the paths on which a gradient reaches the initial state, where the walk back ends."""
    log_norms: Mapping[str, Array]
    """State → (T,): the natural log of ‖dL/dstate‖, also where the norm itself is no float64; -inf where it is 0."""

    def initial(self, state: str) -> Array:
        """dL/dstate of the initial state, (H,): its paths added up."""
        found = [values for path, values in self.start.items() if path.state == state]
        total: Array = np.sum(found, axis=0) if found else np.zeros(self.total[state].shape[1])
        return total

    def norms(self, state: str) -> Array:
        """‖dL/dstate‖ at every step, (T,); 0 below and inf above what a float64 holds."""
        with np.errstate(over="ignore", under="ignore"):
            norms: Array = np.exp(self.log_norms[state])
        return norms


@dataclass(frozen=True, eq=False)
class WeightGradient:
    """The gradient of one parameter: how large, through which gates, and from which steps."""

    name: str
    """torch's."""
    norm: float
    gates: Mapping[str, float]
    """Gate → the norm of its block of rows."""
    shares: Array
    """(T,): what each step adds to the gradient, measured along it; they sum to 1, a share below 0 works against it."""


@dataclass(frozen=True, eq=False)
class Clipped:
    """What clipping does to the gradient of all parameters, taken as one vector."""

    by: str
    """norm or value."""
    limit: float
    before: float
    """The norm before."""
    after: float
    angle: float
    """Degrees between the two; clipping by norm keeps the direction."""
    parts: Mapping[str, tuple[float, float]]
    """torch's name → the norm of its part before and after."""


@dataclass(frozen=True, eq=False)
class Saliency:
    """How much one number of the output depends on every input token."""

    t: int
    unit: int
    """The number: h of the last layer at step t; with two directions the units of the backward one come after."""
    gradients: Array
    """(T, D): its derivative by every input vector."""

    @property
    def norms(self) -> Array:
        """(T,): the norm for every token, also where a square would be no float64."""
        peaks = np.abs(self.gradients).max(axis=1, initial=0.0)
        scale = np.where((peaks > 0) & np.isfinite(peaks), peaks, 1.0)
        with np.errstate(over="ignore"):
            norms: Array = np.linalg.norm(self.gradients / scale[:, None], axis=1) * scale
        return norms


@dataclass(frozen=True, eq=False)
class Gradients:
    """Everything that happened while the gradient of a loss flowed back through a network."""

    trace: Trace
    """The forward pass, in float64."""
    loss: str
    """last, mean, token:T or lm, as in the scene."""
    loss_value: float
    passes: tuple[PassGradients, ...]
    """In torch's order."""
    weights: tuple[WeightGradient, ...]
    saliency: Saliency
    clipped: Clipped | None = None
    reached: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    """(T,): the steps that truncation lets the loss reach; the others are dimmed."""
    dropped: float = 0.0
    """‖gradient that truncation drops‖ / ‖whole gradient‖, of all parameters."""
    overflow: int | None = None
    """The first step, counted on the walk back, whose gradient is no finite float64; its t."""
    lost: int | None = None
    """The t at which the forward pass overflowed, where the loss depends on it: then there is no gradient at all."""
    readout: Mapping[str, Array] = field(default_factory=dict[str, Array])
    """weight (V, H x directions) and bias (V,) of the language model's linear read-out."""
    notices: tuple[str, ...] = ()

    def of(self, layer: int, direction: Direction) -> PassGradients:
        """The gradients of one layer in one direction."""
        return next(one for one in self.passes if one.layer == layer and one.direction == direction)

    @property
    def top(self) -> PassGradients:
        """The last layer's forward pass, whose curve is drawn."""
        return next(one for one in reversed(self.passes) if one.direction == "forward")


@dataclass(frozen=True, eq=False)
class Curve:
    """How one cell's gradient shrinks or grows on its way back, at the scene's settings."""

    cell: str
    states: tuple[str, ...]
    memory: str
    """The state whose curve counts: c of an LSTM, else h."""
    log_norms: Mapping[str, Array]
    """State → (T,), natural logs as in PassGradients."""
    rate: float | None
    """The mean change of ln‖dL/dmemory‖ with each step back; None where there are not two steps to compare.

    None too where a loss adds to it at several steps: then it changes by what is added as well as by what is passed on.
    """
    gate: str | None
    """The gate that keeps the memory, if there is one."""
    gate_alone: Array | None
    """(T,): ln of what that gate alone would leave of the memory's gradient, its values multiplied for each unit.

    The norm of g ⊙ ∏ gate, where g is the gradient at the last step that has one; -inf where `log_norms` is. None where
    g itself is too small for a float64.
    """
    gate_rate: float | None
    """The mean change of that with each step back."""
    added_at: int = 1
    """At how many steps the loss adds to the gradient."""
    overflow: int | None = None
    """As in Gradients."""
    lost: int | None = None
    """As in Gradients."""
    note: str = ""
    """What of the scene's initialisation does not fit this cell and was left out."""

    @property
    def half_life(self) -> float | None:
        """Steps after which half is left, ln 2 / −rate; None where it does not shrink."""
        return _half_life(self.rate)

    @property
    def gate_half_life(self) -> float | None:
        """Steps after which the gate alone would leave half."""
        return _half_life(self.gate_rate)


def _half_life(rate: float | None) -> float | None:
    return float(np.log(2) / -rate) if rate is not None and rate < 0 else None


@dataclass(frozen=True, eq=False)
class Study:
    """What the Gradients screen shows of one scene: its cell's gradients, and the curves of several cells."""

    gradients: Gradients
    curves: tuple[Curve, ...]

    @property
    def trace(self) -> Trace:
        """The forward pass of the scene's own cell."""
        return self.gradients.trace

    @property
    def notices(self) -> tuple[str, ...]:
        """What had to be said about the forward pass and about the gradients."""
        return (*self.trace.notices, *self.gradients.notices)

    def clamp(self, cursor: Cursor) -> Cursor:
        """The nearest cursor that stands in this record; a walk back begins one step past the reading's end."""
        inside = self.trace.clamp(replace(cursor, partial=False))
        if cursor.walk == "forward":
            return inside
        return replace(inside, t=min(max(cursor.t, 0), self.trace.steps + 1))


@dataclass(frozen=True, eq=False)
class Spectrum:
    """How a step stretches: singular values of the recurrent weights and of the step Jacobians, and of their product.

    Of one pass. The state is (h, c) joined for an LSTM, S H numbers in all.
    """

    recurrent: Mapping[str, Array]
    """Gate → the singular values of its block of W_hh, (H,), largest first."""
    radius: Mapping[str, float]
    """Gate → the largest |eigenvalue| of its block."""
    steps: NDArray[np.int64]
    """(K,): the t of the Jacobians d state_t / d state_{t-1} that were looked at, at most what a screen shows."""
    jacobians: Array
    """(K, S H): their singular values, largest first."""
    distances: NDArray[np.int64]
    """(M,): distances from the end, from 1 to T, or as far as is looked back in Jacobians of more than 64 rows."""
    product: Array
    """(M,): ln ‖product of the Jacobians over that distance‖₂, computed in log space."""
    bound: Array
    """(M,): ln of the product of their largest singular values: never below `product`."""
