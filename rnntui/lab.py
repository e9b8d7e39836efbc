"""The one door to everything that computes: plain functions from a scene or a spec to a record, or to several.

No threads and no callbacks in here; whoever calls decides where it runs. Importing this imports torch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor

from rnntui.core import checkpoint
from rnntui.core.changes import initialise
from rnntui.core.equations import load
from rnntui.core.initial import input_vectors
from rnntui.core.parameters import Network, blocks, torch_names
from rnntui.core.sequence import Dense, OneHot, Sequence
from rnntui.core.text import text_of
from rnntui.core.tokens import numbers, tokens, vocabulary
from rnntui.core.trace import Array, Inputs, Pass, Trace
from rnntui.core.unroll import Values, run
from rnntui.errors import BadInput
from rnntui.scene import Scene
from rnntui.training.budget import within
from rnntui.training.loop import resume, train
from rnntui.training.sampling import sample

__all__ = ["parameters", "resume", "sample", "save_weights", "trace", "train", "within"]

RANDOM_SIZE: Final = 16
"""D of random input vectors."""
MOST: Final = 2**26
"""How many numbers a trace, or a network, may have."""


@torch.inference_mode()
def trace(scene: Scene) -> Trace:
    """Everything that happens while the scene's network reads the scene's text.

    Raises BadInput for a text, a file, weights or an initialisation that cannot be used, and for what is too large.
    """
    prepared = _prepare(scene)
    network, cell = prepared.network, prepared.network.cell
    _refuse_too_long(network, len(prepared.tokens))
    values = run(network, prepared.parameters, prepared.read)
    return Trace(
        scene=str(prepared.scene),
        cell=cell.name,
        doc=cell.doc,
        file=cell.file,
        equations=cell.equations,
        states=cell.states,
        tokens=prepared.tokens,
        inputs=_inputs(prepared.read),
        passes=tuple(_record(prepared, place, one) for place, one in enumerate(values)),
        diagram=cell.diagram,
        sentence=cell.sentence,
        notices=prepared.notices,
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


@dataclass(frozen=True)
class _Prepared:
    """A scene whose text has been read and whose network has its weights."""

    scene: Scene
    """With the sha256 of what was read."""
    tokens: tuple[str, ...]
    read: Sequence
    network: Network
    parameters: dict[str, Tensor]
    notices: tuple[str, ...]


def _prepare(scene: Scene) -> _Prepared:
    dtype: torch.dtype = getattr(torch, scene.dtype)
    text = text_of(scene)
    found, notices = tokens(text, scene.tokens)
    known = vocabulary(found)
    read = _read(scene, found, known, dtype)
    network = Network(load(scene.cell), read.size, scene.hidden, scene.layers, scene.bidirectional)
    _refuse_too_large(network)
    scene = replace(scene, sha256=text.sha256)
    if scene.weights:
        made, sha256 = checkpoint.load(scene.weights, network, dtype)
        if scene.weights_sha256 and scene.weights_sha256.lower() != sha256:
            notices = (
                *notices,
                f"The weights {scene.weights!r} have changed since this scene was written, so its numbers have too.",
            )
        scene = replace(scene, weights_sha256=sha256)
    else:
        drawn = initialise(network, scene.seed, scene.init, known if isinstance(read, OneHot) else None)
        made = {name: values.to(dtype) for name, values in drawn.items()}
        if not all(values.isfinite().all() for values in made.values()):
            raise BadInput(f"The initialisation {scene.init!r} makes numbers that are too large for {scene.dtype}.")
    return _Prepared(scene, found, read, network, made, notices)


def _read(scene: Scene, found: tuple[str, ...], known: tuple[str, ...], dtype: torch.dtype) -> Sequence:
    if scene.tokens == "number":
        values = list(numbers(found, torch.finfo(dtype).max))
        return Dense(torch.tensor(values, dtype=dtype)[:, None])
    places = {token: place for place, token in enumerate(known)}
    ids = torch.tensor([places[token] for token in found])
    if scene.inputs == "random":
        return Dense(input_vectors(known, RANDOM_SIZE, scene.seed).to(dtype)[ids])
    return OneHot(ids, len(known), dtype)


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
        initial=dict.fromkeys(cell.states, np.zeros(hidden, dtype=prepared.scene.dtype)),
        values={symbol: np.ascontiguousarray(value.numpy()) for symbol, value in values.items()},
        weights={attribute: block.numpy() for attribute, block in weights.items()},
        torch_names=torch_names(cell, hidden, layer, direction),
    )


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
