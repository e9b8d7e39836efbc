"""Checkpoints that survive a kill, a full disk and a flipped bit: a safetensors file and a JSON sidecar each.

The sidecar is written last and holds the sha256 of both, so a checkpoint is either whole or not there. The newest few
are kept, and of older ones fewer the older they are, which is what a slider through a training needs.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError
from safetensors.torch import load as parse
from safetensors.torch import save as write_out
from torch import Tensor

from rnntui import __version__
from rnntui.core.regular import read
from rnntui.errors import BadInput, describe
from rnntui.files import write
from rnntui.models.charmodel import READOUT
from rnntui.training.data import Place
from rnntui.training.folder import steps
from rnntui.training.spec import CharModelSpec

FORMAT: Final = 1
RECENT: Final = 4
"""How many of the newest are all kept."""
SPACING: Final = 1.5
"""Of the older ones, each is kept that is so many times as old as the last one that was."""
LARGEST: Final = 1 << 30
LARGEST_SIDECAR: Final = 1 << 20


class Damaged(Exception):
    """A checkpoint that is not what was written."""


@dataclass(frozen=True)
class Checkpoint:
    """A training at one step."""

    spec: CharModelSpec
    characters: tuple[str, ...]
    step: int
    place: Place
    seconds: float
    tensors: Mapping[str, Tensor]
    losses: tuple[float, ...] = ()
    """Nats per character of the last updates, from which the curve of the training loss goes on."""
    val_loss: float = 0.0
    """Nats per character of the validation text, as last measured."""
    val_step: int = -1
    """The step at which that was; −1 before the first time."""


def save(folder: Path, found: Checkpoint) -> None:
    """Write a checkpoint whole or not at all, then remove those that are one too many. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    data = write_out({name: values.contiguous() for name, values in found.tensors.items()})
    about = {
        "format": FORMAT,
        "rnntui": __version__,
        "spec": json.loads(found.spec.to_json()),
        "characters": list(found.characters),
        "step": found.step,
        "epoch": found.place.epoch,
        "position": found.place.position,
        "seconds": found.seconds,
        "losses": found.losses,
        "val_loss": found.val_loss,
        "val_step": found.val_step,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    document = json.dumps(about | {"checksum": _checksum(about)}).encode()
    tensors, sidecar = _files(folder, found.step)
    sidecar.unlink(missing_ok=True)
    write(tensors, lambda stream: stream.write(data))
    write(sidecar, lambda stream: stream.write(document))
    _thin(folder)


def newest(folder: Path) -> tuple[Checkpoint, tuple[str, ...]]:
    """The newest checkpoint that is whole, and a notice for each newer one that is not.

    Raises BadInput when there is none, and for one of another version.
    """
    notices: list[str] = []
    for step in reversed(steps(folder)):
        try:
            return load(folder, step), tuple(notices)
        except Damaged as error:
            notices.append(f"The checkpoint at step {step:,} is damaged ({error}); the one before it is used.")
    raise BadInput(f"There is no usable checkpoint in {str(folder)!r}; it is no run of rnntui train, or it is damaged.")


def load(folder: Path, step: int) -> Checkpoint:
    """The checkpoint at this step. Raises Damaged, and BadInput for one of another version."""
    tensors_file, sidecar = _files(folder, step)
    try:
        document, _ = read(str(sidecar), LARGEST_SIDECAR)
        data, _ = read(str(tensors_file), LARGEST)
    except BadInput as error:
        raise Damaged(str(error).rstrip(".")) from None
    try:
        about: dict[str, Any] = json.loads(document)
        checksum = about.pop("checksum")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise Damaged("its sidecar was cut short") from None
    if checksum != _checksum(about):
        raise Damaged("its sidecar has changed")
    if about.get("format") != FORMAT:
        raise BadInput(f"The run has checkpoints of format {about.get('format')!r}, and {FORMAT} can be read.")
    if hashlib.sha256(data).hexdigest() != about.get("sha256"):
        raise Damaged("its tensors have changed or were cut short")
    try:
        tensors = parse(data)
    except (SafetensorError, KeyError, ValueError) as error:
        raise Damaged(f"its tensors cannot be read: {error}") from None
    try:
        found = Checkpoint(
            spec=CharModelSpec.from_fields({**about["spec"]}),
            characters=tuple(about["characters"]),
            step=about["step"],
            place=Place(about["epoch"], about["position"]),
            seconds=about["seconds"],
            tensors=tensors,
            losses=tuple(about.get("losses", ())),
            val_loss=about.get("val_loss", 0.0),
            val_step=about.get("val_step", -1),
        )
    except (KeyError, TypeError) as error:
        raise Damaged(f"its sidecar lacks something: {describe(error)}") from None
    if found.step != step or not _sound(found):
        raise Damaged("its sidecar says what no training wrote")
    if READOUT[1] in tensors and tensors[READOUT[1]].shape != (len(found.characters),):
        raise Damaged("it knows other characters than its model")
    return found


def _sound(found: Checkpoint) -> bool:
    """Whether every field is what it may be, whoever wrote it."""
    counts = ((found.step, 0), (found.place.epoch, 0), (found.place.position, 0), (found.val_step, -1))
    numbers = (found.seconds, found.val_loss, *found.losses)
    known = found.characters
    return (
        all(type(one) is int and one >= least for one, least in counts)
        and all(type(one) in (int, float) for one in numbers)
        and math.isfinite(found.seconds)
        and all(isinstance(one, str) and len(one) == 1 for one in known)
        and 0 < len(set(known)) == len(known)
    )


def fall_back(folder: Path, step: int) -> Checkpoint | None:
    """Remove the checkpoints after a step; the newest of the others that is whole, if there is one. Raises OSError."""
    for later in steps(folder):
        if later > step:
            _remove(folder, later)
    try:
        return newest(folder)[0]
    except BadInput:
        return None


def kept(known: Iterable[int]) -> Iterator[int]:
    """Of these steps, which are kept: the newest few, the first, and between them ever fewer."""
    newest_first = sorted(known, reverse=True)
    yield from newest_first[:RECENT]
    older = newest_first[RECENT:]
    last = None
    for step in reversed(older):
        if last is None or step >= max(last + 1, last * SPACING):
            yield step
            last = step


def _thin(folder: Path) -> None:
    known = steps(folder)
    for step in set(known).difference(kept(known)):
        _remove(folder, step)


def _remove(folder: Path, step: int) -> None:
    tensors, sidecar = _files(folder, step)
    sidecar.unlink(missing_ok=True)
    tensors.unlink(missing_ok=True)


def _files(folder: Path, step: int) -> tuple[Path, Path]:
    return folder / f"step-{step:09d}.safetensors", folder / f"step-{step:09d}.json"


def _checksum(about: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
