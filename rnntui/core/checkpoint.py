"""Parameters in a file under torch's own names: written as safetensors and only those, checked when they are read."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save as write_out
from torch import Tensor

from rnntui.core.parameters import Network, Parameters
from rnntui.core.tensor_file import plain
from rnntui.errors import BadInput, counted
from rnntui.files import reason, write


def save(parameters: Parameters, path: str | Path) -> None:
    """Write parameters whole or not at all.

    Raises BadInput when they cannot be written.
    """
    data = write_out({name: values.detach().contiguous() for name, values in parameters.items()})
    try:
        write(Path(path), lambda stream: stream.write(data))
    except OSError as error:
        raise BadInput(f"The weights cannot be written to {str(path)!r} ({reason(error)}).") from None


def check(found: Parameters, network: Network, dtype: torch.dtype, path: str) -> dict[str, Tensor]:
    """The tensors of a file as this network needs them, in torch's order and of this dtype.

    Raises BadInput naming the first tensor that is missing, too many, of another shape, no floating point or not
    finite, with what was found and what was expected.
    """
    expected = network.shapes
    sizes = counted(network.size, "input"), counted(network.hidden, "unit"), counted(network.layers, "layer")
    what = "{} with {}, {} and {}".format(network.cell.name, *sizes)
    if network.bidirectional:
        what += " in two directions"
    checked: dict[str, Tensor] = {}
    for name, shape in expected.items():
        if name not in found:
            raise BadInput(f"{path!r} has no tensor {name}, which {what} needs with shape {shape}.")
        values = found[name]
        if tuple(values.shape) != shape:
            raise BadInput(f"In {path!r} the tensor {name} has shape {tuple(values.shape)}; {what} needs {shape}.")
        checked[name] = finite(values, name, dtype, path)
    extra = [name for name in found if name not in expected]
    if extra:
        shape = tuple(found[extra[0]].shape)
        raise BadInput(f"{path!r} has a tensor {extra[0]!r} {shape} that {what} does not have; remove it.")
    return checked


def finite(values: Tensor, name: str, dtype: torch.dtype, path: str) -> Tensor:
    """A tensor of a file in this dtype.

    Raises BadInput when it is no floating point, or holds a number that is not finite in this dtype.
    """
    if not values.is_floating_point():
        raise BadInput(f"In {path!r} the tensor {name} holds {plain(values.dtype)}; it needs floating point.")
    values = values.to(dtype)
    # a sum is ten times as fast as looking at each number, and not finite if one of them is not
    if not values.sum().isfinite() and not values.isfinite().all():
        raise BadInput(f"In {path!r} the tensor {name} holds a number that is not finite in {plain(dtype)}.")
    return values
