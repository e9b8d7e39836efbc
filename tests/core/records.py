"""Traces made without the lab: a torch module's own weights, and the cell's equations evaluated one by one in torch."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import torch

from rnntui.core.equations import load
from rnntui.core.expression import Matmul, Weight, walk
from rnntui.core.trace import Inputs, Pass, Trace

FUNCTIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
CELLS = ("rnn", "rnn-relu", "lstm", "gru", "gru-reset-before")


def module(cell, size, hidden, layers, bidirectional, dtype):
    kind = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN, "rnn-relu": torch.nn.RNN}.get(cell, torch.nn.GRU)
    options = {"nonlinearity": "relu"} if cell == "rnn-relu" else {}
    return kind(size, hidden, layers, bidirectional=bidirectional, dtype=dtype, **options)


def record(
    cell="lstm", text="hello world", hidden=5, layers=1, bidirectional=False, dtype="float32", inputs="onehot", seed=0
):
    """A trace and the torch module that its weights came from."""
    torch.manual_seed(seed)
    spec, tokens = load(cell), tuple(text)
    vocabulary = list(dict.fromkeys(tokens))
    ids = np.array([vocabulary.index(token) for token in tokens])
    size = len(vocabulary) if inputs == "onehot" else 6
    kind = getattr(torch, dtype)
    dense = torch.randn(len(tokens), size, dtype=kind)
    x = torch.eye(size, dtype=kind)[torch.from_numpy(ids)] if inputs == "onehot" else dense
    net = module(cell, size, hidden, layers, bidirectional, kind)
    blocks = [node for equation in spec.equations for node in walk(equation.tree) if isinstance(node, Matmul | Weight)]
    passes = []
    for layer in range(layers):
        outs = []
        for lane in ("forward", "backward")[: 1 + bidirectional]:
            names = torch_names(blocks, spec, layer, lane, hidden)
            weights = {a: rows(net, *names[a], hidden).detach() for a in names}
            passes.append(run(spec, x, weights, names, layer, lane, hidden))
            outs.append(torch.from_numpy(np.asarray(passes[-1].values[spec.states[0]])))
        x = torch.cat(outs, 1)
    kept = Inputs(ids, None, size) if inputs == "onehot" else Inputs(None, dense.numpy(), size)
    trace = Trace(
        "explore:", cell, spec.doc, spec.file, spec.equations, spec.states, tokens, kept, tuple(passes),
        spec.diagram, spec.sentence,
    )  # fmt: skip
    return trace, net


def torch_names(blocks, spec, layer, lane, hidden):
    end = f"_l{layer}" + ("_reverse" if lane == "backward" else "")
    names = {}
    for node in blocks:
        bias, letters = isinstance(node, Weight), node.attribute.removeprefix("b_").rstrip("_")
        side = "ih" if letters[0] == "i" else "hh"
        gate = letters[1:] if letters[1:] in spec.gates else spec.gates[0]
        kind = "bias" if bias else "weight"
        names[node.attribute] = (f"{kind}_{side}{end}", hidden * spec.gates.index(gate))
    return names


def rows(net, name, first, hidden):
    return getattr(net, name)[first : first + hidden]


def run(spec, x, weights, names, layer, lane, hidden):
    states = dict.fromkeys(spec.states, torch.zeros(hidden, dtype=x.dtype))
    values = {equation.symbol: np.zeros((len(x), hidden), str(x.dtype).split(".")[1]) for equation in spec.equations}
    order = range(len(x)) if lane == "forward" else reversed(range(len(x)))
    for row in order:
        space = {**FUNCTIONS, **states, "W": SimpleNamespace(**weights), "x": x[row]}
        for equation in spec.equations:
            space[equation.symbol] = eval(equation.source, {}, space)
            values[equation.symbol][row] = space[equation.symbol].numpy()
        states = {state: space[state] for state in spec.states}
    initial = {state: np.zeros(hidden, values[state].dtype) for state in spec.states}
    return Pass(layer, lane, initial, values, {a: w.numpy() for a, w in weights.items()}, names)
