"""The one door to everything that computes: plain functions from a scene or a spec to a record, or to several.

No threads and no callbacks in here; whoever calls decides where it runs. Importing this imports torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from rnntui import versus
from rnntui.core import checkpoint
from rnntui.core.contents import Contents, contents
from rnntui.core.flow import Gradients, Spectrum, Study
from rnntui.core.gradients import curves, record
from rnntui.core.gradients import spectrum as spectra
from rnntui.core.model import follow, open_model
from rnntui.core.prepare import Prepared, pinned, prepare, refuse_too_long
from rnntui.core.tensor_file import open_tensors
from rnntui.core.touched import run_touched, run_untouched
from rnntui.core.trace import Array, Trace
from rnntui.core.unroll import run
from rnntui.errors import BadInput
from rnntui.scene import Scene
from rnntui.training import data, loop, opening, owncell, past
from rnntui.training.budget import within
from rnntui.training.loop import Training
from rnntui.training.neurons import Neurons
from rnntui.training.progress import Look
from rnntui.training.record import Change, Knobs, Snapshot
from rnntui.training.sampling import sample
from rnntui.training.spec import CharModelSpec

__all__ = ["parameters", "pinned", "read_cell", "resume", "sample", "save_weights", "trace", "train", "within"]


@torch.inference_mode()
def trace(scene: Scene, pin: bool = True) -> Trace:
    """Everything that happens while the scene's network reads the scene's text.

    Without `pin` it does not wait for the sha256 of a large file of weights; `pinned` finds it. Raises BadInput for a
    text, a file, weights or an initialisation that cannot be used, and for what is too large.
    """
    return _traced(prepare(scene, pin=pin))


def _traced(prepared: Prepared) -> Trace:
    network, read, by_hand = prepared.network, prepared.read, prepared.by_hand
    refuse_too_long(network, len(read))
    route = partial(run_touched, by_hand=by_hand) if by_hand else run
    return _said(prepared.edited().trace(route(network, prepared.parameters, read), by_hand))


def _said(trace: Trace) -> Trace:
    """The trace with a notice where its numbers are no longer finite."""
    place = trace.endless
    if place is None:
        return trace
    lane = f"layer {place.layer}{', backward' if place.direction == 'backward' else ''}"
    notice = (
        f"From t = {place.t} on, {place.symbol} is no finite number ({lane}): it grew past what a float holds, or is "
        "undefined."
    )
    return replace(trace, notices=(*trace.notices, notice))


@torch.inference_mode()
def lockstep(scene: Scene, pin: bool = True) -> tuple[Trace, Trace]:
    """The trace of a scene and of what it says stands beside it, on the same input.

    Raises BadInput as `trace` does, for either, and for what cannot stand beside it.
    """
    beside = versus.other(scene)
    first = prepare(scene, pin=pin)
    if scene.versus == versus.UNTOUCHED:
        one, second = _traced(first), _untouched(first)
    else:
        one, second = _traced(first), _traced(prepare(beside, like=first, pin=pin))
    told = (f"Beside it: {notice}" for notice in second.notices if notice not in one.notices)
    return replace(one, notices=(*one.notices, *told), alongside=second), replace(second, alongside=one)


@torch.inference_mode()
def untouched(scene: Scene) -> Trace:
    """The trace of a scene without what it sets by hand, to take the difference to.

    Both are computed by the same route, so that a setting which changes nothing differs by exactly 0. Raises BadInput
    as `trace` does.
    """
    return _untouched(prepare(scene))


def _untouched(prepared: Prepared) -> Trace:
    refuse_too_long(prepared.network, len(prepared.read))
    return prepared.trace(run_untouched(prepared.network, prepared.parameters, prepared.read, prepared.by_hand))


@torch.inference_mode()
def parameters(scene: Scene) -> dict[str, Array]:
    """The parameters of the scene's network under torch's names. Raises BadInput as `trace` does."""
    return {name: values.numpy() for name, values in prepare(scene).parameters.items()}


@torch.inference_mode()
def save_weights(scene: Scene, path: str | Path) -> None:
    """Write the parameters of the scene's network as safetensors, under torch's names and only those.

    Raises BadInput as `trace` does, when the file cannot be written, and when an own cell is no longer the scene's.
    """
    prepared = prepare(scene)
    if scene.cell_sha256 and prepared.scene.cell_sha256 != scene.cell_sha256:
        raise BadInput(f"The cell {scene.cell_title} changed while it was read, so no weights were saved; try again.")
    checkpoint.save(prepared.parameters, path)


def adopt(scene: Scene, given: tuple[str, ...] = ()) -> tuple[Scene, tuple[str, ...]]:
    """The scene with the cell and the sizes that the file of its weights says, and what the file leaves open.

    `given` names the fields of the scene that a person chose. Raises BadInput when the file holds no recurrent network,
    or several and the scene does not name one, or one that a given field does not fit.
    """
    return follow(scene, open_model(scene, open_tensors), given)


@torch.inference_mode()
def check(scene: Scene) -> None:
    """Raise what `trace` would raise about the text, the files and the weights of a scene, without the trace."""
    prepare(scene)


def inspect(path: str) -> Contents:
    """What a file of tensors holds. Raises BadInput for one that cannot be read."""
    return contents(open_tensors(path))


def gradients(scene: Scene) -> Gradients:
    """Everything that happens while the gradient of the scene's loss flows back, in float64.

    Raises BadInput as `trace` does, and for a loss that does not fit the text.
    """
    with torch.no_grad():
        return record.gradients(scene)


def study(scene: Scene, cells: tuple[str, ...]) -> Study:
    """The scene's gradients, and the curve of each of these cells at the scene's settings. Raises as `gradients`."""
    found = gradients(scene)
    with torch.no_grad():
        drawn = [curves.curve_of(found) if cell == scene.cell else curves.curve(scene, cell) for cell in cells]
    return Study(found, tuple(drawn))


def spectrum(scene: Scene) -> Spectrum:
    """How the steps of the scene's layer and direction stretch what they hand on. Raises BadInput as `gradients`."""
    with torch.no_grad():
        return spectra.spectrum(scene)


