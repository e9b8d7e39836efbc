"""What can be done to torch's initialisation, one after the other: `orthogonal,forget-bias=1`.

Sources: orthogonal, Saxe et al. 2014; identity, Le, Jaitly & Hinton 2015; spectral radius, Jaeger 2001; forget bias,
Gers et al. 2000 and Jozefowicz et al. 2015; delay, Tallec & Ollivier 2018 (chrono).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from rnntui.core.equations import Cell, load
from rnntui.core.initial import draw, generator
from rnntui.core.parameters import Network, biases, blocks, recurrent_blocks
from rnntui.errors import BadInput
from rnntui.names import cell_names, nearest


@dataclass(frozen=True)
class Draft:
    """Parameters that are being made, in float64, and what they are made for."""

    network: Network
    seed: int
    tokens: Sequence[str] | None
    parameters: dict[str, Tensor]

    def recurrent_blocks(self) -> Iterator[tuple[str, str, Tensor]]:
        """Every H x H matrix that is applied to a state, as the parameter's name, the gate and a view to write to."""
        return recurrent_blocks(self.network, self.parameters)

    def set_bias(self, gate: str, value: float) -> None:
        """Give a gate this bias everywhere: the first of its biases, b_i, is the value and b_h is zero.

        Raises BadInput for a gate without a bias.
        """
        cell, found = self.network.cell, biases(self.network.cell, gate)
        if not found:
            raise BadInput(f"The gate {gate} of {cell.name} has no bias to set; add one, such as + W.b_{gate}.")
        for layer, direction in self.network.passes:
            weights = blocks(self.parameters, cell, layer, direction)
            for attribute in found:
                weights[attribute].fill_(value if attribute == found[0] else 0)

    def keeping_gate(self, change: str) -> str:
        """The gate that keeps the memory. Raises BadInput for a cell without one."""
        gate = self.network.cell.keeping_gate
        if gate is None:
            having = ", ".join(name for name in cell_names() if load(name).keeping_gate)
            raise BadInput(f"{change} needs a gate that keeps, and {self.network.cell.name} has none; use {having}.")
        return gate


def initialise(network: Network, seed: int, init: str, tokens: Sequence[str] | None) -> dict[str, Tensor]:
    """A network's parameters in float64: torch's draw, then each change of a comma list in order.

    Raises BadInput for an unknown change, a number that does not fit it, or a cell that it does not fit.
    """
    changes = [_read(word.strip()) for word in init.split(",")]
    draft = Draft(network, seed, tokens, draw(network, seed, tokens))
    for change in changes:
        change(draft)
    return draft.parameters


def fitting(cell: Cell, init: str) -> tuple[str, tuple[str, ...]]:
    """The changes of a comma list that fit a cell, and those that need a gate that keeps where it has none."""
    words = [word.strip() for word in init.split(",")]
    left_out = () if cell.keeping_gate else tuple(word for word in words if word.partition("=")[0] in NEED_A_GATE)
    return ",".join(word for word in words if word not in left_out) or "torch", left_out


def _torch(draft: Draft) -> None:
    draft.parameters.update(draw(draft.network, draft.seed, draft.tokens))


def _orthogonal(draft: Draft) -> None:
    for name, gate, block in draft.recurrent_blocks():
        source = generator(draft.seed, name, "orthogonal", gate)
        q, r = torch.linalg.qr(torch.randn(block.shape, dtype=torch.float64, generator=source))
        block.copy_(q * r.diagonal().sign())


def _identity(draft: Draft) -> None:
    for _, _, block in draft.recurrent_blocks():
        block.copy_(torch.eye(len(block), dtype=torch.float64))


def _zeros(draft: Draft) -> None:
    for values in draft.parameters.values():
        values.zero_()


def _spectral_radius(draft: Draft, radius: float) -> None:
    for name, gate, block in draft.recurrent_blocks():
        largest = torch.linalg.eigvals(block).abs().max().item()
        if largest == 0:
            raise BadInput(
                f"spectral-radius cannot scale the {gate} block of {name}: all its eigenvalues are 0; put zeros later."
            )
        block.mul_(radius / largest)


def _forget_bias(draft: Draft, bias: float) -> None:
    draft.set_bias(draft.keeping_gate("forget-bias"), bias)


def _delay(draft: Draft, steps: float) -> None:
    keeps, writes = draft.keeping_gate("delay"), draft.network.cell.writing_gate
    draft.set_bias(keeps, math.log(steps - 1))
    if writes is not None:
        draft.set_bias(writes, -math.log(steps - 1))


PLAIN: Final[Mapping[str, Callable[[Draft], None]]] = {
    "torch": _torch,
    "orthogonal": _orthogonal,
    "identity": _identity,
    "zeros": _zeros,
}
WITH_NUMBER: Final[Mapping[str, tuple[Callable[[Draft, float], None], float, str]]] = {
    "spectral-radius": (_spectral_radius, 0, "the largest |eigenvalue| of each block, 0 or more"),
    "forget-bias": (_forget_bias, -math.inf, "the bias of the gate that keeps"),
    "delay": (_delay, 2, "a number of steps, 2 or more"),
}
"""Change → what it does, the smallest number that fits, and what the number is."""
NEED_A_GATE: Final = ("forget-bias", "delay")
"""Changes to the gate that keeps the memory."""


def _read(word: str) -> Callable[[Draft], None]:
    name, equals, number = word.partition("=")
    if name in PLAIN:
        if equals:
            raise BadInput(f"The initialisation {name} takes no number; write {name} alone instead of {word!r}.")
        return PLAIN[name]
    if name not in WITH_NUMBER:
        known = (*PLAIN, *(f"{name}=NUMBER" for name in WITH_NUMBER))
        raise BadInput(f"Unknown initialisation {word!r}: {nearest(word, known)}.")
    change, smallest, meaning = WITH_NUMBER[name]
    number = number.replace("−", "-")  # the minus that the screen writes
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", number):
        raise BadInput(f"The initialisation {name} needs a number, {meaning}; {word!r} does not have one.")
    value = float(number)
    if not math.isfinite(value) or value < smallest:
        raise BadInput(f"{word} does not fit: the number is {meaning}.")
    return lambda draft: change(draft, value)
