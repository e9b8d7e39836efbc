"""True records of gradients to paint: torch's autograd over a cell's own equations, one leaf for every path."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import torch

from rnntui import lab
from rnntui.core.equations import load
from rnntui.core.flow import (
    Clipped,
    Curve,
    Gradients,
    PassGradients,
    Path,
    Saliency,
    Spectrum,
    Study,
    WeightGradient,
)
from rnntui.core.trace import Pass, Trace
from rnntui.core.weights import Weights
from rnntui.errors import BadInput
from rnntui.scene import Scene, parse

CELLS = ("rnn", "lstm", "gru")
FUNCTIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


class _Run:
    """One pass read again in torch, every use of a state through a leaf of its own that keeps its gradient."""

    def __init__(self, trace: Trace, one: Pass, xs: list[torch.Tensor]) -> None:
        self.trace, self.one = trace, one
        rows = range(trace.steps) if one.direction == "forward" else range(trace.steps - 1, -1, -1)
        self.uses: dict[tuple[Path, int], torch.Tensor] = {}
        self.symbols: dict[tuple[str, int], torch.Tensor] = {}
        self.weights: dict[tuple[str, int], torch.Tensor] = {}
        self.start = {state: _kept(torch.tensor(one.initial[state], dtype=torch.float64) * 1) for state in trace.states}
        past, came_from = self.start, None
        for row in rows:
            here: dict[str, torch.Tensor] = {}
            weights = {
                name: self.kept_weight(name, row, torch.tensor(values, dtype=torch.float64))
                for name, values in one.weights.items()
            }
            for equation in trace.equations:
                names: dict[str, object] = {**FUNCTIONS, "x": xs[row], "W": Weights(**weights)}
                for read in equation.reads:
                    if read.name in trace.states and read.before:
                        names[read.name] = self.use(past[read.name], read.name, equation.symbol, True, came_from)
                    elif read.name in trace.states:
                        names[read.name] = self.use(here[read.name], read.name, equation.symbol, False, row)
                    elif read.name in here:
                        names[read.name] = here[read.name]
                here[equation.symbol] = self.symbols[equation.symbol, row] = _kept(eval(equation.source, names) * 1)
            past, came_from = {state: here[state] for state in trace.states}, row
        self.final = past

    def kept_weight(self, name: str, row: int, values: torch.Tensor) -> torch.Tensor:
        self.weights[name, row] = values.requires_grad_()
        return self.weights[name, row]

    def use(self, state: torch.Tensor, name: str, via: str, carried: bool, row: int | None) -> torch.Tensor:
        view = _kept(state * 1)
        if row is not None:
            self.uses[Path(name, via, carried), row] = view
        return view

    def gradients(self) -> PassGradients:
        trace, one = self.trace, self.one
        zeros = np.zeros((trace.steps, trace.hidden))
        total = {symbol: zeros.copy() for symbol in trace.symbols}
        for (symbol, row), value in self.symbols.items():
            total[symbol][row] = _grad(value)
        paths: dict[Path, np.ndarray] = defaultdict(zeros.copy)
        for (path, row), view in self.uses.items():
            paths[path][row] = _grad(view)
        local = {
            state: total[state] - sum((paths[path] for path in paths if path.state == state), zeros)
            for state in trace.states
        }
        local = {state: np.where(np.abs(values) < 1e-15, 0.0, values) for state, values in local.items()}
        start = {state: _grad(value) for state, value in self.start.items()}
        with np.errstate(divide="ignore"):
            norms = {state: np.log(np.linalg.norm(total[state], axis=1)) for state in trace.states}
        return PassGradients(one.layer, one.direction, local, total, dict(paths), start, norms)


def _kept(value: torch.Tensor) -> torch.Tensor:
    value = value.requires_grad_() if not value.requires_grad else value
    value.retain_grad()
    return value


def _grad(value: torch.Tensor) -> np.ndarray:
    return np.zeros(value.shape) if value.grad is None else value.grad.numpy().copy()


def gradients(line: str | Scene) -> Gradients:
    """What flows back in a scene: its trace in float64 and torch's own gradients."""
    scene = parse(line) if isinstance(line, str) else line
    trace = lab.trace(replace(scene, dtype="float64", activity="explore"))
    trace = replace(trace, scene=str(scene))
    xs = [_kept(torch.tensor(x)) for x in trace.inputs.rows()]
    inputs, runs = xs, []
    for layer in range(trace.layers):
        lanes = [_Run(trace, one, xs) for one in trace.passes if one.layer == layer]
        runs += lanes
        xs = [torch.cat([run.symbols[trace.states[0], row] for run in lanes]) for row in range(trace.steps)]
    last = [run for run in runs if run.one.layer == trace.layers - 1]
    loss = {
        "last": lambda: sum((run.final["h"].sum() for run in last), torch.zeros(())),
        "mean": lambda: torch.stack(xs).sum() / trace.steps,
    }.get(scene.loss, lambda: xs[int(scene.loss.rpartition(":")[2]) - 1].sum())()
    loss.backward()  # type: ignore[no-untyped-call]
    weights = tuple(weight for run in runs for weight in _weights(trace, run))
    reached = np.ones(trace.steps, dtype=bool)
    if scene.truncate:
        reached[: max(0, trace.steps - scene.truncate)] = False
    saliency = Saliency(trace.steps, scene.unit, np.stack([_grad(x) for x in inputs]))
    return Gradients(
        trace, scene.loss, float(loss), tuple(run.gradients() for run in runs), weights, saliency,
        _clipped(scene.clip, weights), reached,
    )  # fmt: skip


