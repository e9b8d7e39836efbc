"""One stretch of a training: updates, and when it is time to look, to validate, to save.

The clock stands still while nobody asks for the next snapshot. A disk that is full costs a notice, not the training.
"""

from __future__ import annotations

import math
import time
from collections import deque
from typing import Final

from rnntui.errors import BadInput
from rnntui.files import reason
from rnntui.training import checkpoints
from rnntui.training.checkpoints import Checkpoint
from rnntui.training.data import Text
from rnntui.training.folder import steps
from rnntui.training.learner import Learner, Update
from rnntui.training.look import fixed_sentence, reading, sample
from rnntui.training.record import NEVER_LOGGED, TASTE, Change, Knobs, Snapshot, knobs_at
from rnntui.training.run import Run

VALIDATIONS: Final = 20
"""How often the validation text is read at most."""
APART: Final = 25
"""How many updates lie between two times at least."""
GLANCE: Final = 16_384
"""How many of its characters are read, but for the first and the last time."""
SHOW_SECONDS: Final = 1.5
"""Between two samples at least; who asks for a single step sees what it changes."""
WATCH_SECONDS: Final = 0.5
"""Between two updates at least that are measured against the weights; who goes step by step sees every one."""
SHOW_SHARE: Final = 0.02
"""The share of the time that samples may take; on a slow machine they come less often."""
SAVE_SECONDS: Final = 5.0
"""Between two checkpoints."""
FIRST_SAVE: Final = 16
"""The step of the first checkpoint after the initial one; each after it comes half as many steps later, or sooner."""
WINDOW: Final = 50
"""Over how many updates the training loss is averaged."""


