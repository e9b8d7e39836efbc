"""A network in somebody's file, and the scene that looks at it: what the file says, a scene need not."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from rnntui.cellname import own_cell
from rnntui.core import candidates
from rnntui.core.candidates import CELLS, Candidate
from rnntui.core.cellfile import cell_of
from rnntui.core.checkpoint import check
from rnntui.core.equations import load
from rnntui.core.parameters import Network, Parameters, layout
from rnntui.core.tensor_file import TensorFile, divide, plain
from rnntui.errors import BadInput
from rnntui.scene import Scene

Open = Callable[[str], TensorFile]
"""How a file is opened; whoever needs several tensors of one file opens it once."""
READ_FROM_FILE = ("cell", "hidden", "layers", "bidirectional")
"""The fields of a scene that the tensors of its weights say."""


@dataclass(frozen=True, eq=False)
class Model:
    """A network in a file."""

    file: TensorFile
    candidate: Candidate | None
    """None where no tensor has a name that torch gives: then the scene says what the network is."""

    @property
    def size(self) -> int | None:
        """D, the length of the vectors that it reads, as far as the file says it."""
        return self.candidate.size if self.candidate is not None else None

    def parameters(
        self, network: Network, dtype: torch.dtype, apart: Collection[str] = ()
    ) -> tuple[dict[str, Tensor], tuple[str, ...]]:
        """The parameters for a network, and what has to be said about them; tensors `apart` are not the network's.

        Raises BadInput if they do not fit.
        """
        if self.candidate is None:
            own = {name: values for name, values in self.file.tensors.items() if name not in apart}
            return check(own, network, dtype, self.file.path), ()
        found = candidates.parameters(self.file.tensors, self.candidate.prefix)
        notices = []
        if not self.candidate.biased:
            found |= {name: torch.zeros(shape) for name, shape in network.shapes.items() if name.startswith("bias")}
            notices.append(f"The network in {self.file.path!r} has no biases; they are read as zeros.")
        kinds = {values.dtype for values in found.values()}
        if any(kind.itemsize < dtype.itemsize for kind in kinds):
            notices.append(f"The weights {self.file.path!r} are {self.candidate.dtype}, widened to {plain(dtype)}.")
        elif any(kind.itemsize > dtype.itemsize for kind in kinds):
            notices.append(f"The weights {self.file.path!r} are {self.candidate.dtype}, rounded to {plain(dtype)}.")
        return check(found, network, dtype, self.file.path), tuple(notices)


def open_model(scene: Scene, opened: Open) -> Model:
    """The network that the scene's FILE[:PREFIX] names. Raises BadInput when it is not there, or does not say which."""
    path, prefix = divide(scene.weights)
    file = opened(path)
    if own_cell(scene.cell) is not None and prefix is None:
        return Model(file, None)  # its weights may be called as torch calls its own
    found = candidates.find(file.tensors)
    return Model(file, candidates.choose(found, prefix, path) if found or prefix is not None else None)


def agree(scene: Scene, candidate: Candidate) -> None:
    """Refuse a scene that says otherwise than its weights, naming both values."""
    for field in READ_FROM_FILE:
        _refuse_conflict(field, getattr(scene, field), candidate)


def follow(scene: Scene, model: Model, given: tuple[str, ...]) -> tuple[Scene, tuple[str, ...]]:
    """The scene with what the file of its weights says, and what the file leaves open.

    `given` names the fields that a person chose; the others follow the file. A file without torch's names says no cell,
    so there it has to be chosen. Raises BadInput, naming both values, for a field that says otherwise.
    """
    candidate = model.candidate
    notices = _idle(scene, given)
    if candidate is None and own_cell(scene.cell) is not None:
        said = {field: value for field, value in _own_sizes(scene, model.file.tensors).items() if field not in given}
        return _with(scene, said), notices
    if candidate is None and "cell" in given:
        return scene, notices
    if candidate is None:
        raise BadInput(
            f"{model.file.path!r} holds no RNN, LSTM or GRU: no tensor is called weight_ih_l0, with or without a "
            "prefix; 'rnntui inspect' lists what it holds."
        )
    for field in (field for field in READ_FROM_FILE if field in given):
        _refuse_conflict(field, getattr(scene, field), candidate)
    found: dict[str, object] = {
        field: getattr(candidate, field) for field in READ_FROM_FILE if field not in given or field != "cell"
    }
    if candidate.cell == "rnn" and "cell" not in given:
        notices += ("The file does not say tanh or relu; tanh is assumed, and --cell rnn-relu says relu.",)
    if candidate.dtype == "float64" and "dtype" not in given:
        found["dtype"] = "float64"
    prefix = f":{candidate.prefix}" if candidate.prefix else ""
    return _with(scene, found | {"weights": f"{model.file.path}{prefix}"}), notices


def _with(scene: Scene, found: dict[str, Any]) -> Scene:
    """The scene with these fields, its cursor pulled back into a smaller or one-way network."""
    low = {"layer": 0, "unit": 0, "direction": "forward"}
    placed = replace(scene, **(found | low))
    return replace(
        placed,
        layer=min(scene.layer, placed.layers - 1),
        unit=min(scene.unit, placed.hidden - 1),
        direction=scene.direction if placed.bidirectional else "forward",
    )


def _own_sizes(scene: Scene, tensors: Parameters) -> dict[str, object]:
    """What the weights of an own cell say of their network: xf_l1_reverse is of two layers in two directions."""
    kinds = "|".join(re.escape(kind) for kind, _ in layout(cell_of(scene)[0]).values())
    matches = ((re.fullmatch(rf"({kinds})_l(\d{{1,3}})(_reverse)?", name), name) for name in tensors)
    mine = [(int(match[2]), bool(match[3]), tensors[name]) for match, name in matches if match and tensors[name].dim()]
    if not mine:
        return {}
    layers, both = 1 + max(layer for layer, _, _ in mine), any(reverse for _, reverse, _ in mine)
    found = {"hidden": len(mine[0][2]), "layers": layers, "bidirectional": both}
    return found | ({"dtype": "float64"} if {each.dtype for _, _, each in mine} == {torch.float64} else {})


def _idle(scene: Scene, given: tuple[str, ...]) -> tuple[str, ...]:
    """What is said of chosen fields that change nothing, as nothing is drawn where the weights come from a file."""
    drawn = scene.length or scene.inputs == "random"
    idle = [f"--{field}" for field in ("seed", "init") if field in given and not (field == "seed" and drawn)]
    return (f"The weights come from a file, so {' and '.join(idle)} changed nothing.",) if idle else ()


def _refuse_conflict(field: str, said: object, candidate: Candidate) -> None:
    found = getattr(candidate, field)
    if field == "cell":
        if own_cell(str(said)) is None and CELLS.get(len(load(str(said)).gates)) == found:
            return
    elif said == found:
        return
    raise BadInput(
        f"{field} = {_word(said)} does not fit the weights: {candidate.name} is {candidate}; "
        f"they go with {field} = {_word(found)}."
    )


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
