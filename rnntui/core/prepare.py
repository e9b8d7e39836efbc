"""From a scene to all that it takes to run it: the tokens, their vectors, the network and its parameters.

Running it gives the trace, which is a record: numpy arrays and text, complete in itself.
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Final

import numpy as np
import torch
from torch import Tensor

from rnntui.core import checkpoint
from rnntui.core.changes import initialise
from rnntui.core.equations import load
from rnntui.core.initial import generator, input_vectors
from rnntui.core.parameters import Network, blocks, torch_names
from rnntui.core.sequence import Dense, OneHot, Sequence
from rnntui.core.text import text_of
from rnntui.core.tokens import numbers, tokens, vocabulary
from rnntui.core.trace import Inputs, Pass, Trace
from rnntui.core.unroll import Values
from rnntui.errors import BadInput
from rnntui.scene import Scene

RANDOM_SIZE: Final = 16
"""D of random input vectors."""
MOST: Final = 2**26
"""How many numbers a trace, or a network, may have."""


@dataclass(frozen=True)
class Prepared:
    """All that it takes to run a scene."""

    scene: Scene
    """With the sha256 of what was read."""
    tokens: tuple[str, ...]
    vocabulary: tuple[str, ...]
    """Every token that could be read, in the order of first appearance: the columns of one-hot inputs."""
    read: Sequence
    network: Network
    parameters: dict[str, Tensor]
    notices: tuple[str, ...]

    @property
    def ids(self) -> Tensor | None:
        """(T,) the place of each token in the vocabulary; None for numbers, which have none."""
        if self.scene.tokens == "number":
            return None
        places = {token: place for place, token in enumerate(self.vocabulary)}
        return torch.tensor([places[token] for token in self.tokens])

    def in_float64(self) -> Prepared:
        """The same numbers, to be computed with in float64."""
        read: Sequence
        if isinstance(self.read, OneHot):
            read = replace(self.read, dtype=torch.float64)
        else:
            read = Dense(self.read.vectors.double())
        doubles = {name: values.double() for name, values in self.parameters.items()}
        return replace(self, read=read, parameters=doubles)

    def trace(self, passes: Many[Values]) -> Trace:
        """The record of what the network computed."""
        cell = self.network.cell
        return Trace(
            scene=str(self.scene),
            cell=cell.name,
            doc=cell.doc,
            file=cell.file,
            equations=cell.equations,
            states=cell.states,
            tokens=self.tokens,
            inputs=_inputs(self.read),
            passes=tuple(self._pass(place, values) for place, values in enumerate(passes)),
            diagram=cell.diagram,
            sentence=cell.sentence,
            notices=self.notices,
        )

    def _pass(self, place: int, values: Values) -> Pass:
        cell, hidden = self.network.cell, self.network.hidden
        layer, direction = self.network.passes[place]
        weights = blocks(self.parameters, cell, layer, direction)
        arrays = {symbol: np.ascontiguousarray(value.numpy()) for symbol, value in values.items()}
        return Pass(
            layer=layer,
            direction=direction,
            initial={state: np.zeros(hidden, dtype=arrays[state].dtype) for state in cell.states},
            values=arrays,
            weights={attribute: block.numpy() for attribute, block in weights.items()},
            torch_names=torch_names(cell, hidden, layer, direction),
        )


def prepare(scene: Scene) -> Prepared:
    """Read the scene's text and make its network.

    Raises BadInput for a text, a file, weights or an initialisation that cannot be used, and for what is too large.
    """
    dtype: torch.dtype = getattr(torch, scene.dtype)
    scene, found, known, notices = _tokens(scene)
    read = _read(scene, found, known, dtype)
    network = Network(load(scene.cell), read.size, scene.hidden, scene.layers, scene.bidirectional)
    _refuse_too_large(network)
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
    return Prepared(scene, found, known, read, network, made, notices)


def refuse_too_long(network: Network, steps: int, most: int = MOST, what: str = "trace") -> None:
    """Raise BadInput for more numbers than can be kept and looked at."""
    symbols, passes = len(network.cell.equations), len(network.passes)
    count = steps * network.hidden * symbols * passes
    if count > most:
        raise BadInput(
            f"The {what} would be {count:,} numbers ({steps:,} steps x {network.hidden} units x {symbols} symbols x "
            f"{passes} passes), more than {most:,}; shorten the text, or choose fewer hidden units or layers."
        )


def _tokens(scene: Scene) -> tuple[Scene, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The scene with its sha256, the tokens that are read, all that there could be, and the notices."""
    notices: tuple[str, ...] = ()
    if scene.length and not (scene.text or scene.file):
        if scene.tokens == "number":
            raise BadInput("There are no numbers to draw from; give some, such as 0,0.5,1, to draw with length=.")
        found = tuple(ascii_lowercase)
    else:
        text = text_of(scene)
        found, notices = tokens(text, scene.tokens)
        scene = replace(scene, sha256=text.sha256)
    known = vocabulary(found)
    if scene.length:
        source = generator(scene.seed, "tokens")
        found = tuple(known[place] for place in torch.randint(len(known), (scene.length,), generator=source).tolist())
    return scene, found, known, notices


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


def _refuse_too_large(network: Network) -> None:
    count = sum(int(np.prod(shape, dtype=np.int64)) for shape in network.shapes.values())
    if count > MOST:
        raise BadInput(
            f"The network would have {count:,} parameters, more than {MOST:,}; choose fewer hidden units or layers, "
            "or a text with fewer different tokens."
        )
