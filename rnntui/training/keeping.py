"""What a training writes into its run directory while it goes on. A disk that is full costs a notice, not the training.

Without a run directory nothing is kept, and nothing of this does anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rnntui.errors import BadInput
from rnntui.files import reason
from rnntui.training import checkpoints
from rnntui.training.checkpoints import Checkpoint
from rnntui.training.folder import steps
from rnntui.training.record import NEVER_LOGGED, Change
from rnntui.training.run import Run


class NotKept(BadInput):
    """A model that could not be written when its training ended."""


class Keeper:
    """Writes to a run directory, if there is one, and says once, until it works again, that it cannot."""

    def __init__(self, run: Run | None, notices: tuple[str, ...] = ()) -> None:
        self._run = run
        self.notices = notices
        """All of this stretch: whoever leaves out a snapshot finds them in the next."""
        self.kept = steps(run.checkpoints) if run is not None else ()
        """The steps that have a checkpoint."""
        self.saved_step = -1
        """Of the newest checkpoint that is known to be whole."""
        self._said = False

    @property
    def folder(self) -> str:
        """The run directory, or nothing."""
        return str(self._run.folder) if self._run is not None else ""

    def save(self, state: Checkpoint) -> None:
        """Write a checkpoint, or say that it cannot be written."""
        try:
            self._write(state)
        except OSError as error:
            self._say(error)

    def end(self, state: Checkpoint) -> None:
        """Write the last checkpoint. Raises NotKept."""
        try:
            self._write(state)
        except OSError as error:
            raise NotKept(
                f"The model of step {state.step:,} could not be kept ({reason(error)}); {self._whole}."
            ) from None

    def log(self, line: Mapping[str, object]) -> None:
        """Add one line of metrics."""
        if self._run is not None:
            try:
                self._run.log_metrics(line)
            except OSError as error:
                self._say(error)

    def log_changes(self, changes: Iterable[Change]) -> None:
        """Replace the log of turned knobs by these, without those that change nothing of a run."""
        if self._run is not None:
            try:
                self._run.log_changes(one for one in changes if one.knob not in NEVER_LOGGED)
            except OSError as error:
                self._say(error)

    def fall_back(self, step: int) -> Checkpoint | None:
        """The newest whole checkpoint up to a step, if there is one; those after that step are removed."""
        if self._run is None:
            return None
        try:
            found = checkpoints.fall_back(self._run.checkpoints, step)
        except OSError as error:
            self._say(error)
            found = None
        self.kept = steps(self._run.checkpoints)
        self.saved_step = found.step if found is not None else -1
        return found

    def _write(self, state: Checkpoint) -> None:
        if self._run is not None:
            checkpoints.save(self._run.checkpoints, state)
            self.saved_step, self._said = state.step, False
            self.kept = steps(self._run.checkpoints)

    def _say(self, error: OSError) -> None:
        if not self._said:
            self._said = True
            self.notices += (f"The run cannot be written ({reason(error)}); training goes on, and {self._whole}.",)

    @property
    def _whole(self) -> str:
        """What there is to go on from."""
        return f"the checkpoint at step {self.saved_step:,} is kept" if self.saved_step >= 0 else "nothing is kept"
