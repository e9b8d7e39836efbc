"""Finds the recurrent networks among the tensors of a file, by the names and shapes that torch gives their parameters.

What a file does not say stays open: whether a vanilla cell uses tanh or relu, and which of two conventions a GRU of
another library follows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from rnntui.core.equations import load
from rnntui.core.parameters import Network, Parameters
from rnntui.core.tensor_file import plain
from rnntui.errors import BadInput, counted
from rnntui.scene import LARGEST

CELLS: Final[Mapping[int, str]] = {1: "rnn", 3: "gru", 4: "lstm"}
"""How many blocks of H rows the parameters have → the cell they are taken for."""
PARAMETER: Final = re.compile(r"(?:(.*)\.)?((?:weight|bias)_(?:ih|hh|hr))(_l\d{1,3}(?:_reverse)?)?")
"""prefix.weight_ih_l0_reverse; the parameters of an `nn.LSTMCell` have no _l0."""


@dataclass(frozen=True)
class Candidate:
    """A recurrent network found in a file, as far as names and shapes say what it is."""

    prefix: str
    """What stands before `.weight_ih_l0`; empty where nothing does."""
    cell: str = ""
    size: int = 0
    """D, the length of one input vector."""
    hidden: int = 0
    layers: int = 0
    bidirectional: bool = False
    biased: bool = True
    """False for bias=False: there are no biases, which is the same as biases of 0."""
    dtype: str = ""
    trouble: str = ""
    """Why it cannot be read; empty when it can."""

    @property
    def name(self) -> str:
        """Its prefix as a sentence says it."""
        return repr(self.prefix) if self.prefix else "the one without a prefix"

    def __str__(self) -> str:
        """In a few words: lstm, 27 inputs, 64 units, 2 layers, both directions, no biases, float16."""
        if self.trouble:
            return f"cannot be read: {self.trouble}"
        words = [self.cell, counted(self.size, "input"), counted(self.hidden, "unit")]
        words += [counted(self.layers, "layer")] * (self.layers > 1) + ["both directions"] * self.bidirectional
        return ", ".join([*words, *["no biases"] * (not self.biased), self.dtype])


def _owners(number: int, what: str) -> str:
    return f"{counted(number, what)} {'has' if number == 1 else 'have'}"


def find(tensors: Parameters) -> tuple[Candidate, ...]:
    """Every candidate, in the order of the file."""
    return tuple(_describe(prefix, own) for prefix, own in _groups(tensors).items())


def parameters(tensors: Parameters, prefix: str) -> dict[str, Tensor]:
    """The parameters with this prefix under torch's names of a module: those of an `nn.LSTMCell` as a layer 0."""
    return _groups(tensors)[prefix]


def choose(found: tuple[Candidate, ...], prefix: str | None, path: str) -> Candidate:
    """The candidate of this prefix, or the only one.

    Raises BadInput with the list of them when that does not say which, and when the one cannot be read.
    """
    if prefix is None and len(found) == 1:
        (chosen,) = found
    else:
        listed = "; ".join(f"{one.name} ({one})" for one in found[:8]) + "; …" * (len(found) > 8)
        if prefix is None:
            raise BadInput(f"{path!r} holds {len(found)} networks; name one as FILE:PREFIX: {listed}.")
        by_prefix = {one.prefix: one for one in found}
        if prefix not in by_prefix:
            raise BadInput(f"{path!r} has no recurrent network {prefix!r}; it has: {listed or 'none'}.")
        chosen = by_prefix[prefix]
    if chosen.trouble:
        network = f"The network {chosen.name}" if chosen.prefix else "The network"
        raise BadInput(f"{network} in {path!r} cannot be read: {chosen.trouble}.")
    return chosen


def _groups(tensors: Parameters) -> dict[str, dict[str, Tensor]]:
    groups: dict[str, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        match = PARAMETER.fullmatch(name)
        if match is not None:
            prefix, kind, place = match.groups()
            groups.setdefault(prefix or "", {})[f"{kind}{place or '_l0'}"] = tensor
    return groups


def _describe(prefix: str, own: Mapping[str, Tensor]) -> Candidate:
    if any(name.startswith("weight_hr") for name in own):
        return Candidate(prefix, trouble="its h goes through a projection (proj_size), which no cell here has")
    for name in ("weight_ih_l0", "weight_hh_l0"):
        if name not in own:
            return Candidate(prefix, trouble=f"it has no tensor {name}")
        if own[name].dim() != 2 or 0 in own[name].shape:
            return Candidate(prefix, trouble=f"{name} has shape {tuple(own[name].shape)}, which is no matrix")
    rows, hidden = own["weight_hh_l0"].shape
    if rows % hidden or rows // hidden not in CELLS:
        told = f"weight_hh_l0 has shape ({rows}, {hidden}), and {_owners(hidden, 'unit')} {hidden}, {3 * hidden} or"
        return Candidate(prefix, trouble=f"{told} {4 * hidden} rows")
    layers = 1 + max(int(name.removesuffix("_reverse").rpartition("_l")[2]) for name in own)
    both = any(name.endswith("_reverse") for name in own)
    biased = any(name.startswith("bias") for name in own)
    network = Network(load(CELLS[rows // hidden]), own["weight_ih_l0"].shape[1], hidden, layers, both)
    dtypes = " and ".join(dict.fromkeys(plain(tensor.dtype) for tensor in own.values()))
    trouble = _trouble(own, network)
    return Candidate(prefix, network.cell.name, network.size, hidden, layers, both, biased, dtypes, trouble)


def _trouble(own: Mapping[str, Tensor], network: Network) -> str:
    """The first tensor that a network of these shapes would need and that is missing, or is another."""
    if network.hidden > LARGEST["hidden"] or network.layers > LARGEST["layers"]:
        told = f"it has {counted(network.hidden, 'unit')} and {counted(network.layers, 'layer')}"
        return f"{told}, more than {LARGEST['hidden']:,} and {LARGEST['layers']}"
    biased = any(name.startswith("bias") for name in own)
    for name, shape in network.shapes.items():
        if name.startswith("bias") and not biased:
            continue
        if name not in own:
            return f"it has no tensor {name}, which {_owners(network.layers, 'layer')}"
        if tuple(own[name].shape) != shape:
            return f"{name} has shape {tuple(own[name].shape)}, and {shape} would fit the others"
        if not own[name].dtype.is_floating_point or own[name].dtype.itemsize < torch.float16.itemsize:
            return f"{name} holds {plain(own[name].dtype)}, and only float16 to float64 can be read"
    return ""
