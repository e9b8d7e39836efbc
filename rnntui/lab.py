"""The one door to everything that computes: a handful of plain functions from a scene to a record.

No threads and no callbacks in here; whoever calls decides where it runs. Importing this imports torch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor

from rnntui.core import checkpoint
from rnntui.core.changes import initialise
from rnntui.core.contents import Contents, contents
from rnntui.core.equations import load
from rnntui.core.model import Model, agree, follow, open_model
from rnntui.core.parameters import Network, blocks, torch_names
from rnntui.core.reading import Read, read
from rnntui.core.readout import Linear, open_readout
from rnntui.core.sequence import OneHot, Sequence
from rnntui.core.tensor_file import open_tensors
from rnntui.core.trace import Array, Inputs, Pass, Readout, Trace
from rnntui.core.unroll import Values, run
from rnntui.errors import BadInput
from rnntui.scene import Scene

MOST: Final = 2**26
"""How many numbers a trace, or a network, may have."""


@torch.inference_mode()
def trace(scene: Scene) -> Trace:
    """Everything that happens while the scene's network reads the scene's text.

    Raises BadInput for a text, a file, weights or an initialisation that cannot be used, and for what is too large.
    """
    prepared = _prepare(scene)
    network, cell = prepared.network, prepared.network.cell
    _refuse_too_long(network, len(prepared.found.tokens))
    values = run(network, prepared.parameters, prepared.found.sequence)
    return Trace(
        scene=str(prepared.scene),
        cell=cell.name,
        doc=cell.doc,
        file=cell.file,
        equations=cell.equations,
        states=cell.states,
        tokens=prepared.found.tokens,
        inputs=_inputs(prepared.found.sequence),
        passes=tuple(_record(prepared, place, one) for place, one in enumerate(values)),
        diagram=cell.diagram,
        sentence=cell.sentence,
        notices=prepared.notices,
        readout=_predicted(prepared, values),
    )


@torch.inference_mode()
def parameters(scene: Scene) -> dict[str, Array]:
    """The parameters of the scene's network under torch's names. Raises BadInput as `trace` does."""
    return {name: values.numpy() for name, values in _prepare(scene).parameters.items()}


@torch.inference_mode()
def save_weights(scene: Scene, path: str | Path) -> None:
    """Write the parameters of the scene's network as safetensors, under torch's names and only those.

    Raises BadInput as `trace` does, and when the file cannot be written.
    """
    checkpoint.save(_prepare(scene).parameters, path)


def adopt(scene: Scene, given: tuple[str, ...] = ()) -> tuple[Scene, tuple[str, ...]]:
    """The scene with the cell and the sizes that the file of its weights says, and what the file leaves open.

    `given` names the fields of the scene that a person chose. Raises BadInput when the file holds no recurrent network,
    or several and the scene does not name one, or one that a given field does not fit.
    """
    return follow(scene, open_model(scene.weights, open_tensors), given)


@torch.inference_mode()
def check(scene: Scene) -> None:
    """Raise what `trace` would raise about the text, the files and the weights of a scene, without the trace."""
    _prepare(scene)


def inspect(path: str) -> Contents:
    """What a file of tensors holds. Raises BadInput for one that cannot be read."""
    return contents(open_tensors(path))


@dataclass(frozen=True)
class _Prepared:
    """A scene whose text has been read and whose network has its weights."""

    asked: Scene
    found: Read
    network: Network
    parameters: dict[str, Tensor]
    model: Model | None = None
    """Where the parameters come from, unless they are drawn."""
    said: tuple[str, ...] = ()
    """What had to be said about the parameters."""
    readout: Linear | None = None

    @cached_property
    def scene(self) -> Scene:
        """The scene with the sha256 of what was read; that of a large file takes a while, so it is asked for last."""
        hashes = {field: sha256() for field, sha256 in self.found.hashes.items()}
        if self.model is not None:
            hashes["weights_sha256"] = self.model.file.sha256.hexdigest()
        return replace(self.asked, **hashes)  # type: ignore[arg-type]

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """What had to be said about the input, and which files have changed since the scene was written."""
        changed = tuple(
            f"The {name} in {getattr(self.asked, name)!r} changed since this scene was written, so its numbers did too."
            for name in ("weights", "embedding", "vocab", "inputs")
            if getattr(self.asked, f"{name}_sha256").lower() not in ("", getattr(self.scene, f"{name}_sha256"))
        )
        return (*self.found.notices, *self.said, *changed)


def _prepare(scene: Scene) -> _Prepared:
    dtype: torch.dtype = getattr(torch, scene.dtype)
    opened = cache(open_tensors)
    model = open_model(scene.weights, opened) if scene.weights else None
    if model is not None and model.candidate is not None:
        agree(scene, model.candidate)
    found = read(scene, dtype, model.size if model is not None else None, opened)
    network = Network(load(scene.cell), found.sequence.size, scene.hidden, scene.layers, scene.bidirectional)
    _refuse_too_large(network)
    if model is None:
        drawn = initialise(network, scene.seed, scene.init, found.known if isinstance(found.sequence, OneHot) else None)
        made = {name: values.to(dtype) for name, values in drawn.items()}
        if not all(values.isfinite().all() for values in made.values()):
            raise BadInput(f"The initialisation {scene.init!r} makes numbers that are too large for {scene.dtype}.")
        return _Prepared(scene, found, network, made)
    made, said = model.parameters(network, dtype)
    columns = network.hidden * (1 + network.bidirectional)
    readout = open_readout(model.file, scene.readout, columns, dtype) if scene.readout else None
    return _Prepared(scene, found, network, made, model, said, readout)


def _inputs(read: Sequence) -> Inputs:
    if isinstance(read, OneHot):
        return Inputs(read.ids.numpy(), None, read.size)
    return Inputs(None, read.vectors.numpy(), read.size)


def _record(prepared: _Prepared, place: int, values: Values) -> Pass:
    cell, hidden = prepared.network.cell, prepared.network.hidden
    layer, direction = prepared.network.passes[place]
    weights = blocks(prepared.parameters, cell, layer, direction)
    return Pass(
        layer=layer,
        direction=direction,
        initial=dict.fromkeys(cell.states, np.zeros(hidden, dtype=prepared.asked.dtype)),
        values={symbol: np.ascontiguousarray(value.numpy()) for symbol, value in values.items()},
        weights={attribute: block.numpy() for attribute, block in weights.items()},
        torch_names=torch_names(cell, hidden, layer, direction),
    )


def _predicted(prepared: _Prepared, values: list[Values]) -> Readout | None:
    if prepared.readout is None:
        return None
    last = values[-(1 + prepared.network.bidirectional) :]
    output = torch.cat([one[prepared.network.cell.states[0]] for one in last], dim=1)  # (T, H x directions)
    return prepared.readout.predict(output, prepared.found.known, prepared.found.tokens)


def _refuse_too_long(network: Network, steps: int) -> None:
    symbols, passes = len(network.cell.equations), len(network.passes)
    count = steps * network.hidden * symbols * passes
    if count > MOST:
        raise BadInput(
            f"The trace would be {count:,} numbers ({steps:,} steps x {network.hidden} units x {symbols} symbols x "
            f"{passes} passes), more than {MOST:,}; shorten the text, or choose fewer hidden units or layers."
        )


def _refuse_too_large(network: Network) -> None:
    count = sum(int(np.prod(shape, dtype=np.int64)) for shape in network.shapes.values())
    if count > MOST:
        raise BadInput(
            f"The network would have {count:,} parameters, more than {MOST:,}; choose fewer hidden units or layers, "
            "or a text with fewer different tokens."
        )
