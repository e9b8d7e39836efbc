"""Equations with numbers put in: σ(0.12 − 0.03 + 0.21) = σ(0.30) = 0.57, for one unit at one step.

Reads the record only, and one row of each matrix, so that the numbers follow the cursor at every key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isinf, isnan

from rnntui.core.evaluate import Incomputable, Moment
from rnntui.core.expression import Matmul, Node, Number, children
from rnntui.core.notation import Notation
from rnntui.core.trace import Trace
from rnntui.scene import Direction


def figure(value: float) -> str:
    """A number as it stands in a formula: two decimals, more when it is small; exact integers have none."""
    size = abs(value)
    if isnan(size) or size == 0:
        return "nan" if size else "0"
    if isinf(size):
        text = "∞"
    elif size < 1000 and size == int(size):
        text = f"{size:.0f}"
    elif size >= 1e5:
        text = f"{size:.2e}".replace("e+0", "e").replace("e+", "e")
    elif size >= 0.00995:
        text = f"{size:.2f}"
    elif size >= 0.00005:
        text = f"{size:.4f}"
    else:
        text = f"{size:.0e}".replace("e-0", "e−").replace("e-", "e−")
    return f"−{text}" if value < 0 else text


def chain(tree: Node, moment: Moment, unit: int, result: float | None = None) -> tuple[str, ...]:
    """An expression with its numbers for one unit, reduced from the inside out: σ(0.3 + 0.1), σ(0.4), 0.6.

    `result` is the recorded value that stands last; without it, the value computed here does. An expression that
    cannot be recomputed is only its result; without one, Incomputable is raised.
    """
    try:
        steps = _Reducer(moment, unit).steps(tree)
        last = moment.number(tree, unit) if result is None else result
    except Incomputable:
        if result is None:
            raise
        return (figure(result),)
    return (*dict.fromkeys(steps), figure(last))


def compound(node: Node) -> tuple[Node, ...]:
    """What an expression is directly made of; nothing for a name, a number, a weight and a matrix product."""
    return () if isinstance(node, Matmul) else children(node)


@dataclass(frozen=True)
class _Reducer:
    moment: Moment
    unit: int
    depths: dict[int, int] = field(default_factory=dict)
    values: dict[int, float] = field(default_factory=dict)

    def steps(self, tree: Node) -> list[str]:
        self.measure(tree, 0)
        deepest = max(self.depths.values(), default=-1)
        return [self.reduced(tree, level) for level in range(deepest, -1, -1)]

    def measure(self, node: Node, depth: int) -> None:
        inner = compound(node)
        if inner:
            self.depths[id(node)] = depth
        for child in inner:
            self.measure(child, depth + 1)

    def reduced(self, tree: Node, level: int) -> str:
        def leaf(node: Node) -> str | None:
            if isinstance(node, Number) or self.depths.get(id(node), level + 1) <= level:
                return None
            if id(node) not in self.values:
                self.values[id(node)] = self.moment.number(node, self.unit)
            return figure(self.values[id(node)])

        return Notation(leaf=leaf, times=" × ").write(tree)


@dataclass(frozen=True)
class Worked:
    """One equation with its numbers for one unit."""

    symbol: str
    value: float
    """As recorded."""
    chain: tuple[str, ...]
    """The formula with numbers, step by step to the value: what stands between the equal signs."""


def numbers(trace: Trace, layer: int, direction: Direction, t: int, unit: int, only: str = "") -> dict[str, Worked]:
    """Every equation of a cell with its numbers for one unit at step t, by symbol, for 1 ≤ t ≤ T.

    With `only`, that symbol alone is worked out; the others are just their value. What was set by hand was not worked
    out, and a difference is what it was taken from.
    """
    moment = Moment(trace, trace.of(layer, direction), t - 1)
    worked = {}
    for equation in trace.equations:
        value = float(moment.one.values[equation.symbol][t - 1][unit])
        wanted = not only or only == equation.symbol
        if trace.minus is not None and trace.whole is not None:
            both = (which.of(layer, direction).values[equation.symbol] for which in (trace.whole, trace.minus))
            one, other = (float(values[t - 1][unit]) for values in both)
            taken = f"({figure(other)})" if other < 0 else figure(other)
            steps: tuple[str, ...] = (f"{figure(one)} − {taken}", figure(value))
        elif trace.held(layer, direction, equation.symbol, unit, t) is not None:
            steps = (f"{figure(value)} by hand",)
        else:
            steps = chain(equation.tree, moment, unit, value) if wanted else (figure(value),)
        worked[equation.symbol] = Worked(equation.symbol, value, steps)
    return worked
