"""From a scene to all that it takes to run it: the tokens, their vectors, the network and its parameters.

Running it gives the trace, which is a record: numpy arrays and text, complete in itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import count
from typing import Final

import numpy as np
import torch
from torch import Tensor

from rnntui.core.byhand import Bounds, ByHand
from rnntui.core.byhand import read as read_by_hand
from rnntui.core.cellfile import cell_of
from rnntui.core.changes import initialise
from rnntui.core.model import Model, agree, open_model
from rnntui.core.parameters import Network, blocks, torch_names
from rnntui.core.reading import Read, read
from rnntui.core.readout import Linear, open_readout
from rnntui.core.sequence import Dense, OneHot, Sequence
from rnntui.core.tensor_file import TensorFile, divide, open_tensors
from rnntui.core.touched import edited, starts
from rnntui.core.trace import Inputs, Pass, Readout, Trace
from rnntui.core.trial import try_one_step
from rnntui.core.unroll import Values
from rnntui.errors import BadInput, counted
from rnntui.scene import Scene

UNTOUCHED: Final = ByHand()
MOST: Final = 2**26
"""How many numbers a trace, or a network, may have."""


@dataclass(frozen=True)
class Prepared:
    """All that it takes to run a scene."""

    asked: Scene
    found: Read
    network: Network
    parameters: dict[str, Tensor]
    said: tuple[str, ...] = ()
    """What had to be said about the parameters."""
    model: Model | None = None
    """Where the parameters come from, unless they are drawn."""
    readout: Linear | None = None
    by_hand: ByHand = UNTOUCHED
    """What the scene sets by hand; the parameters are without it."""
    pin: bool = True
    """Whether the scene says which content of a file of tensors was read, even where that was not asked about."""

    @cached_property
    def scene(self) -> Scene:
        """The scene with the sha256 of what was read; that of a large file takes a while, so it is asked for last."""
        hashes = dict(self.found.hashes)
        if self.model is not None:
            hashes["weights_sha256"] = self.model.file.sha256.hexdigest
        wanted = {field: sha256() for field, sha256 in hashes.items() if self.pin or field not in self.asked.unpinned}
        return replace(self.asked, **wanted)  # type: ignore[arg-type]

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """What had to be said about the input, and which files have changed since the scene was written."""
        changed = tuple(
            f"The {name} in {getattr(self.asked, name)!r} changed since this scene was written, so its numbers did too."
            for name in ("weights", "embedding", "vocab", "inputs")
            if getattr(self.asked, f"{name}_sha256").lower() not in ("", getattr(self.scene, f"{name}_sha256"))
        )
        return (*self.found.notices, *self.said, *changed)

    @property
    def tokens(self) -> tuple[str, ...]:
        """What is read, one a step."""
        return self.found.tokens

    @property
    def read(self) -> Sequence:
        """The vectors of the tokens."""
        return self.found.sequence

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Every token that could be read, in the order of its number."""
        return self.found.known

    @property
    def ids(self) -> Tensor | None:
        """(T,) the place of each token in the vocabulary; None where vectors do not come from tokens."""
        return self.found.ids

    def in_float64(self) -> Prepared:
        """The same numbers, to be computed with in float64; without a read-out."""
        read: Sequence
        if isinstance(self.read, OneHot):
            read = replace(self.read, dtype=torch.float64)
        else:
            read = Dense(self.read.vectors.double())
        doubles = {name: values.double() for name, values in self.parameters.items()}
        return replace(self, found=replace(self.found, sequence=read), parameters=doubles, readout=None)

    def edited(self) -> Prepared:
        """The same with the weights that are set by hand."""
        return replace(self, parameters=edited(self.parameters, self.by_hand))

    def trace(self, passes: Many[Values], by_hand: ByHand = UNTOUCHED) -> Trace:
        """The record of what the network computed, with so much set by hand."""
        cell = self.network.cell
        begun = starts(self.network, len(self.tokens), by_hand, passes[0][cell.states[0]].dtype)
        return Trace(
            scene=str(self.scene),
            cell=cell.name,
            doc=cell.doc,
            file=cell.file,
            equations=cell.equations,
            states=cell.states,
            tokens=self.tokens,
            inputs=_inputs(self.read),
            passes=tuple(map(self._pass, count(), passes, begun)),
            diagram=cell.diagram,
            sentence=cell.sentence,
            notices=self.notices,
            readout=self._predicted(passes),
            by_hand=by_hand,
        )

    def _pass(self, place: int, values: Values, begun: Mapping[str, Tensor]) -> Pass:
        cell, hidden = self.network.cell, self.network.hidden
        layer, direction = self.network.passes[place]
        weights = blocks(self.parameters, cell, layer, direction)
        arrays = {symbol: np.ascontiguousarray(value.numpy()) for symbol, value in values.items()}
        return Pass(
            layer=layer,
            direction=direction,
            initial={state: value.numpy() for state, value in begun.items()},
            values=arrays,
            weights={attribute: block.numpy() for attribute, block in weights.items()},
            torch_names=torch_names(cell, hidden, layer, direction),
        )

    def _predicted(self, passes: Many[Values]) -> Readout | None:
        if self.readout is None:
            return None
        last = passes[-(1 + self.network.bidirectional) :]
        output = torch.cat([one[self.network.cell.states[0]] for one in last], dim=1)  # (T, H x directions)
        return self.readout.predict(output, self.vocabulary, self.tokens)


