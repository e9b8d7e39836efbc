"""Traces to paint: a cell's own equations, run with seeded weights; no file, no engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from rnntui.core.equations import Cell, load, read_source
from rnntui.core.expression import Matmul, Name, Weight, walk
from rnntui.core.trace import Inputs, Pass, Trace
from rnntui.core.weights import Weights

MGU = '''
def mgu(x, h, W):
    """The minimal gated unit (Zhou et al. 2016)."""
    f = sigmoid(W.if_ @ x + W.hf @ h + W.b_f)  # forget gate
    n = tanh(W.in_ @ x + W.hn @ (f * h) + W.b_n)  # candidate
    h = (1 - f) * h + f * n  # hidden state
    return h
'''


def mgu() -> Cell:
    """A learner's own cell, without a diagram."""
    names: dict[str, object] = {"sigmoid": torch.sigmoid, "tanh": torch.tanh}
    exec(MGU, names)
    return read_source(MGU, "mgu", names["mgu"], file=Path("mgu.py"))  # type: ignore[arg-type]


def trace(
    cell: str | Cell = "lstm", text: str | list[str] = "hello", hidden: int = 8, *, seed: int = 0, bidirectional=False,
    gain: float = 1.0, layers: int = 1,
) -> Trace:  # fmt: skip
    cell = load(cell) if isinstance(cell, str) else cell
    tokens = tuple(text)
    vocabulary = list(dict.fromkeys(tokens))
    ids = np.array([vocabulary.index(token) for token in tokens])
    generator = torch.Generator().manual_seed(seed)
    inputs = list(torch.eye(len(vocabulary))[ids])
    passes: list[Pass] = []
    for layer in range(layers):
        below = []
        for direction in ("forward", "backward")[: 1 + bidirectional]:
            sizes: dict[str, tuple[int, ...]] = {}
            for equation in cell.equations:
                for node in walk(equation.tree):
                    if isinstance(node, Matmul):
                        is_x = isinstance(node.vector, Name) and node.vector.name == "x"
                        sizes[node.attribute] = (hidden, len(inputs[0]) if is_x else hidden)
                    elif isinstance(node, Weight):
                        sizes[node.attribute] = (hidden,)
            bound = gain / hidden**0.5
            weights = {k: (2 * torch.rand(*size, generator=generator) - 1) * bound for k, size in sizes.items()}
            states = {state: torch.zeros(hidden) for state in cell.states}
            rows: dict[int, dict[str, torch.Tensor]] = {}
            order = range(len(tokens)) if direction == "forward" else range(len(tokens) - 1, -1, -1)
            functions = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
            for row in order:
                names = {**functions, "x": inputs[row], "W": Weights(**weights), **states}
                for equation in cell.equations:
                    names[equation.symbol] = eval(equation.source, names)
                rows[row] = {symbol: names[symbol] for symbol in (e.symbol for e in cell.equations)}
                states = {state: names[state] for state in cell.states}
            values = {
                e.symbol: torch.stack([rows[row][e.symbol] for row in range(len(tokens))]).numpy()
                for e in cell.equations
            }
            passes.append(
                Pass(
                    layer, direction, {state: np.zeros(hidden, dtype=np.float32) for state in cell.states}, values,
                    {k: v.numpy() for k, v in weights.items()}, {},
                )
            )  # fmt: skip
            below.append(torch.tensor(values[cell.states[0]]))
        inputs = list(torch.cat(below, dim=1))
    return Trace(
        scene="", cell=cell.name, doc=cell.doc, file=cell.file, equations=cell.equations, states=cell.states,
        tokens=tokens, inputs=Inputs(ids, None, len(vocabulary)), passes=tuple(passes),
        diagram=cell.diagram, sentence=cell.sentence,
    )  # fmt: skip
