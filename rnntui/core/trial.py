"""One step of a learner's own cell before it is trusted with a text: every sub-step must give a vector of H numbers."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from rnntui.core.equations import Cell
from rnntui.core.expression import variable
from rnntui.core.fence import fence
from rnntui.core.ownweights import sizes
from rnntui.core.parameters import Network, Parameters, bind
from rnntui.core.trace import Equation
from rnntui.core.weights import Weights
from rnntui.errors import BadInput, counted


@torch.inference_mode()
def try_one_step(network: Network, parameters: Parameters, dtype: torch.dtype) -> None:
    """Compute every sub-step of one step in the first layers, and look at its shape, its kind and that it stays.

    Raises BadInput with the line of the first that is not (H,) in this dtype, fails, or changes when it is repeated.
    """
    cell = network.cell
    with fence(cell.file):
        for layer in range(min(network.layers, 2)):
            size = network.size if layer == 0 else network.hidden * (1 + network.bidirectional)
            generator = torch.Generator().manual_seed(0)
            values = {
                name: torch.rand(length, generator=generator, dtype=dtype)
                for name, length in (("x", size), *((state, network.hidden) for state in cell.states))
            }
            for equation in cell.equations:
                if size != network.hidden and "D" in sizes(equation.tree):
                    raise BadInput(
                        f"{_where(cell, equation)}: x has {counted(size, 'number')} and {equation.symbol} has "
                        f"{network.hidden}; multiply x with a matrix, W.name @ x."
                    )
                values[equation.symbol] = _compute(cell, equation, values, bind(parameters, cell, layer, "forward"))


def _compute(cell: Cell, equation: Equation, values: dict[str, Tensor], weights: Weights) -> Tensor:
    expression = compile("\n" * (equation.line - 1) + equation.source, cell.file, "eval")
    known = {variable(name): value for name, value in values.items()}
    names = {**getattr(cell.step, "__globals__", {}), **known, "W": weights}
    found, again = (eval(expression, names) for _ in range(2))  # noqa: S307  the learner's own equation
    hidden, dtype = values[cell.states[0]].shape[0], values["x"].dtype
    if not isinstance(found, Tensor):
        raise BadInput(f"{_where(cell, equation)}: {equation.symbol} is a {type(found).__name__} and no vector.")
    if tuple(found.shape) != (hidden,):
        shape = f"has the shape {tuple(found.shape)}" if found.ndim else "is a single number"
        raise BadInput(
            f"{_where(cell, equation)}: {equation.symbol} {shape}; every equation gives (H,), here ({hidden},)."
        )
    if found.dtype != dtype:
        kinds = [str(kind).removeprefix("torch.") for kind in (found.dtype, dtype)]
        raise BadInput(f"{_where(cell, equation)}: {equation.symbol} holds {kinds[0]} and not {kinds[1]}.")
    if not torch.equal(found.nan_to_num(), again.nan_to_num()):
        raise BadInput(
            f"{_where(cell, equation)}: {equation.symbol} is another one each time it is computed; "
            "a cell gives the same for the same."
        )
    return found


def _where(cell: Cell, equation: Equation) -> str:
    return f"{Path(cell.file).name}:{equation.line}"
