"""What a model of a run writes: any of its checkpoints, with the text it learned from or without."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torch import float32

from rnntui.errors import BadInput
from rnntui.models.charmodel import CharModel
from rnntui.models.sampler import Taste
from rnntui.training import checkpoints
from rnntui.training.checkpoints import Checkpoint, Damaged
from rnntui.training.folder import CHECKPOINTS, require, steps
from rnntui.training.learner import shape_of
from rnntui.training.look import write
from rnntui.training.owncell import changed

LONGEST = 1_000_000


@dataclass(frozen=True)
class Written:
    """What a model wrote."""

    prime: str
    text: str
    step: int
    """How long the model had learned."""
    notices: tuple[str, ...]


def sample(folder: str | Path, prime: str, length: int, taste: Taste, seed: int, step: int | None = None) -> Written:
    """What the model of a run writes after a prime; at a step, or at the newest checkpoint. Same seed, same text.

    Raises BadInput for a folder that holds no run, a step without a checkpoint, a length or a prime that does not fit.
    """
    if not 0 <= length <= LONGEST:
        raise BadInput(f"--length {length} is outside 0…{LONGEST:,}; choose a number between them.")
    if seed < 0:
        raise BadInput(f"--seed {seed} is negative; choose a number from 0 up.")
    found, notices = checkpoint(Path(folder), step)
    prime = prime or ("\n" if "\n" in found.characters else found.characters[0])
    for character in prime:
        if character not in found.characters:
            raise BadInput(f"The model never saw {character!r}; write a prime of {_shown(found.characters)}")
    text = write(model_of(found), found.characters, prime, length, taste, seed)
    return Written(prime, text, found.step, (*notices, *changed(found.spec)))


def model_of(found: Checkpoint) -> CharModel:
    """The model of a checkpoint. Raises BadInput for one whose cell cannot be read, or that is of another model."""
    shape = shape_of(found.spec, found.characters)
    try:
        parameters = {name: found.tensors[name] for name in shape.shapes}
    except KeyError:
        raise of_another_model(found) from None
    if any(parameters[name].shape != size or parameters[name].dtype != float32 for name, size in shape.shapes.items()):
        raise of_another_model(found)
    return CharModel(shape, parameters)


def of_another_model(found: Checkpoint) -> BadInput:
    """That a checkpoint has not the tensors that its spec asks for."""
    return BadInput(f"The checkpoint at step {found.step:,} is not of the model that its spec says; start a new run.")


def checkpoint(folder: Path, step: int | None) -> tuple[Checkpoint, tuple[str, ...]]:
    """The checkpoint of a run at a step, or its newest, and what had to be said. Raises BadInput without one."""
    require(folder)
    if step is None:
        return checkpoints.newest(folder / CHECKPOINTS)
    known = steps(folder / CHECKPOINTS)
    if step not in known:
        raise BadInput(f"The run has no checkpoint at step {step:,}; it has {', '.join(map(str, known)) or 'none'}.")
    try:
        return checkpoints.load(folder / CHECKPOINTS, step), ()
    except Damaged as error:
        raise BadInput(f"The checkpoint at step {step:,} is damaged ({error}); choose another one.") from None


def _shown(characters: tuple[str, ...]) -> str:
    visible = "".join(filter(str.isprintable, characters))
    return f"{visible if len(visible) <= 120 else visible[:119] + '…'} or a line's end."
