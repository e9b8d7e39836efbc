"""Whether a learner's own cell can learn: a few steps forwards and back before it is trusted with a text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from rnntui.core.equations import Cell
from rnntui.core.fence import fence
from rnntui.core.initial import draw, generator
from rnntui.core.parameters import Network, bind, layout, torch_name
from rnntui.core.trial import try_one_step
from rnntui.core.unroll import Values, explicit
from rnntui.errors import BadInput
from rnntui.models.unrolled import unrolled

STEPS: Final = 4
ROWS: Final = 3


def unreached(network: Network) -> tuple[str, ...]:
    """What no gradient reaches of what an own cell reads: x, W.a, W.b.

    Raises BadInput with the line of an equation that fails, is no vector, or is not finite, and for a cell through
    which no gradient flows at all, or one that is not finite.
    """
    cell = network.cell
    parameters = {name: values.float().requires_grad_() for name, values in draw(network, 0, None).items()}
    try_one_step(network, parameters, torch.float32)
    source = generator(0, "trial")
    x = torch.randn(STEPS, ROWS, network.size, generator=source).requires_grad_()
    zeros = [torch.zeros(network.hidden) for _ in cell.states]
    names = {f"W.{attribute}": torch_name(kind, 0, "forward") for attribute, (kind, _) in layout(cell).items()}
    read = {"x": x} | {name: parameters[parameter] for name, parameter in names.items()}
    with fence(cell.file):
        weights = bind(parameters, cell, 0, "forward")
        _refuse_infinite(cell, explicit(cell, weights, x[:, 0], dict(zip(cell.states, zeros, strict=True))))
        h = unrolled(cell, weights, x, [state.expand(ROWS, -1) for state in zeros])[0]
        found = _gradients((h * torch.randn(h.shape, generator=source)).sum(), tuple(read.values()))
    reached = [gradient is not None and bool(gradient.any()) for gradient in found]
    if not any(reached):
        raise BadInput(
            f"{cell.name} cannot learn: no gradient flows back from {cell.states[0]} to x or to a weight; it depends "
            "on neither, or only through steps without a slope, such as round or sign."
        )
    if not all(gradient is None or gradient.isfinite().all() for gradient in found):
        raise BadInput(
            f"{cell.name} cannot learn: its gradient is not finite within the first {STEPS} steps, as that of sqrt is "
            "not at 0."
        )
    return tuple(name for name, there in zip(read, reached, strict=True) if not there)


def _gradients(loss: Tensor, inputs: Sequence[Tensor]) -> tuple[Tensor | None, ...]:
    return torch.autograd.grad(loss, inputs, allow_unused=True) if loss.requires_grad else (None,) * len(inputs)


def _refuse_infinite(cell: Cell, values: Values) -> None:
    """Name the first equation whose values are not finite: of the earliest step, and there the first."""
    for t in range(STEPS):
        for equation in cell.equations:
            if not values[equation.symbol][t].isfinite().all():
                raise BadInput(
                    f"{Path(cell.file).name}:{equation.line}: {equation.symbol} is not finite at step {t + 1} already, "
                    "so nothing can be learned; keep it within what a number can be."
                )
