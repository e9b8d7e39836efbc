"""How the gradients of several cells shrink or grow on their way back, at the same settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rnntui.core.cellfile import cell_of
from rnntui.core.changes import fitting
from rnntui.core.equations import Cell, load
from rnntui.core.flow import Curve, Gradients
from rnntui.core.gradients.record import forward, overflow_of
from rnntui.core.trace import Array
from rnntui.scene import Scene, parse


def curve_of(found: Gradients) -> Curve:
    """The curve of gradients that are there already: of the last layer's forward pass."""
    place = found.passes.index(found.top)
    cell, _, _ = cell_of(parse(found.trace.scene))
    beyond = None if found.lost else overflow_of([found.top]), found.lost
    return _curve(cell, found.top.log_norms, found.trace.passes[place].values, beyond, "")


def curve(scene: Scene, cell: str) -> Curve:
    """The curve of another cell at a scene's settings; what does not fit it is left out, and said.

    That is, of the initialisation, the bias of a gate it has not, and for another cell than the scene's the file of the
    weights and what is set by hand.

    Raises BadInput as `forward` does.
    """
    init, left_out = fitting(load(cell), scene.init)
    notes = [f"{', '.join(left_out)} left out: {cell} has no gate that keeps"] if left_out else []
    if scene.weights and cell != scene.cell:
        notes.append(f"drawn by the seed: the weights file is for {scene.cell_title}")
        scene = replace(scene, weights="", weights_sha256="", readout="")
    if scene.set and cell != scene.cell:
        notes.append("nothing set by hand")
        scene = replace(scene, set="")
    ahead = forward(replace(scene, cell=cell, cell_sha256="", init=init))
    with np.errstate(all="ignore"):
        place = len(ahead.passes) - 1 - scene.bidirectional
        top = ahead.back()[place].arrived()
        found = top.gradients()
    values = {symbol: value.numpy() for symbol, value in ahead.passes[place].items()}
    beyond = None if ahead.lost else overflow_of([found]), ahead.lost
    return _curve(load(cell), found.log_norms, values, beyond, "; ".join(notes))


def _curve(
    cell: Cell,
    log_norms: Mapping[str, Array],
    values: Mapping[str, Array],
    beyond: tuple[int | None, int | None],
    note: str,
) -> Curve:
    """The rate is taken between the first and the last step whose gradient is neither 0 nor an overflow."""
    logs = log_norms[cell.memory]
    rows = np.flatnonzero(np.isfinite(logs))
    rate = gate_rate = None
    if len(rows) > 1:
        first, last = int(rows[0]), int(rows[-1])
        rate = float(logs[first] - logs[last]) / (last - first)
        if cell.keeping_gate is not None:
            with np.errstate(divide="ignore"):
                gate_rate = float(np.log(values[cell.keeping_gate][first + 1 : last + 1]).mean())
    return Curve(
        cell=cell.name,
        states=cell.states,
        memory=cell.memory,
        log_norms=log_norms,
        rate=rate,
        gate=cell.keeping_gate,
        gate_rate=gate_rate,
        overflow=beyond[0],
        lost=beyond[1],
        note=note,
    )
