"""What a file of tensors holds, as a record: which networks, and which matrices fit them. No torch in the record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rnntui.core.candidates import PARAMETER, Candidate, find
from rnntui.core.tensor_file import TensorFile, plain

OPTIMISER: Final = re.compile(r"(?:.*\.)?state\.\d+\.(?!weight$|bias$)\w+")
"""What an optimiser's state_dict keeps of each parameter, such as optimizer.state.3.exp_avg: averages of gradients."""


@dataclass(frozen=True)
class Entry:
    """A tensor that is no parameter of a recurrent network."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    embeds: tuple[str, ...] = ()
    """The prefixes of the networks whose inputs its rows could be."""
    reads_out: tuple[str, ...] = ()
    """The prefixes of the networks whose output it could read."""


@dataclass(frozen=True)
class Contents:
    """What a file holds."""

    path: str
    size: int
    """Its bytes."""
    sha256: str
    candidates: tuple[Candidate, ...]
    others: tuple[Entry, ...]


def contents(file: TensorFile) -> Contents:
    """The networks in a file and everything else in it."""
    found = find(file.tensors)
    usable = [one for one in found if not one.trouble]
    others = []
    for name, tensor in file.tensors.items():
        if PARAMETER.fullmatch(name):
            continue
        matrix = tensor.dim() == 2 and tensor.is_floating_point() and not OPTIMISER.fullmatch(name)
        columns = tensor.shape[1] if matrix else None
        embeds = tuple(one.prefix for one in usable if one.size == columns)
        reads = tuple(one.prefix for one in usable if one.hidden * (1 + one.bidirectional) == columns)
        others.append(Entry(name, tuple(tensor.shape), plain(tensor.dtype), embeds, reads))
    return Contents(file.path, file.size, file.sha256.hexdigest(), found, tuple(others))
