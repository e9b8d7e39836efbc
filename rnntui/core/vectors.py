"""Input vectors from a file: a numpy array or lines of numbers, one vector a step."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from array import array
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnntui.core.regular import read
from rnntui.core.tokens import MOST
from rnntui.errors import BadInput, counted

LARGEST: Final = 2**28
"""How many bytes of vectors are read."""


def read_vectors(path: str, dtype: torch.dtype) -> tuple[Tensor, str]:
    """The vectors in an `.npy` or a `.csv` file, (T, D), and its sha256.

    A first line of a `.csv` that is no numbers is taken for headings. Raises BadInput for a file that is anything
    else, too large, or holds a number that is not finite.
    """
    data, more = read(path, LARGEST)
    if more:
        raise BadInput(f"The file {path!r} has more than {LARGEST:,} bytes; give fewer vectors.")
    found = _npy(data, path) if path.lower().endswith(".npy") else _csv(data, path)
    if found.ndim != 2 or 0 in found.shape:
        raise BadInput(f"The array in {path!r} has shape {found.shape}; (steps, inputs) is needed.")
    if len(found) > MOST:
        raise BadInput(f"The array in {path!r} has {len(found):,} rows, more than {MOST:,}; give fewer steps.")
    vectors = torch.from_numpy(np.array(found, dtype=np.float64, order="C")).to(dtype)
    if not vectors.isfinite().all():
        row, column = (~vectors.isfinite()).nonzero()[0].tolist()
        raise BadInput(f"Row {row + 1}, column {column + 1} of {path!r} is not finite in {str(dtype)[6:]}.")
    return vectors, hashlib.sha256(data).hexdigest()


def _npy(data: bytes, path: str) -> NDArray[Any]:
    """The array, after its header has been held against the size of the file; objects are never unpickled."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, by_columns, kind = read_header(stream)
    except Exception:  # noqa: BLE001 - a broken header fails in numpy's reader in whatever way it likes
        raise BadInput(f"{path!r} is no .npy file, or was cut short; write one with numpy.save.") from None
    if kind.kind not in "fiu":
        raise BadInput(f"The array in {path!r} holds {kind}; give floating point or whole numbers.")
    there = len(data) - stream.tell()
    if min(shape, default=1) < 0 or math.prod(shape) * kind.itemsize != there:
        raise BadInput(
            f"The header of {path!r} says {shape} numbers of {kind.itemsize} bytes, and {there:,} bytes follow; "
            "it was cut short or damaged."
        )
    flat = np.frombuffer(data, dtype=kind, offset=stream.tell())
    return flat.reshape(shape, order="F" if by_columns else "C")


def _csv(data: bytes, path: str) -> NDArray[np.float64]:
    """The numbers, a row a line; read line by line, since as Python's they would take thirty times the room."""
    numbers, rows, columns = array("d"), 0, 0
    try:
        for place, line in enumerate(csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")), start=1):
            if not line or (place == 1 and not all(map(_is_number, line))):
                continue
            row = _row(line, place, path)
            columns = columns or len(row)
            if len(row) != columns:
                raise BadInput(
                    f"Line {place} of {path!r} has {counted(len(row), 'number')} and the first {columns}; "
                    "make them equal."
                )
            numbers.extend(row)
            rows += 1
            if rows > MOST:
                raise BadInput(f"The file {path!r} has more than {MOST:,} rows; give fewer steps.")
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path!r} is no .csv file ({error}); write numbers with commas between them.") from None
    return np.frombuffer(numbers, dtype=np.float64).reshape(rows, columns) if rows else np.empty((0, 0))


def _row(line: list[str], place: int, path: str) -> list[float]:
    try:
        return list(map(float, line))
    except ValueError:
        wrong = next(word for word in line if not _is_number(word))
        raise BadInput(f"Line {place} of {path!r} holds {wrong[:20]!r}, which is no number.") from None


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
