"""The shelf of runs: which was left unfinished, a place for the next one, and which have to go. No torch.

Runs that nobody named lie in one folder of the state; of these the oldest make room for new ones, so that the disk does
not fill up. A run that somebody named, moved or renamed is never touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from rnntui.core.regular import read
from rnntui.errors import BadInput
from rnntui.files import reason
from rnntui.training.folder import ASIDE, BESIDE, CHECKPOINTS, LARGEST_LOG, LOCK, SPEC, steps, taken
from rnntui.training.spec import CharModelSpec

UNNAMED: Final = "unnamed"
"""The file by which a run that nobody named is known; it says the name that the run was given."""
MOST: Final = 40
"""Runs that nobody named, at most."""
MOST_BYTES: Final = 1 << 30
"""Of all of them together; a run with 256 units has about 80 MB."""
LEAST: Final = 3
"""So many stay, however large they are."""
MOST_BESIDE: Final = 5
"""Earlier runs whose curves stay on the plot."""
LARGEST_NAMES: Final = 1 << 16


@dataclass(frozen=True)
class Kept:
    """A run that was not trained to its end."""

    folder: str
    step: int
    """Of its newest checkpoint."""
    spec: CharModelSpec
    taken: bool
    """Whether a process trains in it right now."""

    @property
    def name(self) -> str:
        """What it is called: stdlib-docs-lstm-3."""
        return Path(self.folder).name


def new_folder(runs: Path, title: str, others: Iterable[str] = ()) -> Path:
    """A new directory for a run that nobody named: stdlib-docs-lstm-1, stdlib-docs-lstm-2, …

    It exists when this returns, so that no second process takes it, and says which `others` its curve is compared
    with. Raises BadInput where it cannot be made.
    """
    try:
        runs.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            folder = runs / f"{title}-{number}"
            with suppress(FileExistsError):
                folder.mkdir()
                (folder / UNNAMED).write_text(folder.name, encoding="utf-8")
                if names := [Path(other).name for other in others]:
                    (folder / BESIDE).write_text("\n".join(names), encoding="utf-8")
                return folder
    except OSError as error:
        raise BadInput(f"No run can be kept in {str(runs)!r} ({reason(error)}).") from None
    raise AssertionError("count has no end")


def discard(folder: Path) -> None:
    """Remove a directory that `new_folder` made, where no run was begun in it."""
    if _is_unnamed(folder) and not (folder / SPEC).exists() and not taken(folder):
        with suppress(OSError):
            (folder / LOCK).unlink(missing_ok=True)
            (folder / BESIDE).unlink(missing_ok=True)
            (folder / UNNAMED).unlink()
            folder.rmdir()


def beside(folder: Path) -> tuple[Path, ...]:
    """The runs whose curves were on the plot when a run began, as far as they are still there."""
    try:
        data, _ = read(str(folder / BESIDE), LARGEST_NAMES)
    except BadInput:
        return ()
    names = data.decode(errors="replace").splitlines()
    found = (folder.parent / name for name in names if name == Path(name).name)
    return tuple(islice((other for other in found if spec_of(other) is not None), MOST_BESIDE))


def unfinished(runs: Path) -> Kept | None:
    """The newest run that was neither trained to its end nor put aside."""
    for folder in _newest_first(runs):
        known, spec = steps(folder / CHECKPOINTS), spec_of(folder)
        if known and spec is not None and known[-1] < spec.steps and not (folder / ASIDE).exists():
            return Kept(str(folder), known[-1], spec, taken(folder))
    return None


def spec_of(folder: Path) -> CharModelSpec | None:
    """What a run trains; None where that cannot be read."""
    try:
        return CharModelSpec.from_json(read(str(folder / SPEC), LARGEST_LOG)[0])
    except BadInput:
        return None


def put_aside(folder: Path) -> None:
    """Offer a run no more, until it is resumed; one that is trained in elsewhere is left alone."""
    if not taken(folder):
        with suppress(OSError):
            (folder / ASIDE).touch()


def prune(runs: Path, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
    """Remove the oldest runs that nobody named, until the others are few and small enough; never one in use."""
    used = 0
    for place, folder in enumerate(filter(_is_unnamed, _newest_first(runs))):
        used += sum(_size(file) for file in folder.rglob("*"))
        if place >= LEAST and (place >= most or used > most_bytes):
            with suppress(Timeout, OSError, NotImplementedError), FileLock(folder / LOCK).acquire(timeout=0):
                (folder / SPEC).unlink(missing_ok=True)  # from here on it is no run, should this be interrupted
                shutil.rmtree(folder, ignore_errors=True)


def _newest_first(runs: Path) -> Iterator[Path]:
    """The run directories by when they were last trained in."""
    with suppress(OSError):
        found = [(_trained_at(folder), folder) for folder in runs.iterdir() if folder.is_dir()]
        yield from (folder for _, folder in sorted(found, reverse=True))


def _trained_at(folder: Path) -> float:
    for place in (folder / CHECKPOINTS, folder):
        with suppress(OSError):
            return place.stat().st_mtime
    return 0.0


def _is_unnamed(folder: Path) -> bool:
    try:
        return (folder / UNNAMED).read_text(encoding="utf-8") == folder.name
    except (OSError, ValueError):
        return False


def _size(file: Path) -> int:
    with suppress(OSError):
        return file.lstat().st_size
    return 0