class NotKept(BadInput):
    """A model that could not be written when its training ended."""


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
        self._learner, self._text, self._run = learner, text, run
        self._changes = changes
        """Those that were made and, after a resume, those that are still to be made again."""
        self._notices = notices
        """All of this stretch: whoever leaves out a snapshot finds them in the next."""
        self._sentence = fixed_sentence(text.training_text, text.characters)
        self._last: Update | None = None
        self._losses = deque(found.losses if found is not None else (), WINDOW)
        self._val_loss, self._val_step = (found.val_loss, found.val_step) if found is not None else (math.nan, -1)
        self._seconds, self._session_seconds, self._characters = found.seconds if found is not None else 0.0, 0.0, 0
        """Of the whole run, of this stretch, and the characters that were read in it."""
        self._show_at, self._watch_at, self._yielded_at = 0.0, 0.0, -math.inf
        self._saved_step, self._saved_at, self._disk_said = -1, 0.0, False
        self._kept = steps(run.checkpoints) if run is not None else ()

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
        return self._characters / self._session_seconds if self._session_seconds else 0.0

    def begin(self) -> None:
        """Look at the model as it is, and keep it if it is new."""
        unseen = self._val_step < 0
        if unseen:
            self._validate(None if self.finished else GLANCE)
        self._show()
        if self._learner.step:
            self._saved_step, self._saved_at = self._learner.step, self._seconds
            return
        if unseen:
            self._log()
        self._save()

    def advance(self) -> bool:
        """Make one update, and all that is due after it; the answer is whether a snapshot is.

        Raises Exploded when the update was not made.
        """
        started = time.perf_counter()
        learner, spec, knobs = self._learner, self._learner.spec, self._knobs
        step = learner.step + 1
        validates = step == spec.steps or step % max(APART, spec.steps // VALIDATIONS) == 0
        shows = validates or self._seconds >= self._show_at
        due = shows or self._seconds - self._yielded_at >= knobs.pace
        watched = shows or (due and (self._seconds >= self._watch_at or not knobs.pace))
        if watched:
            self._watch_at = self._seconds + WATCH_SECONDS
        self._last = learner.update(knobs, watched=watched)
        self._losses.append(self._last.loss)
        self._characters += self._last.characters
        if validates:
            self._validate(None if self.finished else GLANCE)
        if shows:
            self._show()
        if self._save_is_due():
            self._save()
        spent = time.perf_counter() - started
        self._seconds += spent
        self._session_seconds += spent
        if shows:
            self._log()
        return due

    def snapshot(self, stopped: str = "") -> Snapshot:
        """What can be seen now."""
        learner, knobs, last = self._learner, self._knobs, self._last
        found = Snapshot(
            spec=learner.spec,
            run=str(self._run.folder) if self._run is not None else "",
            knobs=knobs,
            step=learner.step,
            seconds=self._seconds,
            characters_per_second=self._speed,
            train_loss=self._train_loss,
            val_loss=self._val_loss,
            val_step=self._val_step,
            gradient_norm=last.norm if last else math.nan,
            learning_rate=last.rate if last else learner.spec.rate(learner.step + 1, knobs.learning_rate),
            update_ratios=last.ratios if last else {},
            baselines=self._text.baselines,
            parameters=sum(values.numel() for values in learner.parameters.values()),
            sample=self._sample,
            reading=self._reading,
            kept=self._kept,
            notices=self._notices,
            stopped=stopped,
        )
        self._yielded_at = self._seconds
        return found

    def turn(self, change: Change | None) -> bool:
        """Turn a knob from the next update on, and log it; the answer is whether there is something else to see."""
        if change is None:
            return False
        made = Change(change.knob, change.value, self._learner.step)
        self._changes = tuple(sorted((*self._changes, made), key=lambda one: one.step))
        if self._run is not None and change.knob not in NEVER_LOGGED:
            try:
                self._run.log_changes(one for one in self._changes if one.knob not in NEVER_LOGGED)
            except OSError as error:
                self._say_disk(error)
        if change.knob in TASTE:
            self._show()
        if change.knob == "pace" and not change.value:
            self._show_at = 0.0
        return change.knob != "pace"

    def end(self) -> None:
        """Keep the model as it is, if that was not done. Raises NotKept."""
        if self._run is not None and self._saved_step != self._learner.step:
            try:
                self._write()
            except OSError as error:
                raise NotKept(
                    f"The model of step {self._learner.step:,} could not be kept ({reason(error)}); {self._whole}."
                ) from None

    def _validate(self, most: int | None) -> None:
        self._val_loss, self._val_step = self._learner.validate(most), self._learner.step

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
        spent = time.perf_counter() - started
        self._show_at = self._seconds + max(SHOW_SECONDS, spent / SHOW_SHARE)

    def _save_is_due(self) -> bool:
        if self._run is None:
            return False
        grown = self._learner.step >= max(FIRST_SAVE, self._saved_step * checkpoints.SPACING)
        return self.finished or grown or self._seconds - self._saved_at >= SAVE_SECONDS

    def _save(self) -> None:
        if self._run is None:
            return
        try:
            self._write()
        except OSError as error:
            self._say_disk(error)

    def _write(self) -> None:
        assert self._run is not None
        learner = self._learner
        self._saved_at = self._seconds
        state = Checkpoint(
            learner.spec,
            self._text.characters,
            learner.step,
            learner.place,
            self._seconds,
            learner.tensors(),
            tuple(self._losses),
            self._val_loss,
            self._val_step,
        )
        checkpoints.save(self._run.checkpoints, state)
        self._saved_step, self._disk_said = learner.step, False
        self._kept = steps(self._run.checkpoints)

    def _log(self) -> None:
        """One line of metrics."""
        last = self._last
        if self._run is None:
            return
        line = {
            "step": self._learner.step,
            "seconds": round(self._seconds, 3),
            "train_bpc": self._train_loss / math.log(2) if self._losses else None,
            "val_bpc": self._val_loss / math.log(2) if self._val_step == self._learner.step else None,
            "gradient_norm": last.norm if last is not None else None,
            "learning_rate": last.rate if last is not None else None,
            "chars_per_second": round(self._speed),
            "update_ratios": last.ratios if last is not None else {},
            "sample": self._sample.text,
            "new": self._sample.new,
        }
        try:
            self._run.log_metrics(line)
        except OSError as error:
            self._say_disk(error)

    def _say_disk(self, error: OSError) -> None:
        """Say once, until it works again, that the run cannot be written."""
        if not self._disk_said:
            self._disk_said = True
            self._notices += (f"The run cannot be written ({reason(error)}); training goes on, and {self._whole}.",)

    @property
    def _whole(self) -> str:
        """What there is to go on from."""
        return f"the checkpoint at step {self._saved_step:,} is kept" if self._saved_step >= 0 else "nothing is kept"