def warm_up() -> None:
    """Read and count what is learned from if nothing else is named: a process that has begins to train at once."""
    data.get_ready()


def read_cell(spec: CharModelSpec) -> CharModelSpec:
    """The spec with the equations of its own cell, whose file is run; see `training.owncell.adopted`. Raises as it."""
    return owncell.adopted(spec)


def train(spec: CharModelSpec, folder: str | Path | None = None) -> Training:
    """Fit a character model; see `training.loop.train`. Raises BadInput as that does."""
    return loop.train(spec, folder)


def train_for(spec: CharModelSpec, seconds: float, folder: str | Path | None = None) -> Training:
    """Train with as many steps as this machine makes in so many seconds. Raises BadInput as `train` and `within` do."""
    yield from loop.train(within(spec, seconds), folder)


def resume(folder: str | Path, turned: Sequence[Change] = ()) -> Training:
    """Go on with a run that was kept; see `training.loop.resume`. Raises BadInput as that does."""
    return loop.resume(folder, turned)


def standing(folder: str | Path) -> Snapshot:
    """Where a run stands, without going on with it. Raises BadInput as `resume` does."""
    return loop.standing(folder)


def looked_back(folder: str | Path, step: int, knobs: Knobs) -> Look:
    """What could be seen of a run at a step of its past. Raises BadInput for what is no run, or has no checkpoint."""
    return past.looked_back(folder, step, knobs)


def neurons(folder: str | Path, step: int, symbol: str) -> Neurons:
    """What a state or gate of every unit does over a text, and which property it follows.

    Raises BadInput as `looked_back` does.
    """
    return past.neurons(folder, step, symbol)


def opened(folder: str | Path, step: int, activity: str, unit: int, into: str | Path) -> Scene:
    """The scene of an activity that looks at the trained weights; see `training.opening.opened`. Raises as that."""
    return opening.opened(folder, step, activity, unit, into)
