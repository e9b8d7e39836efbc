"""Any cell over a batch by its own equations, step by step; autograd finds the way back, so nothing is written twice.

It is for cells that there is no faster way for: Python runs every operation of every step.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import nullcontext

import torch
from torch import Tensor

from rnntui.core.equations import Cell
from rnntui.core.fence import blamed
from rnntui.core.weights import Weights


def unrolled(cell: Cell, weights: Weights, x: Tensor, before: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Every h of one layer, (T, B, H), and each state after the last step, (B, H), as a model's layer hands them on.

    `x` is (T, B, D), `before` each state before the first step, (B, H). The equations are written for vectors, so they
    are mapped over the batch; gradients flow to the weights, x and the states. Raises BadInput with the line at which
    an own cell fails.
    """

    def steps(x: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        outputs = []
        for row in x.unbind(0):
            states = advance(cell, row, states, weights)
            outputs.append(states[0])
        return torch.stack(outputs), *states

    batch = (1, *(0 for _ in before))
    with blamed(cell.file) if cell.own else nullcontext(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says of some functions that they could be faster
        h, *after = torch.func.vmap(steps, in_dims=batch, out_dims=batch)(x, *before)
    return h, *(state.contiguous() for state in after)  # as a file has them: laid out otherwise, last bits differ


def advance(cell: Cell, x: Tensor, states: Sequence[Tensor], weights: Weights) -> tuple[Tensor, ...]:
    """The states after one step, in the order in which the cell takes them."""
    found = cell.step(x, *states, weights)
    named = dict(zip(cell.returns, found if isinstance(found, tuple) else (found,), strict=True))
    return tuple(named[state] for state in cell.states)
