"""The one door to everything that computes: a handful of plain functions from a scene to a record.

No threads and no callbacks in here; whoever calls decides where it runs. Importing this imports torch.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import regex
import torch

from rnntui.core.equations import load
from rnntui.core.initial import draw
from rnntui.core.parameters import Network, blocks, torch_names
from rnntui.core.sequence import OneHot
from rnntui.core.trace import Array, Inputs, Pass, Trace
from rnntui.core.unroll import run
from rnntui.scene import Scene


def _tokens(scene: Scene) -> tuple[str, ...]:
    return tuple(regex.findall(r"\X", scene.text))


def _network(scene: Scene, size: int) -> Network:
    return Network(load(scene.cell), size, scene.hidden, scene.layers, scene.bidirectional)


@torch.inference_mode()
def trace(scene: Scene) -> Trace:
    """Everything that happens while the scene's network reads the scene's text.

    Raises BadInput for what cannot be read or would be too large.
    """
    tokens = _tokens(scene)
    vocabulary = list(dict.fromkeys(tokens))
    places = {token: place for place, token in enumerate(vocabulary)}
    network = _network(scene, len(vocabulary))
    cell = network.cell
    dtype = getattr(torch, scene.dtype)
    parameters = {name: values.to(dtype) for name, values in draw(network, scene.seed, vocabulary).items()}
    ids = torch.tensor([places[token] for token in tokens])
    passes = run(network, parameters, OneHot(ids, network.size, dtype))
    zeros = np.zeros(scene.hidden, dtype=scene.dtype)
    return Trace(
        scene=str(scene),
        cell=cell.name,
        doc=cell.doc,
        file=cell.file,
        equations=cell.equations,
        states=cell.states,
        tokens=tokens,
        inputs=Inputs(ids.numpy(), None, network.size),
        passes=tuple(
            Pass(
                layer,
                direction,
                dict.fromkeys(cell.states, zeros),
                {symbol: value.numpy() for symbol, value in values.items()},
                {name: block.numpy() for name, block in blocks(parameters, cell, layer, direction).items()},
                torch_names(cell, scene.hidden, layer, direction),
            )
            for (layer, direction), values in zip(network.passes, passes, strict=True)
        ),
        diagram=cell.diagram,
        sentence=cell.sentence,
    )


def parameters(scene: Scene) -> dict[str, Array]:
    """The scene's parameters under torch's names."""
    vocabulary = list(dict.fromkeys(_tokens(scene)))
    drawn = draw(_network(scene, len(vocabulary)), scene.seed, vocabulary)
    return {name: values.numpy().astype(scene.dtype) for name, values in drawn.items()}


def save_weights(scene: Scene, path: Path) -> None:
    """Write the scene's parameters as safetensors, under torch's names and only those."""
    from safetensors.numpy import save_file

    save_file(parameters(scene), path)