def prepare(scene: Scene, like: Prepared | None = None, *, pin: bool = True) -> Prepared:
    """Read the scene's text and make its network; with `like`, a network for what that one reads.

    Without `pin` the sha256 of large files is left out of the scene where it does not say one itself. Raises BadInput
    for a text, a file, weights or an initialisation that cannot be used, and for what is too large.
    """
    dtype: torch.dtype = getattr(torch, scene.dtype)

    @cache
    def opened(path: str) -> TensorFile:
        file = open_tensors(path)
        if pin or not scene.unpinned:
            file.sha256.begin()
        return file

    model = open_model(scene, opened) if scene.weights else None
    if model is not None and model.candidate is not None:
        agree(scene, model.candidate)
    found = like.found if like is not None else read(scene, dtype, model.size if model is not None else None, opened)
    cell, scene, about_cell = cell_of(scene)
    network = Network(cell, found.sequence.size, scene.hidden, scene.layers, scene.bidirectional)
    _refuse_too_large(network)
    if model is None:
        drawn = initialise(network, scene.seed, scene.init, found.known if isinstance(found.sequence, OneHot) else None)
        made = {name: values.to(dtype) for name, values in drawn.items()}
        if not all(values.isfinite().all() for values in made.values()):
            raise BadInput(f"The initialisation {scene.init!r} makes numbers that are too large for {scene.dtype}.")
        prepared = Prepared(scene, found, network, made, about_cell)
    else:
        made, said = model.parameters(network, dtype, _apart(scene))
        columns = network.hidden * (1 + network.bidirectional)
        readout = open_readout(model.file, scene.readout, columns, dtype) if scene.readout else None
        prepared = Prepared(scene, found, network, made, (*about_cell, *said), model, readout)
    if cell.own:
        try_one_step(network, made, dtype)
    return replace(prepared, by_hand=_by_hand(scene, prepared), pin=pin)


def _apart(scene: Scene) -> frozenset[str]:
    """The names that the tensors of the scene's read-out and embedding may have in the file of the weights."""
    modules = [scene.readout.removesuffix(".weight")] if scene.readout else []
    if scene.embedding and divide(scene.embedding)[0] == divide(scene.weights)[0]:
        modules.append(divide(scene.embedding)[1] or "")
    return frozenset(name for one in modules for name in (one, f"{one}.weight", f"{one}.bias"))


def pinned(scene: Scene) -> Scene:
    """The scene with the sha256 of each file of tensors that it names without. Raises BadInput for a file that is gone.

    It takes as long as reading the files, which a first picture does not wait for.
    """
    named = {field: divide(getattr(scene, field.removesuffix("_sha256")))[0] for field in scene.unpinned}
    found = {field: open_tensors(path).sha256.hexdigest() for field, path in named.items()}
    return replace(scene, **found)  # type: ignore[arg-type]


def _by_hand(scene: Scene, prepared: Prepared) -> ByHand:
    """What the scene sets by hand. Raises BadInput for what is not there."""
    network = prepared.network
    symbols = tuple(equation.symbol for equation in network.cell.equations)
    sizes = network.layers, network.bidirectional, network.hidden, len(prepared.tokens)
    found = read_by_hand(scene.set)
    largest = torch.finfo(getattr(torch, scene.dtype)).max
    Bounds(symbols, network.cell.states, *sizes, network.shapes, largest).check(found)
    return found


def refuse_too_long(network: Network, steps: int, most: int = MOST, what: str = "trace") -> None:
    """Raise BadInput for more numbers than can be kept and looked at."""
    symbols, passes = len(network.cell.equations), len(network.passes)
    count = steps * network.hidden * symbols * passes
    if count > most:
        raise BadInput(
            f"The {what} would be {count:,} numbers ({counted(steps, 'step')} x {counted(network.hidden, 'unit')} x "
            f"{counted(symbols, 'symbol')} x {counted(passes, 'pass', 'passes')}), more than {most:,}; "
            "shorten the text, or choose fewer hidden units or layers."
        )


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
