"""What can be seen of a training: plain numbers, text and numpy arrays, complete in themselves, no torch.

A snapshot needs no other one, so whoever is slow may leave some out. What can be turned while it runs are the knobs; a
change of one travels the other way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

import numpy as np

from rnntui.core.trace import Array
from rnntui.errors import BadInput
from rnntui.names import nearest
from rnntui.training.spec import RANGES, CharModelSpec

NEVER_LOGGED: Final = frozenset({"pace"})
TASTE: Final = ("temperature", "top_k", "top_p", "prime")
"""The knobs of how it writes, which change nothing in what is learned."""
KNOB_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    **{name: RANGES[name] for name in ("learning_rate", "clip", "sequence")},
    "temperature": (0, 100),
    "top_k": (0, 10_000),
    "top_p": (1e-6, 1),
    "pace": (0, 60),
}
LONGEST_PRIME: Final = 4096
"""Characters: a change has to fit through the door of a process that is busy, and a prime is read for every sample."""


@dataclass(frozen=True)
class Knobs:
    """What may be turned while the training runs."""

    learning_rate: float
    clip: float
    sequence: int
    """T, at how many steps the way back through time is cut off."""
    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0
    prime: str = "\n"
    """What a sample goes on from; characters that the model does not know are left out."""
    pace: float = 0.1
    """Seconds between two snapshots; 0 is a snapshot after each step. Changes nothing in what is learned."""

    @classmethod
    def of(cls, spec: CharModelSpec) -> Knobs:
        """As they stand before anybody turns one."""
        return cls(spec.learning_rate, spec.clip, spec.sequence)


@dataclass(frozen=True)
class Change:
    """One knob turned. Raises BadInput for an unknown knob or a value that does not fit."""

    knob: str
    value: float | str
    step: int = 0
    """After how many updates; filled in by the training."""

    def __post_init__(self) -> None:
        """Refuse what no training could obey."""
        kinds = {field.name: field.type for field in fields(Knobs)}
        if self.knob not in kinds:
            raise BadInput(f"Unknown knob '{self.knob}': {nearest(self.knob, kinds)}.")
        if type(self.step) is not int or self.step < 0:
            raise BadInput(f"A knob was turned at step {self.step!r}, which is none.")
        if self.knob == "prime":
            if not isinstance(self.value, str):
                raise BadInput("The prime is a text; give one.")
            if len(self.value) > LONGEST_PRIME:
                raise BadInput(f"The prime has {len(self.value):,} characters; give at most {LONGEST_PRIME:,}.")
            return
        if isinstance(self.value, str | bool):
            raise BadInput(f"{self.knob} = {self.value!r} is no number; give one.")
        low, high = KNOB_RANGES[self.knob]
        if not low <= self.value <= high or (kinds[self.knob] == "int" and self.value != int(self.value)):
            raise BadInput(f"{self.knob} = {self.value} is outside {low:g}…{high:g}; choose a number between them.")

    def applied(self, knobs: Knobs) -> Knobs:
        """The knobs after this change."""
        value = int(self.value) if self.knob in {"sequence", "top_k"} else self.value
        changed: dict[str, Any] = {self.knob: value}
        return replace(knobs, **changed)

    def to_fields(self) -> dict[str, object]:
        """As a JSON object."""
        return asdict(self)


def knobs_at(spec: CharModelSpec, changes: Iterable[Change], step: int) -> Knobs:
    """How the knobs stand after so many updates: a function of the spec and the log, so nothing else need be kept."""
    knobs = Knobs.of(spec)
    for change in changes:
        if change.step <= step:
            knobs = change.applied(knobs)
    return knobs


@dataclass(frozen=True, eq=False)
class Reading:
    """One fixed sentence, read by the model as it is now."""

    text: str
    layers: tuple[Mapping[str, Array], ...]
    """For every layer: symbol → values, each (T, H), in the order of the cell's equations."""
    chances: Array
    """(T, V): how likely the model holds each character to come next, after each character of the text."""
    characters: tuple[str, ...]
    """V characters, in the order of the columns of `chances`."""
    state: str = "h"
    """The symbol of the hidden state, which is what a layer hands on."""

    def same_as(self, other: Reading | None) -> bool:
        """Whether it is the same text, read to the same numbers."""
        if other is None or self._names != other._names:
            return False
        return all(map(np.array_equal, self._arrays, other._arrays))

    @property
    def _names(self) -> tuple[object, ...]:
        return self.text, self.characters, self.state, *map(tuple, self.layers)

    @property
    def _arrays(self) -> list[Array]:
        return [self.chances, *(values for layer in self.layers for values in layer.values())]


