"""Next-token probabilities: what a linear read-out of a network's output says comes next, at every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import linear

from rnntui.core.checkpoint import finite
from rnntui.core.reading import matrix_of
from rnntui.core.tensor_file import TensorFile
from rnntui.core.trace import Readout
from rnntui.errors import BadInput, counted

FEW: Final = 2**20
"""Up to so many numbers all probabilities are kept, else the most probable `BEST` of each step."""
BEST: Final = 10
MOST_AT_ONCE: Final = 2**22
"""How many probabilities are computed at once."""


@dataclass(frozen=True, eq=False)
class Linear:
    """A read-out: W h + b scores every token."""

    weight: Tensor
    """(V, H x directions)"""
    bias: Tensor | None
    """(V,)"""

    def predict(self, output: Tensor, known: Sequence[str], read: Sequence[str]) -> Readout:
        """softmax(W h + b) at every step of an output, (T, H x directions), while the tokens `read` were read.

        `known` are the tokens by their numbers; where the read-out has another number of rows, rows go by number.
        """
        count, steps = len(self.weight), len(output)
        labels = tuple(known) if len(known) == count else tuple(f"#{row}" for row in range(count))
        rows = {label: row for row, label in enumerate(labels)}
        after = torch.tensor([rows.get(token, -1) for token in read[1:]] + [-1])
        kept = count if count * steps <= FEW else min(BEST, count)
        chunk = max(1, MOST_AT_ONCE // count)
        ids, best, came = [], [], []
        for some, following in zip(torch.split(output, chunk), torch.split(after, chunk), strict=True):
            probabilities = torch.softmax(linear(some, self.weight, self.bias), dim=1)
            highest = probabilities.topk(kept, dim=1)
            ids.append(highest.indices)
            best.append(highest.values)
            given = probabilities.gather(1, following.clamp(min=0)[:, None])[:, 0]
            came.append(torch.where(following < 0, torch.nan, given))
        return Readout(labels, torch.cat(ids).numpy(), torch.cat(best).numpy(), torch.cat(came).numpy())


def open_readout(file: TensorFile, name: str, columns: int, dtype: torch.dtype) -> Linear:
    """The read-out of this name in a file, for an output so many columns wide.

    Raises BadInput when there is none, or it does not fit the output.
    """
    weight = matrix_of(file, name, "the read-out")
    where = f"The read-out {name!r} in {file.path!r}"
    if weight.shape[1] != columns:
        raise BadInput(
            f"{where} reads {counted(weight.shape[1], 'number')}, and the output of the network has {columns}."
        )
    bias = file.tensors.get(f"{name.removesuffix('.weight')}.bias")
    if bias is None:
        return Linear(finite(weight, name, dtype, file.path), None)
    if tuple(bias.shape) != (len(weight),):
        raise BadInput(f"{where} has a bias of shape {tuple(bias.shape)}; ({len(weight)},) is needed.")
    return Linear(finite(weight, name, dtype, file.path), finite(bias, f"{name}.bias", dtype, file.path))
