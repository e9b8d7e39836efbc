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


@dataclass(frozen=True, eq=False)
class Curve:
    """What was measured of a run so far, step by step."""

    name: str = ""
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
        """The curve with another point; one that is measured already, or went back in time, replaces what follows."""
        found = replace(self, name=name_of(snapshot.spec))
        if math.isfinite(snapshot.train_bpc):
            before = int(np.searchsorted(found.steps, snapshot.step))
            kept = _kept(before + 1)

            def longer(values: Array, value: float) -> Array:
                return np.append(values[:before], value)[kept]

            unknown, ratios = np.full(before, np.nan), snapshot.update_ratios
            found = replace(
                found,
                steps=longer(found.steps, snapshot.step),
                training=longer(found.training, snapshot.train_bpc),
                norms=longer(found.norms, snapshot.gradient_norm),
                clips=longer(found.clips, snapshot.knobs.clip or math.nan),
                ratios={
                    layer: longer(found.ratios.get(layer, unknown), ratios.get(layer, math.nan))
                    for layer in {**found.ratios, **ratios}
                },
            )
        if math.isfinite(snapshot.val_bpc):
            before = int(np.searchsorted(found.val_steps, snapshot.val_step))
            kept = _kept(before + 1)
            steps = np.append(found.val_steps[:before], snapshot.val_step)[kept]
            found = replace(
                found, val_steps=steps, validation=np.append(found.validation[:before], snapshot.val_bpc)[kept]
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
