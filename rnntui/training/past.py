"""The time machine: the model of any checkpoint, to be looked at again."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from rnntui.training import textcopy
from rnntui.training.checkpoints import Checkpoint
from rnntui.training.data import Text, prepare
from rnntui.training.features import FEATURES, constants, correlations
from rnntui.training.folder import CHECKPOINTS, require, steps
from rnntui.training.look import fixed_sentence, reading, sample
from rnntui.training.neurons import Neurons
from rnntui.training.progress import Look
from rnntui.training.record import Knobs
from rnntui.training.sampling import checkpoint, model_of
from rnntui.training.spec import CharModelSpec

STRETCH: Final = 2000
"""Characters that the neuron view reads."""


def looked_back(folder: str | Path, step: int, knobs: Knobs) -> Look:
    """What could be seen of a run at its last checkpoint up to a step, had the knobs of sampling stood as they do.

    Raises BadInput for a folder that holds no run, one without checkpoints, or a text that has changed.
    """
    found = checkpoint_at(folder, step)
    spec, model = found.spec, model_of(found)
    text = text_of(Path(folder), spec)
    return Look(
        found.step,
        sample(model, found.characters, knobs, text.copies, spec.seed + found.step),
        reading(model, found.characters, fixed_sentence(text.training_text, found.characters)),
    )


def neurons(folder: str | Path, step: int, symbol: str) -> Neurons:
    """What a state or gate of every unit of the last layer does over validation text, at a run's last checkpoint up to
    a step; ranked by the first property that one can follow.

    Raises BadInput as `looked_back` does.
    """
    found = checkpoint_at(folder, step)
    text, model = text_of(Path(folder), found.spec), model_of(found)
    read = "".join(found.characters[number] for number in text.validation[:STRETCH].tolist())
    units = reading(model, found.characters, read).layers[-1][symbol]
    chosen = next((place for place, name in enumerate(FEATURES) if name not in constants(read)), 0)
    return Neurons(found.step, read, units, tuple(FEATURES), correlations(read, units), symbol, chosen)


def checkpoint_at(folder: str | Path, step: int) -> Checkpoint:
    """The last checkpoint of a run up to a step, or its first."""
    require(Path(folder))
    known = steps(Path(folder) / CHECKPOINTS)
    at = max((one for one in known if one <= step), default=known[0] if known else None)
    return checkpoint(Path(folder), at)[0]


@lru_cache(maxsize=1)
def text_of(folder: Path, spec: CharModelSpec) -> Text:
    """What a run learns from; the last one is kept, as one goes from step to step."""
    return prepare(spec, textcopy.kept(folder, spec))[1]
