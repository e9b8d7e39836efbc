"""A training as it is looked at: its curve so far, what stands beside it, and the moment that is shown. No torch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np

from rnntui.core.trace import Array
from rnntui.scene import Cursor
from rnntui.training.record import Reading, Sample, Snapshot
from rnntui.training.shelf import Kept
from rnntui.training.spec import CharModelSpec, preset

State = Literal["idle", "starting", "training", "paused", "stopping", "stopped", "finished", "broken"]
LIVE: Final = frozenset({"starting", "training", "paused", "stopping"})
"""The states in which a process trains, or waits to."""
MOST_POINTS: Final = 2048
"""Points that a curve keeps; beyond that every second one goes, so that a day's training draws like a minute's."""
MOST_RUNS: Final = 5
"""Earlier runs whose curves stay."""
ANYWHERE: Final = Cursor(t=1)


@dataclass(frozen=True, eq=False)
class Curve:
    """How well a model predicted the next character, over its training: bits per character, lower is better."""

    name: str = ""
    steps: Array = field(default_factory=lambda: np.zeros(0))
    """(N,) after how many updates."""
    training: Array = field(default_factory=lambda: np.zeros(0))
    """(N,) bits per character of what was learned from, a mean over the last updates."""
    val_steps: Array = field(default_factory=lambda: np.zeros(0))
    """(M,)"""
    validation: Array = field(default_factory=lambda: np.zeros(0))
    """(M,) bits per character of text that is never learned from."""

    def longer(self, snapshot: Snapshot) -> Curve:
        """The curve with another point; one that is measured already, or went back in time, replaces what follows."""
        found = replace(self, name=name_of(snapshot.spec))
        if math.isfinite(snapshot.train_bpc):
            steps, training = _longer(found.steps, found.training, snapshot.step, snapshot.train_bpc)
            found = replace(found, steps=steps, training=training)
        if math.isfinite(snapshot.val_bpc):
            steps, validation = _longer(found.val_steps, found.validation, snapshot.val_step, snapshot.val_bpc)
            found = replace(found, val_steps=steps, validation=validation)
        return found

    @property
    def last(self) -> float:
        """The validation's last measurement; NaN before the first."""
        return float(self.validation[-1]) if self.validation.size else math.nan


def _longer(steps: Array, values: Array, step: int, value: float) -> tuple[Array, Array]:
    before = int(np.searchsorted(steps, step))
    steps, values = np.append(steps[:before], step), np.append(values[:before], value)
    if len(steps) > MOST_POINTS:
        kept = np.arange(len(steps))[::-2][::-1]  # the newest stays
        steps, values = steps[kept], values[kept]
    return steps, values


def name_of(spec: CharModelSpec) -> str:
    """What a run is called beside others: lstm 256."""
    return f"{spec.cell} {spec.hidden}"


@dataclass(frozen=True, eq=False)
class Look:
    """What a model of some step writes, and how it reads the fixed sentence."""

    step: int
    sample: Sample
    reading: Reading


@dataclass(frozen=True, eq=False)
class Neurons:
    """What every unit of the last layer does over a stretch of text that was never learned from."""

    step: int
    text: str
    units: Array
    """(T, H) the hidden state h."""
    features: tuple[str, ...]
    correlations: Array
    """(F, H) Pearson's r of each property of the text with each unit."""

    def ranked(self, feature: int) -> list[int]:
        """The units by how closely they follow a property, in either direction, the closest first."""
        order: list[int] = np.argsort(-np.abs(self.correlations[feature]), kind="stable").tolist()
        return order

    def followed(self, unit: int) -> tuple[str, float]:
        """The property that a unit follows most closely, and how closely."""
        feature = int(np.argmax(np.abs(self.correlations[:, unit])))
        return self.features[feature], float(self.correlations[feature, unit])


