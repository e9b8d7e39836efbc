"""The loops that are fast: torch's own, and one like them for the cell that torch does not have.

They give h at every step and nothing else; tests hold each to the cell's equations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import torch
from torch import Tensor

Loop = Callable[[Tensor, list[Tensor], list[Tensor]], Tensor]
"""(x (T, 1, D), each state before reading (1, 1, H), torch's four parameters of one pass) to h, (T, 1, H)."""


def _lstm(x: Tensor, states: list[Tensor], parameters: list[Tensor]) -> Tensor:
    return torch.lstm(x, states, parameters, True, 1, 0.0, False, False, False)[0]


def _with_one_state(function: Callable[..., tuple[Tensor, Tensor]]) -> Loop:
    return lambda x, states, parameters: function(x, states[0], parameters, True, 1, 0.0, False, False, False)[0]


def _gru_reset_before(x: Tensor, states: list[Tensor], parameters: list[Tensor]) -> Tensor:
    of_x, of_h, b_i, b_h = parameters
    h = states[0][0, 0]
    size = 2 * len(h)
    of_gates, of_candidate = of_h[:size], of_h[size:]
    gates_in, candidates_in = torch.addmm(b_i + b_h, x[:, 0], of_x.T).tensor_split([size], dim=1)
    steps = []
    for gates_x, candidate_x in zip(gates_in.unbind(0), candidates_in.unbind(0), strict=True):
        reset, update = torch.addmv(gates_x, of_gates, h).sigmoid().chunk(2)
        candidate = torch.addmv(candidate_x, of_candidate, reset * h).tanh()
        h = torch.lerp(candidate, h, update)
        steps.append(h)
    return torch.stack(steps)[:, None]


LOOPS: Final[Mapping[str, Loop]] = {
    "lstm": _lstm,
    "gru": _with_one_state(torch.gru),
    "rnn": _with_one_state(torch.rnn_tanh),
    "rnn-relu": _with_one_state(torch.rnn_relu),
    "gru-reset-before": _gru_reset_before,
}
"""Cell → its loop: what the forward of `torch.nn.LSTM` and the others calls itself."""
