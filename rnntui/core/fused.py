"""The same values as `unroll.explicit`, fast: a loop of torch's gives every h, then all gates follow at once.

A gate depends on x and on the h before only, so one matrix product over all steps makes it. What a cell carries
besides h (the c of an LSTM) follows cₜ = aₜ ⊙ cₜ₋₁ + bₜ, which a scan in blocks solves in about 2√T steps. Which gates
there are, and what a and b are, is read from the cell's equations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod, sqrt

import torch
from torch import Tensor
from torch.nn.functional import pad

from rnntui.core.equations import Cell
from rnntui.core.expression import Call, Matmul, Name, Node, Number, Product, Quotient, Sum, Weight
from rnntui.core.loops import LOOPS
from rnntui.core.plan import Recurrence, argument, plan
from rnntui.core.sequence import OneHot, Sequence


def fused(
    cell: Cell, parameters: list[Tensor], weights: Mapping[str, Tensor], x: Sequence, initial: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Every symbol of every step, each (T, H), in the order that x is read; `initial` holds each state, (H,).

    `parameters` are torch's four of this pass, `weights` the same in blocks, by the attribute of W.
    """
    states = [initial[state].reshape(1, 1, -1) for state in cell.states]
    rows, packed = _narrow(x, parameters)
    h = LOOPS[cell.name](rows[:, None], states, packed)[:, 0]  # (T, H)
    order = plan(cell)
    found = _Found(weights, x, {}, {})
    found.learn(cell.states[0], h, initial[cell.states[0]])
    if order.gates:
        found.now.update(_arguments(order.gates, parameters, x, found.before[cell.states[0]]))
    for symbol, how in order.steps:
        if isinstance(how, Recurrence):
            keep, add = found.value(how.keep), found.value(how.add)
            found.learn(symbol, scan(keep.expand_as(h), add.expand_as(h), initial[symbol]), initial[symbol])
        else:
            found.now[symbol] = found.value(how)
    return {equation.symbol: found.now[equation.symbol] for equation in cell.equations}


def _narrow(x: Sequence, parameters: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
    """The vectors and the parameters with which a loop reads them, none longer than W_ih has rows.

    A one-hot vector of a large vocabulary only picks a column: the column is read instead, times an identity.
    """
    of_x, *others = parameters
    if isinstance(x, OneHot) and x.size > len(of_x):
        return of_x.T.index_select(0, x.ids), [torch.eye(len(of_x), dtype=x.dtype), *others]
    return x.rows(), parameters


def _arguments(gates: tuple[int, ...], parameters: list[Tensor], x: Sequence, before: Tensor) -> dict[str, Tensor]:
    """W x + b + W h + b of several gates, each (T, H)."""
    hidden = before.shape[1]
    chosen = slice(gates[0], gates[-1] + 1) if gates == tuple(range(gates[0], gates[-1] + 1)) else list(gates)
    of_x, of_h = (matrix.reshape(-1, hidden, matrix.shape[1])[chosen] for matrix in parameters[:2])
    biases = (parameters[2] + parameters[3]).reshape(-1, hidden)[chosen]
    sums = x.times(of_x, biases).baddbmm_(before.expand(len(gates), *before.shape), of_h.mT)  # (gates, T, H)
    return {argument(gate).name: values for gate, values in zip(gates, sums.unbind(0), strict=True)}


@dataclass(frozen=True)
class _Found:
    """What is known of all steps so far."""

    weights: Mapping[str, Tensor]
    x: Sequence
    now: dict[str, Tensor]
    """Symbol → (T, H)."""
    before: dict[str, Tensor]
    """State → (T, H), as each step found it."""

    def learn(self, state: str, values: Tensor, initial: Tensor) -> None:
        """Take in a state at every step."""
        self.now[state] = values
        self.before[state] = torch.cat([initial[None], values[:-1]])

    def value(self, node: Node) -> Tensor:  # noqa: PLR0911
        """A tree at every step, (T, H); a vector of parameters (H,)."""
        match node:
            case Name(name=name, before=before):
                return self.before[name] if before else self.now[name]
            case Matmul(attribute=attribute, vector=Name(name="x")):
                matrix = self.weights[attribute]
                return self.x.times(matrix[None], matrix.new_zeros(1, len(matrix)))[0]
            case Matmul(attribute=attribute, vector=vector):
                return self.value(vector) @ self.weights[attribute].T
            case Weight(attribute=attribute):
                return self.weights[attribute]
            case Number(value=number):
                return torch.tensor(number, dtype=self.x.dtype)
            case Call(function=function, arguments=arguments):
                made: Tensor = getattr(torch, function)(*map(self.value, arguments))
                return made
            case Quotient(top=top, bottom=bottom):
                return self.value(top) / self.value(bottom)
            case Product(factors=(first, *rest)):
                return prod(map(self.value, rest), start=self.value(first))
            case Sum(terms=((sign, first), *others)):
                total = self.value(first) if sign > 0 else -self.value(first)
                for sign, term in others:
                    total = total + self.value(term) if sign > 0 else total - self.value(term)
                return total
        raise AssertionError(node)


def scan(keep: Tensor, add: Tensor, start: Tensor) -> Tensor:
    """Every sₜ = keepₜ ⊙ sₜ₋₁ + addₜ, each (T, H), from s₀ = start, (H,).

    The steps lie in n rows of L: each row is summed up as if it started from 0, all rows at once; then the n rows are
    chained. (Blelloch 1990 has the idea; one level of it is enough here.)
    """
    count, hidden = add.shape
    length = max(1, round(sqrt(count) / 2))
    rows = -(-count // length)
    missing = (0, 0, 0, rows * length - count)
    keeps = pad(keep, missing).reshape(rows, length, hidden).unbind(1)
    adds = pad(add, missing).reshape(rows, length, hidden).unbind(1)
    kept, summed = [keeps[0]], [adds[0]]
    for keep_here, add_here in zip(keeps[1:], adds[1:], strict=True):
        summed.append(torch.addcmul(add_here, keep_here, summed[-1]))
        kept.append(kept[-1] * keep_here)
    starts = [start]
    for keep_row, add_row in zip(kept[-1].unbind(0)[:-1], summed[-1].unbind(0)[:-1], strict=True):
        starts.append(torch.addcmul(add_row, keep_row, starts[-1]))
    # (rows, length, hidden)
    chained = torch.addcmul(torch.stack(summed, 1), torch.stack(kept, 1), torch.stack(starts)[:, None])
    return chained.reshape(rows * length, hidden)[:count]
