"""The lines that a training draws over its steps: bits per character, the gradient's norm, how far the weights move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from rnntui.core.trace import Array
from rnntui.training.record import Snapshot
from rnntui.training.spec import CharModelSpec

MOST_POINTS: Final = 2048
"""Points that a curve keeps; beyond that every second one goes, so that a day's training draws like a minute's."""
NOTHING: Final = np.zeros(0)


@dataclass(frozen=True)
class Point:
    """What was measured after one number of updates; what was not is NaN."""

    step: int
    training: float
    """Bits per character of what was learned from."""
    norm: float
    """Of the gradient, before clipping."""
    clip: float
    """The largest norm that was allowed; 0 is no limit."""
    ratios: Mapping[str, float]
    val_step: int
    """After how many updates `validation` was measured."""
    validation: float
    """Bits per character of text that is never learned from."""


@dataclass(frozen=True, eq=False)
class Curve:
    """What was measured of a run so far, step by step."""

    name: str = ""
    run: str = ""
    """The run directory, or empty where nothing is kept."""
    steps: Array = field(default_factory=lambda: NOTHING)
    """(N,) after how many updates."""
    training: Array = field(default_factory=lambda: NOTHING)
    """(N,) bits per character of what was learned from, a mean over the last updates; lower is better."""
    norms: Array = field(default_factory=lambda: NOTHING)
    """(N,) of the gradient at that update, before clipping."""
    clips: Array = field(default_factory=lambda: NOTHING)
    """(N,) the largest norm that was allowed then; NaN for no limit."""
    ratios: Mapping[str, Array] = field(default_factory=dict)
    """Layer → (N,) the norm of that update of its parameters against their own; NaN where it was not measured."""
    val_steps: Array = field(default_factory=lambda: NOTHING)
    """(M,)"""
    validation: Array = field(default_factory=lambda: NOTHING)
    """(M,) bits per character of text that is never learned from."""

    def longer(self, snapshot: Snapshot) -> Curve:
        """The curve with what a snapshot of its run has measured."""
        point = Point(
            snapshot.step,
            snapshot.train_bpc,
            snapshot.gradient_norm,
            snapshot.knobs.clip,
            snapshot.update_ratios,
            snapshot.val_step,
            snapshot.val_bpc,
        )
        return replace(self, name=name_of(snapshot.spec), run=snapshot.run).through(point)

    def through(self, point: Point) -> Curve:
        """The curve with another point; one that is measured already, or went back in time, replaces what follows."""
        found = self
        if math.isfinite(point.training):
            before = int(np.searchsorted(found.steps, point.step))
            kept = _kept(before + 1)

            def longer(values: Array, value: float) -> Array:
                return np.append(values[:before], value)[kept]

            unknown, ratios = np.full(before, np.nan), point.ratios
            found = replace(
                found,
                steps=longer(found.steps, point.step),
                training=longer(found.training, point.training),
                norms=longer(found.norms, point.norm),
                clips=longer(found.clips, point.clip or math.nan),
                ratios={
                    layer: longer(found.ratios.get(layer, unknown), ratios.get(layer, math.nan))
                    for layer in {**found.ratios, **ratios}
                },
            )
        if math.isfinite(point.validation):
            before = int(np.searchsorted(found.val_steps, point.val_step))
            kept = _kept(before + 1)
            steps = np.append(found.val_steps[:before], point.val_step)[kept]
            found = replace(
                found, val_steps=steps, validation=np.append(found.validation[:before], point.validation)[kept]
            )
        return found

    @property
    def last(self) -> float:
        """The validation's last measurement; NaN before the first."""
        return float(self.validation[-1]) if self.validation.size else math.nan

    @property
    def clipped(self) -> float:
        """The share of the measured gradients that were longer than allowed; NaN before the first."""
        known = ~np.isnan(self.norms)
        return float(np.mean(self.norms[known] > self.clips[known])) if known.any() else math.nan


def _kept(points: int) -> slice:
    """Which of so many points stay: all, or every second one with the newest."""
    return slice((points - 1) % 2, None, 2) if points > MOST_POINTS else slice(None)


def name_of(spec: CharModelSpec) -> str:
    """What a run is called beside others: lstm 256."""
    return f"{spec.cell_title} {spec.hidden}"
