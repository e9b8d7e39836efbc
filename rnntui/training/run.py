"""A run directory that is written to: the spec, the log of turned knobs, the metrics and the checkpoints.

One process writes to it; a lock keeps the second one out. What a kill left half written at the end of a log is dropped
when the run is opened again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from rnntui.core.regular import read
from rnntui.errors import BadInput
from rnntui.files import flush, reason, write
from rnntui.training import checkpoints
from rnntui.training.checkpoints import Checkpoint
from rnntui.training.folder import (
    ASIDE,
    CHANGES,
    CHECKPOINTS,
    LARGEST_LOG,
    LOCK,
    METRICS,
    SPEC,
    metrics,
    require,
    steps,
)
from rnntui.training.record import Change
from rnntui.training.spec import CharModelSpec

A_LOOK: Final = 0.5
"""Seconds to wait for the lock, which somebody who only looks holds for a moment."""


class Run:
    """A run directory that is open for writing; to be closed."""

    def __init__(self, folder: Path) -> None:
        """Take the lock. Raises BadInput when another process has it or the folder cannot be written to."""
        self.folder = folder
        self.checkpoints = folder / CHECKPOINTS
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / LOCK)
            self._lock.acquire(timeout=A_LOOK)
        except Timeout:
            raise BadInput(
                f"Another rnntui is training in {str(folder)!r}, so it can only be looked at; "
                "wait for it, stop it, or name another directory."
            ) from None
        except (OSError, NotImplementedError) as error:
            raise unusable(folder, error) from None

    @classmethod
    def create(cls, folder: Path, spec: CharModelSpec) -> Run:
        """Begin a run in a directory.

        Raises BadInput where one is already, or a file that would be written over, or nothing can be written.
        """
        for name in (METRICS, CHANGES):
            if os.path.lexists(folder / name) and not os.path.lexists(folder / SPEC):
                raise BadInput(f"{str(folder)!r} has a file {name!r} that is no run's; name another directory.")
        run = cls(folder)
        if (folder / SPEC).exists() or steps(run.checkpoints):
            run.close()
            raise BadInput(f"{str(folder)!r} holds a run already; go on with it by --resume, or name another one.")
        try:
            run.checkpoints.mkdir(exist_ok=True)
            run.write_spec(spec)
        except OSError as error:
            run.close()
            raise unusable(folder, error) from None
        flush(folder.parent)
        return run

    @classmethod
    def reopen(cls, folder: Path) -> tuple[Run, Checkpoint | CharModelSpec, tuple[str, ...]]:
        """Go on with a run: from its newest whole checkpoint, or its spec if it never wrote one; with notices.

        Raises BadInput for a directory that holds no run, or one of another version, where a second process has it, and
        where nothing can be written.
        """
        require(folder)
        run = cls(folder)
        try:
            (folder / ASIDE).unlink(missing_ok=True)
            if not steps(run.checkpoints):
                run._keep_metrics(-1)
                data, _ = read(str(folder / SPEC), LARGEST_LOG)
                return run, CharModelSpec.from_json(data), ()
            found, notices = checkpoints.newest(run.checkpoints)
            run._keep_metrics(found.step)
        except OSError as error:
            run.close()
            raise unusable(folder, error) from None
        except BaseException:
            run.close()
            raise
        return run, found, notices

    def write_spec(self, spec: CharModelSpec) -> None:
        """Keep the spec. Raises OSError."""
        write(self.folder / SPEC, lambda stream: stream.write(spec.to_json().encode() + b"\n"))

    def log_changes(self, changes: Iterable[Change]) -> None:
        """Replace the log of turned knobs, so that a resumed run turns them at the same steps. Raises OSError."""
        lines = "".join(json.dumps(change.to_fields()) + "\n" for change in changes)
        write(self.folder / CHANGES, lambda stream: stream.write(lines.encode()))

    def log_metrics(self, line: Mapping[str, object]) -> None:
        """Add one line of metrics. Raises OSError."""
        with (self.folder / METRICS).open("ab") as stream:
            stream.write(json.dumps(line).encode() + b"\n")

    def close(self) -> None:
        """Let another process have it."""
        self._lock.release()

    def _keep_metrics(self, step: int) -> None:
        """Forget what was measured after the checkpoint: it will be measured again."""
        found = ((line.get("step"), line) for line in metrics(self.folder))
        kept = [line for at, line in found if isinstance(at, int) and at <= step]
        data = "".join(json.dumps(line) + "\n" for line in kept).encode()
        write(self.folder / METRICS, lambda stream: stream.write(data))


def unusable(folder: Path, error: BaseException) -> BadInput:
    """Why a run directory cannot be written to."""
    return BadInput(f"The run directory {str(folder)!r} cannot be used ({reason(error)}).")