def _weights(trace: Trace, run: _Run) -> list[WeightGradient]:
    """Each of torch's parameters: its blocks' gradients stacked."""
    found = []
    for name in dict.fromkeys(name for name, _ in run.one.torch_names.values()):
        blocks = sorted(
            (first, attribute) for attribute, (torch_name, first) in run.one.torch_names.items() if torch_name == name
        )
        steps = np.stack([
            np.concatenate([_grad(run.weights[attribute, row]).ravel() for _, attribute in blocks])
            for row in range(trace.steps)
        ])  # fmt: skip
        whole = steps.sum(0)
        norm = float(np.linalg.norm(whole))
        gates = {
            attribute.strip("_").removeprefix("b_")[1:]: float(
                np.linalg.norm(sum(_grad(run.weights[attribute, row]) for row in range(trace.steps)))
            )
            for _, attribute in blocks
        }
        found.append(WeightGradient(name, norm, gates, steps @ whole / norm**2 if norm else np.zeros(trace.steps)))
    return found


def _clipped(clip: str, weights: tuple[WeightGradient, ...]) -> Clipped | None:
    """Clipping by norm, and by value as if every parameter were two numbers: enough for a picture."""
    if not clip:
        return None
    by, _, limit = clip.rpartition(":")
    before = float(np.sqrt(sum(one.norm**2 for one in weights)))
    if by == "value":
        return Clipped("value", float(limit), before, before / 3, 31.5, {w.name: (w.norm, w.norm / 3) for w in weights})
    share = min(1.0, float(limit) / before)
    return Clipped(
        "norm", float(limit), before, before * share, 0.0, {w.name: (w.norm, w.norm * share) for w in weights}
    )


def curve(scene: Scene) -> Curve:
    """One cell's curve; what of the initialisation does not fit it is left out."""
    note = ""
    try:
        found = gradients(scene)
    except BadInput:
        words = [word for word in scene.init.split(",") if not word.startswith("forget-bias")]
        found, note = gradients(replace(scene, init=",".join(words) or "torch")), "no forget gate"
    top, cell = found.top, load(scene.cell)
    memory = found.trace.states[-1]
    norms = top.log_norms[memory]
    rate = float(norms[0] - norms[-1]) / (len(norms) - 1) if len(norms) > 1 else None
    gate = cell.keeping_gate
    gate_rate = float(np.log(found.trace.of(top.layer, "forward").values[gate]).mean()) if gate else None
    return Curve(scene.cell, found.trace.states, memory, top.log_norms, rate, gate, gate_rate, note=note)


def study(line: str | Scene, cells: tuple[str, ...] = CELLS) -> Study:
    """The scene's gradients, and the curves of several cells, its own first."""
    scene = parse(line) if isinstance(line, str) else line
    names = dict.fromkeys((scene.cell, *cells))
    return Study(gradients(scene), tuple(curve(replace(scene, cell=name)) for name in names))


def spectrum(line: str | Scene) -> Spectrum:
    """Singular values of the recurrent blocks, and of the h-to-h step Jacobians by autograd."""
    scene = parse(line) if isinstance(line, str) else line
    trace = lab.trace(replace(scene, dtype="float64", activity="explore"))
    one = trace.passes[-1 if not trace.bidirectional else -2]
    blocks = {
        attribute.strip("_")[1:]: matrix
        for attribute, matrix in one.weights.items()
        if attribute.startswith("h") and matrix.ndim == 2
    }
    jacobians = [_jacobian(trace, one, row) for row in range(trace.steps)]
    singular = np.stack([np.linalg.svd(matrix, compute_uv=False) for matrix in jacobians])
    product, scale, logs = np.eye(len(jacobians[0])), 0.0, []
    for matrix in reversed(jacobians):
        product = product @ matrix
        size = np.linalg.norm(product, 2)
        product, scale = product / size, scale + np.log(size)
        logs.append(scale)
    return Spectrum(
        {gate: np.linalg.svd(block, compute_uv=False) for gate, block in blocks.items()},
        {gate: float(np.abs(np.linalg.eigvals(block)).max()) for gate, block in blocks.items()},
        np.arange(1, trace.steps + 1), singular, np.arange(1, trace.steps + 1), np.array(logs),
        np.cumsum(np.log(singular[::-1, 0])),
    )  # fmt: skip


def _jacobian(trace: Trace, one: Pass, row: int) -> np.ndarray:
    def step(joined: torch.Tensor) -> torch.Tensor:
        names: dict[str, object] = {
            **FUNCTIONS, "x": torch.tensor(trace.x(one.layer, row)),
            "W": Weights(**{name: torch.tensor(values, dtype=torch.float64) for name, values in one.weights.items()}),
            **dict(zip(trace.states, joined.split(trace.hidden), strict=True)),
        }  # fmt: skip
        for equation in trace.equations:
            names[equation.symbol] = eval(equation.source, names)
        return torch.cat([names[state] for state in trace.states])  # type: ignore[misc]

    before = torch.cat([torch.tensor(one.before(state, row), dtype=torch.float64) for state in trace.states])
    return torch.autograd.functional.jacobian(step, before).numpy()  # type: ignore[no-untyped-call]
