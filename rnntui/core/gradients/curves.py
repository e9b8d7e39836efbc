"""How the gradients of several cells shrink or grow on their way back, at the same settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rnntui.core.cellfile import cell_of
from rnntui.core.changes import fitting
from rnntui.core.equations import Cell, load
from rnntui.core.flow import Curve, Gradients, PassGradients
from rnntui.core.gradients.record import forward, overflow_of
from rnntui.core.trace import Array
from rnntui.scene import Scene, parse


def curve_of(found: Gradients) -> Curve:
    """The curve of gradients that are there already: of the last layer's forward pass."""
    place = found.passes.index(found.top)
    cell, _, _ = cell_of(parse(found.trace.scene))
    beyond = None if found.lost else overflow_of([found.top]), found.lost
    return _curve(cell, found.top, found.trace.passes[place].values, beyond, "")


def curve(scene: Scene, cell: str) -> Curve:
    """The curve of another cell at a scene's settings; what does not fit it is left out, and said.

    That is, of the initialisation, the bias of a gate it has not, and for another cell than the scene's the file of the
    weights and what is set by hand.

    Raises BadInput as `forward` does.
    """
    init, left_out = fitting(load(cell), scene.init)
    notes = [f"{', '.join(left_out)} left out: {cell} has no gate that keeps"] if left_out else []
    if cell != scene.cell and scene.weights:
        alone = " alone" if scene.set else ""
        notes.append(f"drawn by the seed{alone}: the weights file is for {scene.cell_title}")
        scene = replace(scene, weights="", weights_sha256="", readout="", set="")
    if cell != scene.cell and scene.set:
        notes.append("nothing set by hand")
        scene = replace(scene, set="")
    ahead = forward(replace(scene, cell=cell, cell_sha256="", init=init))
    with np.errstate(all="ignore"):
        place = len(ahead.passes) - 1 - scene.bidirectional
        top = ahead.back()[place].arrived()
        found = top.gradients()
    values = {symbol: value.numpy() for symbol, value in ahead.passes[place].items()}
    beyond = None if ahead.lost else overflow_of([found]), ahead.lost
    return _curve(load(cell), found, values, beyond, "; ".join(notes))


def _curve(
    cell: Cell,
    found: PassGradients,
    values: Mapping[str, Array],
    beyond: tuple[int | None, int | None],
    note: str,
) -> Curve:
    logs = found.log_norms[cell.memory]
    added_at = int(np.any([added.any(axis=1) for added in found.local.values()], axis=0).sum())
    gate, alone = cell.keeping_gate, None
    kept = found.total[cell.memory][np.isfinite(logs)]
    if gate is not None and len(kept) and kept[-1].any():
        alone = _alone(logs, found.total[cell.memory], values[gate])
    return Curve(
        cell=cell.name,
        states=cell.states,
        memory=cell.memory,
        log_norms=found.log_norms,
        rate=_rate(logs, logs) if added_at < 2 else None,
        gate=gate,
        gate_alone=alone,
        gate_rate=None if alone is None else _rate(logs, alone),
        added_at=added_at,
        overflow=beyond[0],
        lost=beyond[1],
        note=note,
    )


def _rate(logs: Array, of: Array) -> float | None:
    """The mean change with each step back, between the first and the last gradient that is neither 0 nor overflows."""
    rows = np.flatnonzero(np.isfinite(logs))
    return float(of[rows[0]] - of[rows[-1]]) / int(rows[-1] - rows[0]) if len(rows) > 1 else None


def _alone(logs: Array, total: Array, gate: Array) -> Array:
    """Ln ‖g ⊙ ∏ gate‖ at every step, (T,), multiplied as sums of logarithms."""
    rows = np.flatnonzero(np.isfinite(logs))
    first, last = int(rows[0]), int(rows[-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        factors = np.log(np.abs(np.concatenate([gate[first + 1 : last + 1], total[last : last + 1]])))
        units = np.cumsum(factors[::-1], axis=0)[::-1]  # (last - first + 1, H)
        largest = units.max(axis=1)
        norms = largest + 0.5 * np.log(np.exp(2 * (units - largest[:, None])).sum(axis=1))
    alone = np.full(len(logs), -np.inf)
    alone[first : last + 1] = np.where(np.isfinite(largest), norms, largest)
    return np.where(np.isfinite(logs), alone, -np.inf)
