"""The time machine: what the model of any checkpoint writes, and how it reads the fixed sentence."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rnntui.models.charmodel import CharModel, Shape
from rnntui.training import checkpoints
from rnntui.training.copies import Copies
from rnntui.training.data import prepare
from rnntui.training.look import fixed_sentence, reading, sample
from rnntui.training.progress import Look
from rnntui.training.record import Knobs
from rnntui.training.run import CHECKPOINTS, require
from rnntui.training.sampling import checkpoint
from rnntui.training.spec import CharModelSpec


def looked_back(folder: str | Path, step: int, knobs: Knobs) -> Look:
    """What could be seen of a run at its last checkpoint up to a step, had the knobs of sampling stood as they do.

    Raises BadInput for a folder that holds no run, one without checkpoints, or a text that has changed.
    """
    require(Path(folder))
    known_steps = checkpoints.steps(Path(folder) / CHECKPOINTS)
    at = max((one for one in known_steps if one <= step), default=known_steps[0] if known_steps else None)
    found, _ = checkpoint(Path(folder), at)
    spec = found.spec
    known, copies = _text(spec)
    shape = Shape(spec.cell, spec.hidden, spec.layers, spec.embedding, spec.tied, len(found.characters))
    model = CharModel(shape, {name: found.tensors[name] for name in shape.shapes})
    return Look(
        found.step,
        sample(model, found.characters, knobs, copies, spec.seed + found.step),
        reading(model, found.characters, fixed_sentence(known, found.characters)),
    )


@lru_cache(maxsize=1)
def _text(spec: CharModelSpec) -> tuple[str, Copies]:
    """The training text, and what knows its stretches; the last one is kept, as one goes from step to step."""
    _, text = prepare(spec)
    return text.training_text, Copies(text.training_text)
