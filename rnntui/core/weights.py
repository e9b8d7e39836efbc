"""The W of the equations: one attribute for each block of a cell's parameters."""

from __future__ import annotations

from torch import Tensor


class Weights:
    """What a cell's equations call W: `W.if_` is the forget gate's matrix for the input, `W.b_if` its bias."""

    def __init__(self, **blocks: Tensor) -> None:
        self.__dict__.update(blocks)

    def __getattr__(self, name: str) -> Tensor:
        raise AttributeError(f"the cell has no weight {name}")
