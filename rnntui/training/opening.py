"""The weights of a checkpoint, written out for the other activities: into the cache, as a run may be another's.

There they lie by run and step. Those that were opened longest ago make room for new ones.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from rnntui.cellname import own_cell
from rnntui.core.checkpoint import save
from rnntui.errors import BadInput
from rnntui.files import reason, write
from rnntui.models.charmodel import EMBEDDING, READOUT
from rnntui.scene import PAST_THE_END, Scene
from rnntui.training.look import fixed_sentence
from rnntui.training.past import checkpoint_at, text_of
from rnntui.training.sampling import model_of
from rnntui.training.spec import CharModelSpec

MOST: Final = 50
"""Openings that are kept; of a model with 256 units each has about 1.5 MB."""


def opened(folder: str | Path, step: int, activity: str, unit: int, into: str | Path) -> Scene:
    """The scene in which the weights of a run's last checkpoint up to a step read the fixed sentence.

    The weights are written below `into`, under torch's names, with the characters that they know and the equations of
    an own cell. Raises BadInput as `past.looked_back` does, and when they cannot be written.
    """
    found = checkpoint_at(folder, step)
    spec, known = found.spec, found.characters
    tensors = dict(model_of(found).parameters)
    if spec.tied:
        tensors[READOUT[0]] = tensors[EMBEDDING].clone()  # a file holds no number twice
    place = _place(Path(into), Path(folder), spec, found.step)
    weights, vocabulary = place / "weights.safetensors", place / "characters.json"
    own, equations = own_cell(spec.cell), spec.equations.encode()
    kept = replace(own, file=str(place / Path(own.file).name)) if own is not None else None
    try:
        place.mkdir(parents=True, exist_ok=True)
        write(vocabulary, lambda stream: stream.write(json.dumps(known).encode()))
        if kept is not None and not _holds(Path(kept.file), equations):  # somebody may watch it
            write(Path(kept.file), lambda stream: stream.write(equations))
        os.utime(place)
    except OSError as error:
        raise BadInput(f"What the model knows cannot be written to {str(place)!r} ({reason(error)}).") from None
    save(tensors, weights)
    _prune(Path(into), place)
    return Scene(
        activity=activity,
        cell=str(kept) if kept is not None else spec.cell,
        text=fixed_sentence(text_of(Path(folder), spec).training_text, known),
        hidden=spec.hidden,
        layers=spec.layers,
        weights=str(weights),
        embedding=f"{weights}:{EMBEDDING}" if spec.embedding else "",
        vocab=str(vocabulary),
        readout=READOUT[0].rpartition(".")[0],
        unit=min(unit, spec.hidden - 1),
        t=PAST_THE_END if activity == "gradients" else 0,
    )


def _place(into: Path, folder: Path, spec: CharModelSpec, step: int) -> Path:
    """A folder of its own for a step of a run; another run that was later given the same directory has another."""
    run = folder.absolute()
    known = sha256(f"{run}\n{spec.to_json()}".encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return into.absolute() / f"{run.name}-{known}-step-{step}"


def _prune(into: Path, used: Path) -> None:
    """Remove the openings that were used longest ago, until the others are few; never this one."""
    with suppress(OSError):
        newest = sorted((one for one in into.iterdir() if one.name != used.name), key=_used_at, reverse=True)
        for one in newest[MOST - 1 :]:
            shutil.rmtree(one, ignore_errors=True)


def _used_at(folder: Path) -> float:
    with suppress(OSError):
        return folder.stat().st_mtime
    return 0.0


def _holds(file: Path, data: bytes) -> bool:
    return file.is_file() and file.read_bytes() == data
