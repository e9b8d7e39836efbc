"""Records of what a network did: plain numpy arrays and text, complete in themselves, no torch.

Whoever holds a trace can step through it, draw it and explain every number in it without asking anybody again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnntui.core.byhand import ByHand, Clamp
from rnntui.core.expression import Name, Node, parse, variable, walk
from rnntui.core.notation import Notation
from rnntui.scene import Cursor, Direction

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Equation:
    """One assignment of a cell, one sub-step: what it computes, how it is written, and what it is called."""

    symbol: str
    source: str
    """The right side as Python; there a symbol that is a keyword of it ends in an underscore: in_."""
    meaning: str
    """One or two words from the comment on its line, such as "forget gate"."""
    line: int
    """The line of the cell's file."""
    before: tuple[str, ...] = ()
    """The states that are read from the step before."""
    constants: tuple[tuple[str, float], ...] = ()
    is_state: bool = False

    @cached_property
    def tree(self) -> Node:
        """The right side as a tree."""
        return parse(self.source, self.before, dict(self.constants))

    @cached_property
    def reads(self) -> tuple[Name, ...]:
        """What it depends on, each once, in the order it is written: x, other symbols, states of the step before."""
        return tuple(dict.fromkeys(node for node in walk(self.tree) if isinstance(node, Name)))

    @property
    def line_of_code(self) -> str:
        """The assignment as it stands in the file."""
        return f"{variable(self.symbol)} = {self.source}"

    def formula(self, backward: bool = False) -> str:
        """The equation in mathematical notation: fₜ = σ(W_if xₜ + b_if + W_hf hₜ₋₁ + b_hf)."""
        return f"{self.symbol}ₜ = {Notation(backward).write(self.tree)}"


@dataclass(frozen=True, eq=False)
class Inputs:
    """What the network read: one vector a step, kept as ids where it is one-hot."""

    ids: NDArray[np.int64] | None
    """(T,) the column that is 1, or None where the vectors are dense."""
    dense: Array | None
    """(T, D), or None where they are one-hot."""
    size: int
    """D, the length of one input vector."""

    def at(self, row: int, dtype: np.dtype[Any] | type = np.float64) -> Array:
        """The vector of one row, (D,)."""
        if self.dense is not None:
            return np.asarray(self.dense[row], dtype=dtype)
        assert self.ids is not None
        vector = np.zeros(self.size, dtype=dtype)
        vector[self.ids[row]] = 1
        return vector

    def rows(self) -> Iterator[Array]:
        """All vectors in order, one at a time, so that a long one-hot text never stands in memory whole."""
        count = len(self.ids) if self.ids is not None else len(self.dense if self.dense is not None else ())
        return (self.at(row) for row in range(count))


@dataclass(frozen=True, eq=False)
class Pass:
    """One layer reading in one direction: everything it computed, and the weights it used."""

    layer: int
    direction: Direction
    initial: Mapping[str, Array]
    """State → its value before reading, each (H,)."""
    values: Mapping[str, Array]
    """Symbol → values, each (T, H), in the order of the equations; rows are token positions in both directions."""
    weights: Mapping[str, Array]
    """The attribute of W in the cell's source → (H, D) or (H, H) or (H,)."""
    torch_names: Mapping[str, tuple[str, int]]
    """The attribute of W → torch's name and the first row of its block there: `if_` → ("weight_ih_l0", H)."""

    def before(self, state: str, row: int) -> Array:
        """A state as the step at this row found it, (H,): from the row before, or after where time runs backwards."""
        other = row - 1 if self.direction == "forward" else row + 1
        values = self.values[state]
        return values[other] if 0 <= other < len(values) else self.initial[state]


@dataclass(frozen=True, eq=False)
class Readout:
    """What a read-out of the output says comes next: softmax(W h + b) at every step."""

    labels: tuple[str, ...]
    """(V,) the token that each row of the read-out stands for, or its number as `#7`."""
    ids: NDArray[np.int64]
    """(T, K) the rows of the K most probable tokens, the most probable first; K is V unless that is too much."""
    probabilities: Array
    """(T, K) how probable they are."""
    came: Array
    """(T,) how probable the token was that came next; nan where none came, or one without a row."""


