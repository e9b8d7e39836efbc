"""The derivatives of the functions that cells call: closed forms, and torch's own for all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import torch

from rnntui.core.equations import Cell
from rnntui.core.gradients.scaled import Float64
from rnntui.errors import BadInput

OF_RESULT: Final[Mapping[str, Callable[[Float64], Float64]]] = {
    "exp": lambda y: y,
    "relu": lambda y: (y > 0).astype(np.float64),
    "sigmoid": lambda y: y * (1 - y),
    "sqrt": lambda y: 0.5 / y,
    "tanh": lambda y: 1 - y * y,
}
"""Functions of one argument whose derivative follows from their value y."""
OF_ARGUMENT: Final[Mapping[str, Callable[[Float64], Float64]]] = {
    "abs": np.sign,
    "cos": lambda x: -np.sin(x),
    "log": lambda x: 1 / x,
    "sin": np.cos,
    "square": lambda x: 2 * x,
}
"""Functions of one argument x, whose derivative needs it."""


def is_torchs(cell: Cell, function: str) -> bool:
    """Whether the cell's file means torch's function by this name, and not one of its own."""
    meant = getattr(cell.step, "__globals__", {}).get(function)
    return meant is None or meant in (getattr(torch, function, None), getattr(torch.nn.functional, function, None))


@torch.enable_grad()
def by_torch(cell: Cell, function: str, arguments: Sequence[Float64]) -> tuple[Float64, tuple[Float64, ...]]:
    """Any other function: its value at every step, (T, H), and its derivative by each argument, as autograd has it.

    Raises BadInput for a function that does not act on each unit alone, whose derivative is no such vector.
    """
    call = _found(cell, function)
    given = [torch.tensor(argument, dtype=torch.float64, requires_grad=argument.ndim > 0) for argument in arguments]
    asked = [argument for argument in given if argument.requires_grad]
    try:
        value = call(*_plain(given))
        alone = _alone(call, given, value)
        slopes = iter(torch.autograd.grad(value.sum(), asked, allow_unused=True))
    except (RuntimeError, TypeError, IndexError) as error:
        raise BadInput(f"{cell.file}: {function} cannot be differentiated ({str(error).splitlines()[0]}).") from None
    if not alone:
        raise BadInput(
            f"{cell.file}: {function} mixes units or steps, and gradients are followed through functions of each unit "
            "alone; use one such as tanh."
        )
    found = [next(slopes) if argument.requires_grad else None for argument in given]
    derivatives = tuple(np.zeros(value.shape) if slope is None else slope.numpy() for slope in found)
    return value.detach().numpy(), derivatives


def _found(cell: Cell, function: str) -> Callable[..., torch.Tensor]:
    for home in (getattr(cell.step, "__globals__", {}), vars(torch), vars(torch.nn.functional)):
        if callable(home.get(function)):
            return home[function]  # type: ignore[no-any-return]
    raise BadInput(f"{cell.file}: {function} is no function that is known there, so it has no derivative.")


def _plain(arguments: Sequence[torch.Tensor]) -> list[torch.Tensor | float]:
    """Arguments as a cell writes them: vectors, and numbers that are just numbers."""
    return [argument if argument.ndim else _number(argument.item()) for argument in arguments]


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _alone(call: Callable[..., torch.Tensor], given: Sequence[torch.Tensor], value: torch.Tensor) -> bool:
    """Whether one step computed by itself, and one unit computed by itself, come out the same."""
    first_step = call(*_plain([argument[0] if argument.ndim else argument for argument in given]))
    first_unit = call(*_plain([argument[:, :1] if argument.ndim else argument for argument in given]))
    return _same(first_step, value[0]) and _same(first_unit, value[:, :1])


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Equal but for the last bits, which depend on how many numbers are computed at once."""
    return one.shape == other.shape and torch.allclose(one, other, rtol=1e-9, atol=0, equal_nan=True)
