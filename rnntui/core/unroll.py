"""Runs a cell over a sequence, equation by equation, and keeps every value on the way.

What runs is the cell's own source: the same assignments, made to return all their symbols instead of the states only.
torch tensors in, torch tensors out: gradients flow, and `torch.func.vmap` works over a batch of sequences. Both routes
agree with `torch.nn` to the last bits; a chaotic network (a large spectral radius, a long text) makes those bits grow.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import chain, repeat
from typing import Final, Literal

import torch
from torch import Tensor

from rnntui.core.equations import Cell
from rnntui.core.expression import variable
from rnntui.core.fence import blamed
from rnntui.core.fused import fused
from rnntui.core.hold import Hold
from rnntui.core.loops import LOOPS
from rnntui.core.parameters import KINDS, Network, Parameters, blocks, torch_name
from rnntui.core.sequence import Dense, Sequence
from rnntui.core.weights import Weights
from rnntui.scene import Direction

Values = dict[str, Tensor]
"""Symbol → (T, H), rows are token positions."""
Route = Literal["explicit", "fused", "either"]
SHORT: Final = 200
"""Up to so many steps the equations themselves are run: it takes a few milliseconds."""
SMALL: Final = 2**15
"""Steps times units up to which the same holds: wide networks read their matrices once a step, which then counts."""
MOST_STEPS: Final = 2**14
"""How many steps are held as single tensors at once."""
MOST_NUMBERS: Final = 2**22
"""How many numbers of one-hot vectors are held at once."""


@cache
def sub_steps(cell: Cell, held: frozenset[str] = frozenset()) -> Callable[..., tuple[Tensor, ...]]:
    """The cell's function, returning every symbol in the order of its equations instead of its states only.

    Symbols that are `held` pass through a last argument, `hold__(symbol, value)`, as soon as they are computed.
    """
    lines: list[ast.stmt] = []
    for equation in cell.equations:
        line: ast.stmt = ast.parse(equation.line_of_code).body[0]
        lines.append(ast.increment_lineno(line, equation.line - 1))
        if equation.symbol in held:
            name = variable(equation.symbol)
            lines += ast.parse(f"{name} = hold__({equation.symbol!r}, {name})").body
    symbols = ", ".join(variable(equation.symbol) for equation in cell.equations)
    arguments = ", ".join(("x", *map(variable, cell.states), "W", *(("hold__",) if held else ())))
    function = ast.parse(f"def sub_steps({arguments}): return ({symbols},)")
    head = function.body[0]
    assert isinstance(head, ast.FunctionDef)
    head.body = [*lines, *head.body]
    names: dict[str, object] = dict(getattr(cell.step, "__globals__", {}))
    exec(compile(function, cell.file, "exec"), names)  # noqa: S102
    made = names["sub_steps"]
    assert callable(made)
    return made


def explicit(
    cell: Cell, weights: Weights, x: Tensor, initial: Mapping[str, Tensor], holds: Iterable[Hold | None] = ()
) -> Values:
    """Every symbol of every step, each (T, H), in the order that x is read, step by step.

    `x` is (T, D), `initial` holds each state before reading, (H,), `holds` says for each step what is set by hand.
    Raises BadInput with the line at which an own cell fails.
    """
    if cell.own:
        with blamed(cell.file):
            return _explicit(cell, weights, x, initial, holds)
    return _explicit(cell, weights, x, initial, holds)


def _explicit(
    cell: Cell, weights: Weights, x: Tensor, initial: Mapping[str, Tensor], holds: Iterable[Hold | None]
) -> Values:
    step = sub_steps(cell)
    touched: dict[frozenset[str], Callable[..., tuple[Tensor, ...]]] = {}  # as a cell's hash takes a fifth of a step
    symbols = [equation.symbol for equation in cell.equations]
    places = [symbols.index(state) for state in cell.states]
    states = tuple(initial[state] for state in cell.states)
    steps: list[tuple[Tensor, ...]] = []
    for row, hold in zip(x.unbind(0), chain(holds, repeat(None)), strict=False):
        if hold is None:
            computed = step(row, *states, weights)
        else:
            if hold.symbols not in touched:
                touched[hold.symbols] = sub_steps(cell, hold.symbols)
            computed = touched[hold.symbols](row, *states, weights, hold)
        states = tuple([computed[place] for place in places])  # a list first: a third of the time
        steps.append(computed)
    return {symbol: torch.stack(column) for symbol, column in zip(symbols, zip(*steps, strict=True), strict=True)}


def run(network: Network, parameters: Parameters, x: Sequence, route: Route = "either") -> list[Values]:
    """Every pass of a network over a sequence, in torch's order; all states start at zero.

    `fused` needs a cell that has a loop; `either` takes it where it pays.
    """
    if route == "either":
        long = len(x) > SHORT or len(x) * network.hidden > SMALL
        route = "fused" if long and has_loop(network.cell) else "explicit"
    passes: list[Values] = []
    for layer, direction in network.passes:
        if layer and direction == "forward":
            x = outputs(network, passes)
        passes.append(_one_pass(network, parameters, x, (layer, direction), route))
    return passes


def outputs(network: Network, passes: list[Values]) -> Dense:
    """What the layer that was computed last gives the next one to read."""
    below = passes[-(1 + network.bidirectional) :]
    return Dense(torch.cat([values[network.cell.states[0]] for values in below], dim=1))


def has_loop(cell: Cell) -> bool:
    """Whether there is a fast loop for a cell."""
    return not cell.own and cell.name in LOOPS


def _one_pass(
    network: Network, parameters: Parameters, x: Sequence, place: tuple[int, Direction], route: Route
) -> Values:
    cell, (layer, direction) = network.cell, place
    weights = blocks(parameters, cell, layer, direction)
    states = {state: torch.zeros(network.hidden, dtype=x.dtype) for state in cell.states}
    packed = [] if cell.own else [parameters[torch_name(kind, layer, direction)] for kind in KINDS.values()]
    columns = min(x.size, len(packed[0])) if route == "fused" else x.size
    steps = max(1, min(MOST_STEPS, MOST_NUMBERS // columns))
    pieces: list[Values] = []
    for chunk in (x if direction == "forward" else x.reversed()).chunks(steps):
        if route == "fused":
            pieces.append(fused(cell, packed, weights, chunk, states))
        else:
            pieces.append(explicit(cell, Weights(**weights), chunk.rows(), states))
        states = {state: pieces[-1][state][-1] for state in cell.states}
    whole = pieces[0] if len(pieces) == 1 else {s: torch.cat([piece[s] for piece in pieces]) for s in pieces[0]}
    return whole if direction == "forward" else {symbol: values.flip(0) for symbol, values in whole.items()}
