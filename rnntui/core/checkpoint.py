"""Parameters in a safetensors file, under torch's own names and only those."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load as parse
from safetensors.torch import save as write_out
from torch import Tensor

from rnntui.core.parameters import Network, Parameters
from rnntui.core.regular import read
from rnntui.errors import BadInput
from rnntui.files import reason, write

LARGEST: Final = 2**29 + 2**20
"""How many bytes of weights are read: more than any network of ours has."""


def save(parameters: Parameters, path: str | Path) -> None:
    """Write parameters whole or not at all.

    Raises BadInput when they cannot be written.
    """
    data = write_out({name: values.detach().contiguous() for name, values in parameters.items()})
    try:
        write(Path(path), lambda stream: stream.write(data))
    except OSError as error:
        raise BadInput(f"The weights cannot be written to {str(path)!r} ({reason(error)}).") from None


def load(path: str, network: Network, dtype: torch.dtype) -> tuple[dict[str, Tensor], str]:
    """The parameters of a network from a file, and the file's sha256.

    Raises BadInput naming the first tensor that is missing, too many, of another shape, no floating point or not
    finite, with what was found and what was expected.
    """
    data, more = read(path, LARGEST)
    if more:
        raise BadInput(f"The weights file {path!r} is larger than {LARGEST:,} bytes, which no network here needs.")
    try:
        found = parse(data)
    except (SafetensorError, KeyError, ValueError, OverflowError):
        raise BadInput(f"{path!r} is no safetensors file, or was cut short; write one with --weights.") from None
    return check(found, network, dtype, path), hashlib.sha256(data).hexdigest()


def check(found: Parameters, network: Network, dtype: torch.dtype, path: str) -> dict[str, Tensor]:
    """The tensors as this network needs them, in torch's order and of this dtype."""
    expected = network.shapes
    what = f"{network.cell.name} with {network.size} inputs, {network.hidden} units and {network.layers} layers"
    if network.bidirectional:
        what += " in two directions"
    checked: dict[str, Tensor] = {}
    for name, shape in expected.items():
        if name not in found:
            raise BadInput(f"{path!r} has no tensor {name}, which {what} needs with shape {shape}.")
        values = found[name]
        if tuple(values.shape) != shape:
            raise BadInput(f"In {path!r} the tensor {name} has shape {tuple(values.shape)}; {what} needs {shape}.")
        if not values.is_floating_point():
            raise BadInput(f"In {path!r} the tensor {name} holds {_plain(values.dtype)}; it needs floating point.")
        checked[name] = values.to(dtype)
        if not checked[name].isfinite().all():
            raise BadInput(f"In {path!r} the tensor {name} holds a number that is not finite in {_plain(dtype)}.")
    extra = [name for name in found if name not in expected]
    if extra:
        shape = tuple(found[extra[0]].shape)
        raise BadInput(f"{path!r} has a tensor {extra[0]!r} {shape} that {what} does not have; remove it.")
    return checked


def _plain(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
