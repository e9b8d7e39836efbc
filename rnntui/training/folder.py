"""A run directory as it lies on the disk: its files by name, who trains in it, what was logged. No torch.

So what is seen can tell which runs there are, and a second process knows that it may only look. The lock is the
system's: it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from rnntui.core.regular import read
from rnntui.errors import BadInput
from rnntui.training.record import Change

SPEC: Final = "spec.json"
METRICS: Final = "metrics.jsonl"
CHANGES: Final = "changes.jsonl"
CHECKPOINTS: Final = "checkpoints"
LOCK: Final = "lock"
ASIDE: Final = "aside"
"""A file that says: this run is not to be offered."""
BESIDE: Final = "beside"
"""A file with the names of the runs whose curves were on the plot when this one began, one a line."""
LARGEST_LOG: Final = 64 << 20


def require(folder: Path) -> None:
    """Refuse what is no run directory. Raises BadInput."""
    if not (os.path.lexists(folder) and folder.is_dir()):  # `is_dir` alone fails for a name that is too long
        raise BadInput(f"There is no run directory {str(folder)!r}; rnntui train makes one.")
    if not (folder / SPEC).is_file():
        raise BadInput(f"{str(folder)!r} is no run directory: it has no file {SPEC}; rnntui train makes one.")


def taken(folder: Path) -> bool:
    """Whether a process trains in a run directory, so that any other may only look at it."""
    file = folder / LOCK
    if not file.exists():
        return False
    try:
        with FileLock(file).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except (OSError, NotImplementedError):  # who cannot lock cannot write either, and will be told why
        return False


def steps(checkpoints: Path) -> tuple[int, ...]:
    """The steps of which there is a checkpoint, in order; whether each is whole shows when it is loaded."""
    names = (file.stem.removeprefix("step-") for file in checkpoints.glob("step-*.json"))
    return tuple(sorted(int(name) for name in names if name.isascii() and name.isdigit()))


def changes(folder: Path) -> tuple[Change, ...]:
    """The log of turned knobs, in order."""
    found = (_change(line) for line in _lines(folder / CHANGES))
    return tuple(change for change in found if change is not None)


def metrics(folder: Path) -> tuple[dict[str, Any], ...]:
    """The lines of metrics of a run, without one that a kill cut short."""
    return tuple(_lines(folder / METRICS))


def _lines(file: Path) -> list[dict[str, Any]]:
    if not os.path.lexists(file):
        return []
    data, _ = read(str(file), LARGEST_LOG)
    found = []
    for line in data.splitlines():
        try:
            fields = json.loads(line)
        except ValueError:
            continue
        if isinstance(fields, dict):
            found.append(fields)
    return found


def _change(fields: dict[str, Any]) -> Change | None:
    try:
        return Change(**fields)
    except (TypeError, BadInput):
        return None
