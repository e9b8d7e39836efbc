"""The time machine: the model of any checkpoint, to be looked at again and to be opened in the other activities."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from rnntui.cellname import own_cell
from rnntui.core.checkpoint import save
from rnntui.errors import BadInput
from rnntui.files import reason, write
from rnntui.models.charmodel import EMBEDDING, READOUT
from rnntui.scene import PAST_THE_END, Scene
from rnntui.training import textcopy
from rnntui.training.checkpoints import Checkpoint
from rnntui.training.data import Text, prepare
from rnntui.training.features import FEATURES, correlations
from rnntui.training.folder import CHECKPOINTS, require, steps
from rnntui.training.look import fixed_sentence, reading, sample
from rnntui.training.neurons import Neurons
from rnntui.training.progress import Look
from rnntui.training.record import Knobs
from rnntui.training.sampling import checkpoint, model_of
from rnntui.training.spec import CharModelSpec

STRETCH: Final = 2000
"""Characters that the neuron view reads."""
OPENED: Final = "opened"
"""The folder of a run in which weights lie that other activities look at."""


def looked_back(folder: str | Path, step: int, knobs: Knobs) -> Look:
    """What could be seen of a run at its last checkpoint up to a step, had the knobs of sampling stood as they do.

    Raises BadInput for a folder that holds no run, one without checkpoints, or a text that has changed.
    """
    found = _at(folder, step)
    spec, model = found.spec, model_of(found)
    text = _text(Path(folder), spec)
    return Look(
        found.step,
        sample(model, found.characters, knobs, text.copies, spec.seed + found.step),
        reading(model, found.characters, fixed_sentence(text.training_text, found.characters)),
    )


def neurons(folder: str | Path, step: int, symbol: str) -> Neurons:
    """What a state or gate of every unit of the last layer does over validation text, at a run's last checkpoint up to
    a step.

    Raises BadInput as `looked_back` does.
    """
    found = _at(folder, step)
    text, model = _text(Path(folder), found.spec), model_of(found)
    read = "".join(found.characters[number] for number in text.validation[:STRETCH].tolist())
    units = reading(model, found.characters, read).layers[-1][symbol]
    return Neurons(found.step, read, units, tuple(FEATURES), correlations(read, units), symbol)


def opened(folder: str | Path, step: int, activity: str, unit: int) -> Scene:
    """The scene in which the weights of a run's last checkpoint up to a step read the fixed sentence.

    The weights are written beside the checkpoints, under torch's names, with the characters that they know and the
    equations of an own cell. Raises BadInput as `looked_back` does, and when they cannot be written.
    """
    found = _at(folder, step)
    spec, known = found.spec, found.characters
    tensors = dict(model_of(found).parameters)
    if spec.tied:
        tensors[READOUT[0]] = tensors[EMBEDDING].clone()  # a file holds no number twice
    place = Path(folder).absolute() / OPENED
    weights, vocabulary = place / f"step-{found.step}.safetensors", place / "characters.json"
    own, equations = own_cell(spec.cell), spec.equations.encode()
    kept = replace(own, file=str(place / Path(own.file).name)) if own is not None else None
    try:
        place.mkdir(exist_ok=True)
        write(vocabulary, lambda stream: stream.write(json.dumps(known).encode()))
        if kept is not None and not _holds(Path(kept.file), equations):  # somebody may watch it
            write(Path(kept.file), lambda stream: stream.write(equations))
    except OSError as error:
        raise BadInput(f"What the model knows cannot be written to {str(place)!r} ({reason(error)}).") from None
    save(tensors, weights)
    return Scene(
        activity=activity,
        cell=str(kept) if kept is not None else spec.cell,
        text=fixed_sentence(_text(Path(folder), spec).training_text, known),
        hidden=spec.hidden,
        layers=spec.layers,
        weights=str(weights),
        embedding=f"{weights}:{EMBEDDING}" if spec.embedding else "",
        vocab=str(vocabulary),
        readout=READOUT[0].rpartition(".")[0],
        unit=min(unit, spec.hidden - 1),
        t=PAST_THE_END if activity == "gradients" else 0,
    )


def _holds(file: Path, data: bytes) -> bool:
    return file.is_file() and file.read_bytes() == data


def _at(folder: str | Path, step: int) -> Checkpoint:
    """The last checkpoint of a run up to a step, or its first."""
    require(Path(folder))
    known = steps(Path(folder) / CHECKPOINTS)
    at = max((one for one in known if one <= step), default=known[0] if known else None)
    return checkpoint(Path(folder), at)[0]


@lru_cache(maxsize=1)
def _text(folder: Path, spec: CharModelSpec) -> Text:
    """What a run learns from; the last one is kept, as one goes from step to step."""
    return prepare(spec, textcopy.kept(folder, spec))[1]
