"""Runs a cell over a sequence, equation by equation, and keeps every value on the way.

What runs is the cell's own source: the same assignments, made to return all their symbols instead of the states only.
torch tensors in, torch tensors out: gradients flow, and `torch.func.vmap` works over a batch of sequences.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cache

import torch
from torch import Tensor

from rnntui.core.equations import Cell
from rnntui.core.parameters import Network, Parameters, bind
from rnntui.core.weights import Weights
from rnntui.scene import Direction

Values = dict[str, Tensor]
"""Symbol → (T, H), rows are token positions."""


@cache
def sub_steps(cell: Cell) -> Callable[..., tuple[Tensor, ...]]:
    """The cell's function, returning every symbol in the order of its equations instead of its states only."""
    lines: list[ast.stmt] = []
    for equation in cell.equations:
        line: ast.stmt = ast.parse(f"{equation.symbol} = {equation.source}").body[0]
        lines.append(ast.increment_lineno(line, equation.line - 1))
    symbols = ", ".join(equation.symbol for equation in cell.equations)
    function = ast.parse(f"def sub_steps(x, {', '.join(cell.states)}, W): return ({symbols},)")
    head = function.body[0]
    assert isinstance(head, ast.FunctionDef)
    head.body = [*lines, *head.body]
    names: dict[str, object] = dict(getattr(cell.step, "__globals__", {}))
    exec(compile(function, cell.file, "exec"), names)  # noqa: S102
    made = names["sub_steps"]
    assert callable(made)
    return made


def explicit(
    cell: Cell, weights: Weights, x: Tensor, initial: Mapping[str, Tensor], direction: Direction = "forward"
) -> Values:
    """Every symbol of every step of one layer in one direction, step by step.

    `x` is (T, D), `initial` holds each state before reading (H,).
    """
    step = sub_steps(cell)
    symbols = [equation.symbol for equation in cell.equations]
    places = [symbols.index(state) for state in cell.states]
    states = tuple(initial[state] for state in cell.states)
    rows = x.unbind(0) if direction == "forward" else x.unbind(0)[::-1]
    steps: list[tuple[Tensor, ...]] = []
    for row in rows:
        computed = step(row, *states, weights)
        states = tuple(computed[place] for place in places)
        steps.append(computed)
    if direction == "backward":
        steps.reverse()
    return {symbol: torch.stack(column) for symbol, column in zip(symbols, zip(*steps, strict=True), strict=True)}


def run(network: Network, parameters: Parameters, x: Tensor) -> list[Values]:
    """Every pass of a network over a sequence, in torch's order; all states start at zero."""
    cell = network.cell
    passes: list[Values] = []
    for layer, direction in network.passes:
        if layer and direction == "forward":
            below = passes[-(1 + network.bidirectional) :]
            x = torch.cat([values[cell.states[0]] for values in below], dim=1)
        initial = {state: x.new_zeros(network.hidden) for state in cell.states}
        passes.append(explicit(cell, bind(parameters, cell, layer, direction), x, initial, direction))
    return passes
