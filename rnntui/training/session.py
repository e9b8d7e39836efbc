"""One stretch of a training: updates, what is to be seen of them, and what is kept."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import replace
from typing import Final

from rnntui.training.cadence import Cadence
from rnntui.training.checkpoints import Checkpoint
from rnntui.training.data import GLANCE, Text
from rnntui.training.keeping import Keeper
from rnntui.training.learner import HOPELESS, SOUND, Exploded, Learner, Update
from rnntui.training.look import fixed_sentence, reading, sample
from rnntui.training.record import NEVER_LOGGED, TASTE, Change, Knobs, Snapshot, knobs_at
from rnntui.training.run import Run

WINDOW: Final = 50
"""Over how many updates the training loss is averaged."""


class Session:
    """A learner, its run directory if there is one, and what is to be seen of them."""

    def __init__(
        self,
        learner: Learner,
        text: Text,
        run: Run | None,
        changes: tuple[Change, ...] = (),
        found: Checkpoint | None = None,
        notices: tuple[str, ...] = (),
    ) -> None:
        self._learner, self._text, self._keeper = learner, text, Keeper(run, notices)
        self._keeps = run is not None
        self._changes = changes
        """Those that were made and, after a resume, those that are still to be made again."""
        self._sentence = fixed_sentence(text.training_text, text.characters)
        self._last: Update | None = None
        self._losses = deque(found.losses if found is not None else (), WINDOW)
        self._val_loss, self._val_step = (found.val_loss, found.val_step) if found is not None else (math.nan, -1)
        self._final_loss = math.nan
        self._sound = learner.step - 1
        """The newest checkpoint whose model is known to be worth going back to; the update after it shows it."""
        self._cadence = Cadence(learner.spec.steps, found.seconds if found is not None else 0.0)
        self._characters = 0
        """Those that were read in this stretch."""

    @property
    def finished(self) -> bool:
        """Whether all steps were made."""
        return self._learner.step >= self._learner.spec.steps

    @property
    def _knobs(self) -> Knobs:
        return knobs_at(self._learner.spec, self._changes, self._learner.step)

    @property
    def _train_loss(self) -> float:
        return sum(self._losses) / len(self._losses) if self._losses else math.nan

    @property
    def _speed(self) -> float:
        return self._characters / self._cadence.stretch if self._cadence.stretch else 0.0

    def begin(self) -> None:
        """Look at the model as it is, and keep it if it is new."""
        unseen = self._val_step < 0
        if unseen:
            self._validate()
        if self.finished:
            self._final_loss = self._learner.validate()
        self._show()
        if self._learner.step:
            self._keeper.saved_step = self._learner.step
            self._cadence.saved()
            return
        if unseen:
            self._keeper.log(self._seen().metrics)
        self._save()

    def advance(self) -> bool:
        """Make one update, and all that is due after it; the answer is whether a snapshot is.

        Raises Exploded when the model turns out to be ruined; `fall_back` then finds one that is not.
        """
        started = time.perf_counter()
        learner, knobs = self._learner, self._knobs
        step = learner.step + 1
        due = self._cadence.due(step, knobs.pace)
        self._last = learner.update(knobs, watched=due.measurement)
        if self._keeper.saved_step == step - 1 and self._last.loss < SOUND * learner.blind:
            self._sound = step - 1
        self._losses.append(self._last.loss)
        self._characters += self._last.characters
        if due.validation:
            self._validate()
            if not self._val_loss < HOPELESS * learner.blind:
                raise Exploded(learner.step, self._val_loss, self._last.norm, self._last.rate)
        if self.finished:
            self._final_loss = learner.validate()
        if due.sample:
            self._show()
        if self._keeps and self._cadence.saves(step, self._keeper.saved_step):
            self._save()
        self._cadence.spend(time.perf_counter() - started)
        if due.sample:
            self._keeper.log(self._seen().metrics)
        return due.snapshot

    def fall_back(self, explosion: Exploded) -> Snapshot:
        """Stand again where the model was sound, and say so: at the newest checkpoint that is known to be.

        Those after it are removed, and knobs of learning that were turned since are as they were before.
        """
        learner = self._learner
        if not explosion.step:
            return self.snapshot(explosion.sentence, explosion.step)
        found = self._keeper.fall_back(max(0, self._sound))
        self._keeps = False
        if found is None:
            return self.snapshot(f"{explosion.sentence} Nothing of it is kept.", explosion.step)
        learner.restore(found.tensors, found.step, found.place)
        self._last, self._losses = None, deque(found.losses, WINDOW)
        self._cadence.seconds = found.seconds
        self._val_loss, self._val_step = found.val_loss, found.val_step
        self._changes = tuple(
            replace(one, step=min(one.step, found.step))
            for one in self._changes
            if one.step < found.step or one.knob in TASTE
        )
        self._keeper.log_changes(self._changes)
        self._show()
        back = f"It is back at step {found.step:,}, the newest model kept that was sound."
        return self.snapshot(f"{explosion.sentence} {back}", explosion.step)

    def snapshot(self, stopped: str = "", stopped_at: int = 0) -> Snapshot:
        """What can be seen now, and is shown."""
        self._cadence.seen()
        return self._seen(stopped, stopped_at)

    def _seen(self, stopped: str = "", stopped_at: int = 0) -> Snapshot:
        learner, knobs, last = self._learner, self._knobs, self._last
        return Snapshot(
            spec=learner.spec,
            run=self._keeper.folder,
            knobs=knobs,
            step=learner.step,
            seconds=self._cadence.seconds,
            characters_per_second=self._speed,
            train_loss=self._train_loss,
            val_loss=self._val_loss,
            val_step=self._val_step,
            gradient_norm=last.norm if last else math.nan,
            learning_rate=last.rate if last else learner.spec.rate(learner.step + 1, knobs.learning_rate),
            update_ratios=last.ratios if last else {},
            baselines=self._text.glance_baselines,
            parameters=sum(values.numel() for values in learner.parameters.values()),
            sample=self._sample,
            reading=self._reading,
            kept=self._keeper.kept,
            notices=self._keeper.notices,
            final_loss=self._final_loss,
            final_baselines=self._text.baselines if self.finished else {},
            stopped=stopped,
            stopped_at=stopped_at,
        )

    def turn(self, change: Change | None) -> bool:
        """Turn a knob from the next update on, and log it; the answer is whether there is something else to see."""
        if change is None:
            return False
        made = Change(change.knob, change.value, self._learner.step)
        self._changes = tuple(sorted((*self._changes, made), key=lambda one: one.step))
        if change.knob not in NEVER_LOGGED:
            self._keeper.log_changes(self._changes)
        if change.knob in TASTE:
            self._show()
        if change.knob == "pace" and not change.value:
            self._cadence.sample_soon()
        return change.knob != "pace"

    def end(self) -> None:
        """Keep the model as it is, if that was not done. Raises NotKept."""
        if self._keeps and self._keeper.saved_step != self._learner.step:
            self._keeper.end(self._state())

    def _validate(self) -> None:
        self._val_loss, self._val_step = self._learner.validate(GLANCE), self._learner.step

    def _show(self) -> None:
        started = time.perf_counter()
        learner = self._learner
        self._sample = sample(
            learner.model,
            self._text.characters,
            self._knobs,
            self._text.copies,
            learner.spec.seed + learner.step,
        )
        self._reading = reading(learner.model, self._text.characters, self._sentence)
        self._cadence.sampled(time.perf_counter() - started)

    def _save(self) -> None:
        if self._keeps:
            self._cadence.saved()
            self._keeper.save(self._state())

    def _state(self) -> Checkpoint:
        """All that is needed to go on from here."""
        learner = self._learner
        return Checkpoint(
            learner.spec,
            self._text.characters,
            learner.step,
            learner.place,
            self._cadence.seconds,
            learner.tensors(),
            tuple(self._losses),
            self._val_loss,
            self._val_step,
        )