@dataclass(frozen=True, eq=False)
class Trace:
    """Everything that happened while a network read a sequence."""

    scene: str
    """The line of text that makes this trace again."""
    cell: str
    doc: str
    """One sentence about the cell, with the convention it follows and the paper it comes from."""
    file: str
    """The source file of the cell, for the line numbers of its equations."""
    equations: tuple[Equation, ...]
    states: tuple[str, ...]
    tokens: tuple[str, ...]
    inputs: Inputs
    passes: tuple[Pass, ...]
    """In torch's order: layer 0 forward, layer 0 backward, layer 1 forward, …"""
    diagram: str = ""
    sentence: str = ""
    notices: tuple[str, ...] = field(default=())
    """What had to be said about the input: cut, decoded with replacements, changed since the scene was written."""
    readout: Readout | None = None
    by_hand: ByHand = field(default=ByHand())
    """What was set by hand instead of computed."""
    minus: Trace | None = None
    """What was taken away, where this is a difference of two traces: every value here is then a difference."""
    whole: Trace | None = None
    """What it was taken from."""
    alongside: Trace | None = None
    """What stands beside it, drawn on the same scales."""

    @property
    def steps(self) -> int:
        """T, the number of tokens."""
        return len(self.tokens)

    @cached_property
    def hidden(self) -> int:
        """H, the number of units."""
        return len(next(iter(self.passes[0].initial.values())))

    @cached_property
    def layers(self) -> int:
        """The number of layers."""
        return 1 + max(one.layer for one in self.passes)

    @cached_property
    def bidirectional(self) -> bool:
        """True when every layer also reads backwards."""
        return any(one.direction == "backward" for one in self.passes)

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """The symbols in the order that they are computed."""
        return tuple(equation.symbol for equation in self.equations)

    @property
    def output(self) -> Array:
        """(T, H x directions): what `torch.nn` returns as `output`: the states h of the last layer side by side."""
        last = [one.values[self.states[0]] for one in self.passes if one.layer == self.layers - 1]
        return np.concatenate(last, axis=1)

    def held(self, layer: int, direction: Direction, symbol: str, unit: int, t: int) -> Clamp | None:
        """The setting that made a value, where it was not computed."""
        return self.by_hand.held(layer, direction, symbol, unit, t, 0 if direction == "forward" else self.steps + 1)

    @property
    def endless(self) -> Cursor | None:
        """Where reading first made a state that is no finite number; None where all of them are."""
        for one in self.passes:
            rows = np.flatnonzero(~np.isfinite(one.values[self.states[0]]).all(axis=1))
            if rows.size:
                t = int(rows[0 if one.direction == "forward" else -1]) + 1
                return Cursor(one.layer, one.direction, t, self.states[0])
        return None

    def of(self, layer: int, direction: Direction) -> Pass:
        """The pass of one layer in one direction."""
        return next(one for one in self.passes if one.layer == layer and one.direction == direction)

    def equation(self, symbol: str) -> Equation:
        """The equation that computes a symbol."""
        return next(equation for equation in self.equations if equation.symbol == symbol)

    def x(self, layer: int, row: int) -> Array:
        """The input vector that a layer read at a row: the token's for layer 0, else the layer below's output."""
        if layer == 0:
            return self.inputs.at(row)
        below = [one.values[self.states[0]][row] for one in self.passes if one.layer == layer - 1]
        return np.concatenate(below).astype(np.float64)

    def clamp(self, cursor: Cursor) -> Cursor:
        """The nearest cursor that stands in this trace."""
        layer = min(cursor.layer, self.layers - 1)
        direction: Direction = cursor.direction if self.bidirectional else "forward"
        low, high = (0, self.steps) if direction == "forward" else (1, self.steps + 1)
        symbol = cursor.symbol if cursor.symbol in self.symbols else self.symbols[0]
        t, unit = min(max(cursor.t, low), high), min(cursor.unit, self.hidden - 1)
        return Cursor(layer, direction, t, symbol, unit, cursor.partial and low <= t <= high, cursor.walk)

    def steps_read(self, cursor: Cursor) -> int:
        """k, how many tokens have been read when the cursor stands there: t, or T + 1 - t in the backward lane."""
        return cursor.t if cursor.direction == "forward" else self.steps + 1 - cursor.t

    def row(self, cursor: Cursor) -> int | None:
        """The array row under the cursor, or None at the initial state."""
        return cursor.t - 1 if 1 <= cursor.t <= self.steps else None
