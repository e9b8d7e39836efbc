"""From a scene to the record of its gradients: the loss's sweep back, what truncation and clipping do, saliency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from rnntui.core.flow import Gradients, PassGradients, Saliency
from rnntui.core.gradients.adjoint import Sweeps
from rnntui.core.gradients.backprop import Linearised, inputs, linearised
from rnntui.core.gradients.clipping import clip
from rnntui.core.gradients.losses import Loss, Reading, loss, pick
from rnntui.core.gradients.scaled import Float64
from rnntui.core.gradients.weights import ParameterGradient, as_one_vector, parameter_gradients
from rnntui.core.gradients.windows import Windows
from rnntui.core.loops import LOOPS
from rnntui.core.prepare import Prepared, prepare, refuse_too_long
from rnntui.core.touched import run_touched
from rnntui.core.unroll import Values, run
from rnntui.errors import BadInput, counted
from rnntui.scene import Scene

MOST: Final = 2**24
"""How many numbers the gradients of a network, or of one input, may have."""
NOTHING_MUCH: Final = 1e-12
"""The share of a gradient that two ways of adding it up may differ by."""
FEW: Final = 16
"""Up to so many steps the equations themselves are run."""


@dataclass(frozen=True, eq=False)
class Forward:
    """A scene's network after it has read, and the loss."""

    prepared: Prepared
    """In float64."""
    passes: Sequence[Values]
    network: Linearised
    loss: Loss

    @property
    def steps(self) -> int:
        """T"""
        return self.network.total

    @cached_property
    def windows(self) -> Windows:
        """Of the loss's sweeps: one over everything, or as many as truncation starts.

        Raises BadInput when those would be too many steps.
        """
        scene = self.prepared.scene
        if not scene.truncate:
            return Windows.whole(self.steps)
        windows = Windows.truncated(self.steps, scene.truncate, self.every)
        network = self.prepared.network
        count = windows.steps * len(windows.last) * network.hidden * len(network.cell.equations) * len(network.passes)
        if count > MOST:
            raise BadInput(
                f"Going back {counted(scene.truncate, 'step')} {counted(len(windows.last), 'time')} would be {count:,} "
                f"numbers, more than {MOST:,}; start the backward passes further apart with every=."
            )
        return windows

    @property
    def every(self) -> int:
        """k1: how many steps' loss each sweep takes; all of them without truncation."""
        scene = self.prepared.scene
        return scene.every or scene.truncate or self.steps

    @property
    def reached(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """(T,) the steps in a window that has a part of the loss to take back."""
        looked_at = np.zeros((self.steps, 1))
        looked_at[self.loss.rows] = 1
        takes = (self.windows.gather(looked_at)[..., 0] != 0) & self.windows.own(self.every)
        rows = self.windows.rows[self.windows.inside & takes.any(axis=0)]
        return np.isin(np.arange(self.steps), rows)

    def back(self) -> list[Sweeps]:
        """The loss's sweeps back, lane by lane."""
        own = self.windows.own(self.every)[..., None]
        return self.network.back(self.windows.gather(self.loss.gradient) * own, self.windows)

    @property
    def overflow(self) -> int | None:
        """The t at which the first lane to leave what a float64 holds did so, in its own order of reading."""
        for step, values in zip(self.network.steps, self.passes, strict=True):
            bad = ~np.all([np.isfinite(value.numpy()).all(axis=1) for value in values.values()], axis=0)
            if bad.any():
                rows = np.flatnonzero(bad)
                return 1 + int(rows[0] if step.lane.direction == "forward" else rows[-1])
        return None

    @property
    def lost(self) -> int | None:
        """Where it overflowed, if the loss is no number because of that."""
        return None if np.isfinite(self.loss.value) else self.overflow or self.loss.t


def read(scene: Scene) -> tuple[Prepared, Sequence[Values], Linearised]:
    """Run a scene's network in float64, and make it linear around what it computed.

    Raises BadInput for what the lab's `trace` refuses, and for too many numbers.
    """
    prepared = prepare(scene).edited().in_float64()
    network, steps = prepared.network, len(prepared.tokens)
    refuse_too_long(network, steps, MOST, "gradients")
    if not network.shapes:
        raise BadInput(f"The cell {network.cell.name} has no weights, so there is no gradient; give a gate a W.h… @ h.")
    if steps * prepared.read.size > MOST:
        raise BadInput(
            f"The gradient of the input would be {steps * prepared.read.size:,} numbers ({counted(steps, 'step')} x "
            f"{counted(prepared.read.size, 'different token')}), more than {MOST:,}; use inputs=random."
        )
    by_hand = prepared.by_hand
    if by_hand.clamps:
        passes = run_touched(network, prepared.parameters, prepared.read, by_hand)
    else:
        fast = steps > FEW and network.cell.name in LOOPS
        passes = run(network, prepared.parameters, prepared.read, "fused" if fast else "explicit")
    with np.errstate(all="ignore"):
        return prepared, passes, linearised(network, prepared.parameters, prepared.read, passes, by_hand)


def forward(scene: Scene) -> Forward:
    """Read a scene and take its loss. Raises BadInput as `read` does, and for a loss that does not fit."""
    prepared, passes, linear = read(scene)
    network = prepared.network
    last = passes[-1 - network.bidirectional :]
    output = np.concatenate([one[network.cell.states[0]].numpy() for one in last], axis=1)
    ids = None if prepared.ids is None else prepared.ids.numpy()
    with np.errstate(all="ignore"):
        found = loss(scene.loss, output, network.hidden, Reading(ids, prepared.vocabulary, scene.seed))
    if not np.isfinite(found.value):
        found = replace(found, gradient=np.full_like(found.gradient, np.nan))
    return Forward(prepared, passes, linear, found)


def gradients(scene: Scene) -> Gradients:
    """Everything about the gradient of a scene's loss. Raises BadInput as `forward` does, and for too many sweeps."""
    ahead = forward(scene)
    network, reached = ahead.prepared.network, ahead.reached
    with np.errstate(all="ignore"):
        seeds = np.stack([ahead.loss.gradient, _chosen(ahead, scene)], axis=1)[::-1]  # (T, 2, H x directions)
        both = ahead.network.back(seeds, Windows.whole(ahead.steps, 2))
        arrived = [one.only(slice(0, 1)).arrived() for one in both]
        parameters = parameter_gradients(network, arrived)
        dropped = 0.0
        if scene.truncate:
            whole = parameters
            arrived = [one.arrived() for one in ahead.back()]
            parameters = parameter_gradients(network, arrived)
            dropped = _difference(whole, parameters)
            dropped = dropped if dropped > NOTHING_MUCH else 0.0
        passes = tuple(one.gradients() for one in arrived)
        return Gradients(
            trace=ahead.prepared.trace(ahead.passes, ahead.prepared.by_hand),
            loss=scene.loss,
            loss_value=ahead.loss.value,
            passes=passes,
            weights=tuple(one.record() for one in parameters),
            saliency=_saliency(ahead, scene, both),
            clipped=clip(parameters, scene.clip) if scene.clip else None,
            reached=reached,
            dropped=dropped,
            overflow=None if ahead.lost else overflow_of(passes),
            lost=ahead.lost,
            readout=ahead.loss.readout,
            notices=tuple(_notices(ahead, parameters, dropped)),
        )


def _chosen(ahead: Forward, scene: Scene) -> Float64:
    return pick(ahead.loss.gradient, ahead.loss.t, _unit(scene))


def _unit(scene: Scene) -> int:
    return scene.unit + scene.hidden * (scene.direction == "backward")


def _saliency(ahead: Forward, scene: Scene, both: Sequence[Sweeps]) -> Saliency:
    lanes = [one.only(slice(1, 2)) for one in both[: 1 + scene.bidirectional]]
    return Saliency(ahead.loss.t, _unit(scene), inputs(lanes).plain()[::-1, 0])


def _difference(whole: Sequence[ParameterGradient], kept: Sequence[ParameterGradient]) -> float:
    """‖whole - kept‖ / ‖whole‖, 0 where there is nothing to drop."""
    (all_of_it, some), _ = as_one_vector(whole, kept)
    size = float(np.linalg.norm(all_of_it))
    return float(np.linalg.norm(all_of_it - some)) / size if size else 0.0


def overflow_of(passes: Sequence[PassGradients]) -> int | None:
    """The t of the first gradient on the walk back, from the last layer down, that is no finite float64."""
    for one in reversed(passes):
        states = one.log_norms
        bad = ~np.all([np.isfinite(one.total[state]).all(axis=1) for state in states], axis=0)
        if bad.any():
            rows = np.flatnonzero(bad)
            return 1 + int(rows[-1] if one.direction == "forward" else rows[0])
    return None


def _notices(ahead: Forward, parameters: Sequence[ParameterGradient], dropped: float) -> list[str]:
    scene, said = ahead.prepared.scene, []
    if ahead.overflow is not None:
        said.append(f"The forward pass overflows at t = {ahead.overflow}: what depends on it is no finite number.")
    if scene.loss == "lm" and scene.bidirectional:
        said.append("The loss lm with two directions is no test: the backward lane has already read the next token.")
    if scene.truncate >= ahead.steps and not dropped:
        said.append(
            f"Truncation after {counted(scene.truncate, 'step')} changes nothing: the text has only {ahead.steps:,}."
        )
    if not any(one.values.any() for one in parameters):
        said.append(f"The loss {scene.loss} does not depend on any parameter here: the gradient of every one is 0.")
    return said
