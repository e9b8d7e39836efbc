"""The derivatives of the functions that cells call: closed forms, and torch's own for all others."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnntui.core.equations import Cell
from rnntui.core.evaluate import FUNCTIONS
from rnntui.core.gradients.scaled import Float64
from rnntui.core.trace import Equation
from rnntui.errors import BadInput, describe

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
UNIT_BY_UNIT: Final = frozenset(
    {*FUNCTIONS, "celu", "erf", "gelu", "hardshrink", "hardswish", "logit", "mish", "pow", "relu6", "selu", "sinh"}
    | {"softshrink", "tan", "tanhshrink"}
)
"""Functions of torch's that are known to act on each unit alone, so that it need not be found out at every step."""
AT_ONCE: Final = 2**22
"""How many numbers of Jacobians are computed at once."""
MOST: Final = 2**24
"""How many numbers the Jacobians of one function that mixes units may have."""

Given = NDArray[Any] | float
"""An argument of a call: vectors (T, n), single numbers (T,), matrices, or a number that is the same at every step."""


@dataclass(frozen=True, eq=False)
class Called:
    """What a function gave at every step, and how that changes with its arguments."""

    value: NDArray[Any]
    """(T, n); a single number has n = 1, a matrix is laid out row by row."""
    shape: tuple[int, ...]
    """At each step: (n,) of a vector, () of a single number such as the norm of h, else that of a matrix."""
    slopes: tuple[Float64 | None, ...]
    """By each argument: (T, n) where it acts on each unit alone, else its Jacobians (T, n, m); None where it is 0."""


def meant(cell: Cell, equation: Equation, function: str) -> Callable[..., Any]:
    """What the cell's file means by the name of a function in one of its equations.

    Raises BadInput for a name that means nothing.
    """
    root, *path = _written(equation.source, function)
    found: object = getattr(cell.step, "__globals__", {}).get(root)
    for each in path:
        found = getattr(found, each, None)
    if callable(found):
        return found
    raise BadInput(f"{where(cell, equation)}: {function} is no function that is known there, so it has no derivative.")


@lru_cache(maxsize=512)
def _written(source: str, function: str) -> tuple[str, ...]:
    """How a function is called by its last name in an expression: torch.nn.functional.softplus, in its parts."""
    calls = [node.func for node in ast.walk(ast.parse(source, mode="eval")) if isinstance(node, ast.Call)]
    paths = (tuple(ast.unparse(one).split(".")) for one in calls)
    return next((path for path in paths if path[-1] == function), (function,))


def is_torchs(found: Callable[..., Any], function: str) -> bool:
    """Whether a function is torch's of this name, and not another one."""
    return any(getattr(shelf, function, None) is found for shelf in (torch, torch.nn.functional))


def _is_unit_by_unit(found: Callable[..., Any]) -> bool:
    name = getattr(found, "__name__", "")
    return name in UNIT_BY_UNIT and is_torchs(found, name)


def where(cell: Cell, equation: Equation) -> str:
    """The line of an equation, as it is named in what is refused."""
    return f"{Path(cell.file).name}:{equation.line}"


@torch.enable_grad()
def by_torch(call: Callable[..., Any], name: str, given: Sequence[Given], steps: int) -> Called:
    """Any function at every step, as torch computes it from that step's own numbers, and its Jacobians by autograd.

    `name` is what it is called in what is refused. Raises BadInput for what has no derivative, gives no tensor, or
    would need too much memory.
    """
    vectors = {
        place: torch.tensor(np.ascontiguousarray(one)) for place, one in enumerate(given) if isinstance(one, np.ndarray)
    }
    by = [place for place, one in vectors.items() if one.is_floating_point()]

    def step(*rows: Tensor) -> Tensor:
        at = dict(zip(vectors, rows, strict=True))
        arguments = (at[place] if place in at else _number(one) for place, one in enumerate(given))
        found: Tensor = call(*arguments)
        return found

    try:
        first = step(*(one[0] for one in vectors.values()))
        if not isinstance(first, Tensor):
            raise BadInput(f"{name} gives a {type(first).__name__}, and gradients are followed through tensors only.")
        if not vectors:
            constant = np.broadcast_to(first.numpy().reshape(-1), (steps, first.numel()))
            return Called(constant, tuple(first.shape), (None,) * len(given))
        if not first.is_floating_point():
            by = []
        elif _is_unit_by_unit(call) and all(one.ndim < 3 for one in vectors.values()):
            return _unit_by_unit(step, vectors, by, first, len(given))
        return _at_every_step(step, vectors, by, first, len(given), name)
    except BadInput:
        raise
    except Exception as error:  # noqa: BLE001  the function may be anybody's
        raise BadInput(f"{name} cannot be differentiated ({describe(error).rstrip('.')}).") from None