@dataclass(frozen=True, eq=False)
class Sample:
    """What the model writes by itself."""

    prime: str
    text: str
    seen: tuple[bool, ...]
    """For every character of `text`, whether it is part of a longer stretch that stands in the training text."""

    def same_as(self, other: Sample | None) -> bool:
        """Whether it is the same text, of which the same is copied."""
        return other is not None and (self.prime, self.text, self.seen) == (other.prime, other.text, other.seen)

    @property
    def new(self) -> float:
        """The share of characters that are not copied."""
        return 1 - sum(self.seen) / max(1, len(self.seen))


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Where a training stands."""

    spec: CharModelSpec
    run: str
    """The run directory, or empty where nothing is kept."""
    knobs: Knobs
    step: int
    """How many updates were made."""
    seconds: float
    """Spent on training, over all sessions of the run, without pauses."""
    characters_per_second: float
    train_loss: float
    """Nats per character: the mean over the last updates; NaN before the first."""
    val_loss: float
    """Nats per character of the beginning of the validation text, as last measured; NaN before the first time."""
    val_step: int
    """The step at which that was."""
    gradient_norm: float
    """Before clipping, at the last update."""
    learning_rate: float
    """Of the last update, where the schedule has it."""
    update_ratios: Mapping[str, float]
    """Layer → the norm of the last update of its parameters against their own; empty where it was not measured."""
    baselines: Mapping[int, float]
    """Order → bits per character of an n-gram model on the very characters that `val_loss` is of."""
    parameters: int
    """How many numbers the model has."""
    sample: Sample | None
    reading: Reading | None
    kept: tuple[int, ...] = ()
    """The steps that have a checkpoint, in order."""
    notices: tuple[str, ...] = field(default=())
    """What had to be said since it began or was resumed, in order; who has told some of it tells the rest."""
    final_loss: float = math.nan
    """Nats per character of all of the validation text, once all steps are made; NaN before."""
    final_baselines: Mapping[int, float] = field(default_factory=dict)
    """Order → bits per character of an n-gram model on all of the validation text; empty before the end."""
    stopped: str = ""
    """Why training cannot go on as it is, in a sentence, or empty; `step` is then the one that it fell back to."""
    stopped_at: int = 0
    """The step at which it had to stop; 0 where the initial weights are at fault and no learning rate helps."""

    @property
    def train_bpc(self) -> float:
        """Bits per character, H / ln 2."""
        return self.train_loss / math.log(2)

    @property
    def val_bpc(self) -> float:
        """Bits per character on the beginning of the validation text, to be compared with `baselines`."""
        return self.val_loss / math.log(2)

    @property
    def final_bpc(self) -> float:
        """Bits per character on all of the validation text, to be compared with `final_baselines`."""
        return self.final_loss / math.log(2)

    @property
    def metrics(self) -> dict[str, object]:
        """One line of the metrics that a run keeps; what was not measured at this step is None."""
        updated, sample = self.step > 0, self.sample
        return {
            "step": self.step,
            "seconds": round(self.seconds, 3),
            "train_bpc": None if math.isnan(self.train_loss) else self.train_bpc,
            "val_bpc": self.val_bpc if self.val_step == self.step else None,
            "final_val_bpc": self.final_bpc if self.finished else None,
            "gradient_norm": self.gradient_norm if updated else None,
            "learning_rate": self.learning_rate if updated else None,
            "chars_per_second": round(self.characters_per_second),
            "update_ratios": self.update_ratios,
            "sample": sample.text if sample is not None else "",
            "new": sample.new if sample is not None else (),
        }

    @property
    def finished(self) -> bool:
        """Whether all steps were made."""
        return self.step >= self.spec.steps

    @property
    def seconds_left(self) -> float:
        """About how long the rest will take."""
        return (self.spec.steps - self.step) * self.seconds / max(1, self.step)