@dataclass(frozen=True, eq=False)
class Progress:
    """Everything that the panes of the Train screen show."""

    spec: CharModelSpec = field(default_factory=lambda: preset(60))
    """What is trained, or would be."""
    seconds: int = 60
    """About how long it is to take."""
    state: State = "idle"
    snapshot: Snapshot | None = None
    curve: Curve = field(default_factory=Curve)
    earlier: tuple[Curve, ...] = ()
    past: Look | None = None
    """The moment that the time machine stands at; None is now."""
    neurons: Neurons | None = None
    """Of the step at which they were asked for."""
    offered: Kept | None = None
    """A run of earlier, or of another process, that was not trained to its end; `snapshot` is where it stands."""

    @property
    def elsewhere(self) -> bool:
        """Whether another process trains what is shown, so that it can only be looked at."""
        return self.offered is not None and self.offered.taken

    @property
    def resumable(self) -> str:
        """The directory of the run that can be gone on with, or nothing."""
        if self.live or self.state == "finished":
            return ""
        if self.snapshot is not None and self.snapshot.run:
            return self.snapshot.run
        return self.offered.folder if self.offered is not None else ""

    @property
    def live(self) -> bool:
        """Whether a process trains, or waits to."""
        return self.state in LIVE

    @property
    def kept(self) -> tuple[int, ...]:
        """The steps that the time machine can go to, in order."""
        return self.snapshot.kept if self.snapshot is not None else ()

    @property
    def step(self) -> int:
        """After how many updates the panes show the model."""
        if self.past is not None:
            return self.past.step
        return self.snapshot.step if self.snapshot is not None else 0

    @property
    def sample(self) -> Sample | None:
        """What the model writes, now or then."""
        if self.past is not None:
            return self.past.sample
        return self.snapshot.sample if self.snapshot is not None else None

    @property
    def reading(self) -> Reading | None:
        """How the model reads the fixed sentence, now or then."""
        if self.past is not None:
            return self.past.reading
        return self.snapshot.reading if self.snapshot is not None else None

    def beginning(self) -> Progress:
        """A new run begins; the one before stays as a curve."""
        earlier = (*self.earlier, self.curve)[-MOST_RUNS:] if self.curve.validation.size > 1 else self.earlier
        return replace(
            self, state="starting", snapshot=None, curve=Curve(), earlier=earlier, past=None, neurons=None, offered=None
        )

    def standing(self, snapshot: Snapshot, curve: Curve) -> Progress:
        """A run that was offered is looked at, as it stands."""
        return replace(self, spec=snapshot.spec, state="stopped", snapshot=snapshot, curve=curve)

    def declined(self) -> Progress:
        """A run that was offered is put aside; another one can be chosen."""
        return Progress(preset(self.seconds), self.seconds, earlier=self.earlier)

    def shown(self, snapshot: Snapshot, paused: bool) -> Progress:
        """The next snapshot has come; a reading that is the one before stays the same object, so that it is seen."""
        state: State = self.state if self.state == "stopping" else "paused" if paused else "training"
        before = self.snapshot.reading if self.snapshot is not None else None
        if snapshot.reading is not None and snapshot.reading.same_as(before):
            snapshot = replace(snapshot, reading=before)
        spec = snapshot.spec if self.snapshot is None else self.spec
        curve = self.curve.longer(snapshot)
        return replace(self, spec=spec, state=state, snapshot=snapshot, curve=curve, offered=None)

    def ended(self, how: str) -> Progress:
        """The process is gone: the training was finished, cancelled or broken."""
        done = self.snapshot is not None and self.snapshot.finished
        exploded = self.snapshot is not None and bool(self.snapshot.stopped)
        if how == "broken" or exploded:
            return replace(self, state="broken")
        return replace(self, state="finished" if done else "stopped" if self.snapshot is not None else "idle")

    @property
    def again(self) -> bool:
        """Whether the next run is the very same one as the last."""
        return self.snapshot is not None and self.spec == self.snapshot.spec

    def kept_beside(self, by: int, step: int | None = None) -> int | None:
        """The next checkpoint before or after a step, or what is shown; None where there is none."""
        here = self.step if step is None else step
        if by < 0:
            return max((one for one in self.kept if one < here), default=None)
        return min((one for one in self.kept if one > here), default=None)

    def clamp(self, cursor: Cursor) -> Cursor:
        """The nearest cursor that stands on a character of the fixed sentence and a unit of the model."""
        if self.reading is None:
            return ANYWHERE
        layer = min(cursor.layer, len(self.reading.layers) - 1)
        steps, units = next(iter(self.reading.layers[layer].values())).shape
        return Cursor(layer=layer, t=min(max(cursor.t, 1), steps), unit=min(max(cursor.unit, 0), units - 1))