def _unit_by_unit(
    step: Callable[..., Tensor], vectors: Mapping[int, Tensor], by: Sequence[int], first: Tensor, count: int
) -> Called:
    """What acts on each unit alone acts on those of all steps at once."""
    shape = (len(next(iter(vectors.values()))), first.numel())
    spread = {place: one.reshape(shape[0], -1).expand(shape) for place, one in vectors.items()}
    leaves = {place: one.clone().requires_grad_(place in by) for place, one in spread.items()}
    value = step(*leaves.values())
    slopes: list[Float64 | None] = [None] * count
    if value.requires_grad:
        found = torch.autograd.grad(value.sum(), [leaves[place] for place in by], allow_unused=True)
        for place, slope in zip(by, found, strict=True):
            slopes[place] = None if slope is None else slope.numpy()
    return Called(value.detach().numpy(), tuple(first.shape), tuple(slopes))


def _at_every_step(
    step: Callable[..., Tensor], vectors: Mapping[int, Tensor], by: list[int], first: Tensor, count: int, name: str
) -> Called:
    total = len(next(iter(vectors.values())))
    sizes = {place: vectors[place][0].numel() for place in by}
    chunk = max(1, AT_ONCE // (first.numel() * max(sizes.values(), default=1)))
    values, found = [], {place: list[Float64]() for place in by}
    for start in range(0, total, chunk):
        rows = [one[start : start + chunk] for one in vectors.values()]
        value, jacobians = _chunk(step, rows, [list(vectors).index(place) for place in by])
        values.append(value.reshape(len(rows[0]), -1))
        for place, jacobian in zip(by, jacobians, strict=True):
            shape = (len(rows[0]), first.numel(), sizes[place])
            found[place].append(_thinned(jacobian.detach().numpy(force=True).reshape(shape)))
            numbers = total * first.numel() * sizes[place]
            if found[place][-1].ndim > 2 and numbers > MOST:
                raise BadInput(
                    f"{name} mixes units, so its derivatives would be {numbers:,} numbers, more than {MOST:,}; shorten "
                    "the text or take fewer hidden units."
                )
    slopes = [_joined(found[place]) if place in found else None for place in range(count)]
    return Called(torch.cat(values).detach().numpy(), tuple(first.shape), tuple(slopes))


def _chunk(step: Callable[..., Tensor], rows: Sequence[Tensor], by: Sequence[int]) -> tuple[Tensor, Sequence[Tensor]]:
    """Values and Jacobians of some steps: all at once where the function can be batched, else one by one."""

    def twice(*row: Tensor) -> tuple[Tensor, Tensor]:
        value = step(*row)
        return value, value

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it would be faster otherwise
            if not by:
                return torch.func.vmap(step)(*rows), ()
            jacobians, value = torch.func.vmap(torch.func.jacrev(twice, argnums=tuple(by), has_aux=True))(*rows)
    except Exception:  # noqa: BLE001  what is wrong with the function itself is wrong one by one too
        return _one_by_one(step, rows, by)
    return value, jacobians


def _one_by_one(
    step: Callable[..., Tensor], rows: Sequence[Tensor], by: Sequence[int]
) -> tuple[Tensor, Sequence[Tensor]]:
    values, jacobians = [], [list[Tensor]() for _ in by]
    for row in zip(*rows, strict=True):
        leaves = [one.clone().requires_grad_(place in by) for place, one in enumerate(row)]
        asked = [leaves[place] for place in by]
        value = step(*leaves)
        values.append(value.detach())
        lines: list[Sequence[Tensor | None]] = [
            torch.autograd.grad(unit, asked, retain_graph=True, allow_unused=True)
            if unit.requires_grad
            else [None] * len(asked)
            for unit in value.reshape(-1).unbind()
        ]
        for place, leaf in enumerate(asked):
            filled = [torch.zeros_like(leaf) if line[place] is None else line[place] for line in lines]
            jacobians[place].append(torch.stack([one for one in filled if one is not None]))
    return torch.stack(values), [torch.stack(one) for one in jacobians]


def _thinned(jacobians: Float64) -> Float64:
    """Jacobians (T, n, m) as the slopes (T, n) of each unit alone, where there is nothing else in them."""
    size, of = jacobians.shape[1:]
    if of == 1:
        return jacobians[:, :, 0]
    if size != of:
        return jacobians
    units = np.arange(size)
    slopes = jacobians[:, units, units]
    others = np.where(np.isfinite(slopes)[:, None, :], jacobians, 0.0)  # 0 · inf of another unit is no mixing
    others[:, units, units] = 0
    return jacobians if others.any() else slopes


def _joined(pieces: Sequence[Float64]) -> Float64:
    """Slopes of all steps; as Jacobians if some of them are."""
    if len({one.ndim for one in pieces}) > 1:
        pieces = [one if one.ndim > 2 else one[:, :, None] * np.eye(one.shape[1]) for one in pieces]
    return np.concatenate(pieces)


def _number(value: Given) -> float:
    """A plain number as a cell writes it: a dimension is whole."""
    assert not isinstance(value, np.ndarray)
    return int(value) if value == int(value) else value
