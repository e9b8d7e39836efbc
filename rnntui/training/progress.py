"""A training as it is looked at: its curve so far, what stands beside it, and the moment that is shown. No torch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from rnntui.scene import Cursor
from rnntui.training.curve import Curve
from rnntui.training.neurons import Neurons
from rnntui.training.record import Reading, Sample, Snapshot
from rnntui.training.shelf import MOST_BESIDE, Kept
from rnntui.training.spec import CharModelSpec, preset

State = Literal["idle", "starting", "training", "paused", "stopping", "stopped", "finished", "unkept", "broken"]
LIVE: Final = frozenset({"starting", "training", "paused", "stopping"})
"""The states in which a process trains, or waits to."""
ANYWHERE: Final = Cursor(t=1)


@dataclass(frozen=True, eq=False)
class Look:
    """What a model of some step writes, and how it reads the fixed sentence."""

    step: int
    sample: Sample
    reading: Reading


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
    asked: bool = False
    """Whether the neurons have been asked for, and are not there yet."""
    offered: Kept | None = None
    """A run of earlier, or of another process, that was not trained to its end; `snapshot` is where it stands."""

    @property
    def elsewhere(self) -> bool:
        """Whether another process trains what is shown, so that it can only be looked at."""
        return self.offered is not None and self.offered.taken

    @property
    def resumable(self) -> str:
        """The directory of the run that can be gone on with, or nothing."""
        return "" if self.live or self.state == "finished" else self.run

    @property
    def run(self) -> str:
        """The directory of what is shown, or offered; or nothing."""
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
    def steps(self) -> int:
        """How many updates the run that is shown has, or the one that would be trained."""
        return self.snapshot.spec.steps if self.snapshot is not None else self.spec.steps

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
        earlier = (*self.earlier, self.curve)[-MOST_BESIDE:] if self.curve.validation.size > 1 else self.earlier
        return replace(
            self, state="starting", snapshot=None, curve=Curve(), earlier=earlier, past=None, neurons=None, offered=None
        )

    def standing(self, snapshot: Snapshot, curve: Curve, beside: tuple[Curve, ...] = ()) -> Progress:
        """A run that was offered is looked at, as it stands, with the curves that stood `beside` its own."""
        earlier = self.earlier or beside
        return replace(self, spec=snapshot.spec, state="stopped", snapshot=snapshot, curve=curve, earlier=earlier)

    def taken(self, run: str) -> Progress:
        """Another process turns out to train the run that is shown, or offered."""
        if self.snapshot is not None:
            return replace(self, offered=Kept(run, self.snapshot.step, self.snapshot.spec, taken=True))
        return replace(self, offered=replace(self.offered, taken=True)) if self.offered is not None else self

    def declined(self) -> Progress:
        """A run that was offered is put aside, and what it was compared with; another one can be chosen."""
        return Progress(preset(self.seconds), self.seconds)

    def shown(self, snapshot: Snapshot, paused: bool) -> Progress:
        """The next snapshot has come; what it shows as the one before did stays the same object, so that it is seen."""
        state: State = self.state if self.state == "stopping" else "paused" if paused else "training"
        before = self.snapshot
        if before is not None and snapshot.reading is not None and snapshot.reading.same_as(before.reading):
            snapshot = replace(snapshot, reading=before.reading)
        if before is not None and snapshot.sample is not None and snapshot.sample.same_as(before.sample):
            snapshot = replace(snapshot, sample=before.sample)
        spec = snapshot.spec if self.snapshot is None else self.spec
        curve = self.curve if snapshot.stopped else self.curve.longer(snapshot)  # what led to the explosion stays
        return replace(self, spec=spec, state=state, snapshot=snapshot, curve=curve, offered=None)

    def ended(self, how: str) -> Progress:
        """The process is gone: the training was finished, cancelled or broken, or only its last model is lost."""
        done = self.snapshot is not None and self.snapshot.finished
        exploded = self.snapshot is not None and bool(self.snapshot.stopped)
        if self.snapshot is not None and how == "broken" and not exploded and (done or self.state == "stopping"):
            return replace(self, state="finished" if done and self.snapshot.step in self.kept else "unkept")
        if how == "broken" or exploded:
            return replace(self, state="broken")
        return replace(self, state="finished" if done else "stopped" if self.snapshot is not None else "idle")

    @property
    def again(self) -> bool:
        """Whether the next run is the very same one as the last, or as the one that is offered."""
        last = self.snapshot or self.offered
        return last is not None and self.spec == last.spec

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
