"""Every tensor in a file that somebody else wrote: safetensors, or what `torch.save` writes, read as data only.

No code in a file is ever run, nothing is read before its size is known, and one sentence says what is wrong with it.
Tensors lie in the file until they are used, so that a small network in a large file is there at once.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from pickle import UnpicklingError
from typing import Final

import torch
from safetensors import safe_open
from torch import Tensor

from rnntui.core.regular import read
from rnntui.errors import BadInput

LARGEST: Final = 2**31
"""How many bytes a file of tensors may have."""
MOST: Final = 2**14
"""How many tensors a file may hold."""
MOST_THINGS: Final = 2**18
"""How many tensors, numbers and texts of a pickle are looked at."""
DEEPEST: Final = 8
"""How deep dicts and lists may lie in each other."""
LONGEST_NAME: Final = 200
ZIP: Final = b"PK\3\4"
PICKLE: Final = b"\x80\x02"
"""How files begin that `torch.save` writes, now and before torch 1.6."""


class Fingerprint:
    """The sha256 of a file; begun early, it is computed in a thread of its own while the file is put to use."""

    def __init__(self, path: str, inode: int, size: int, written: int) -> None:
        self._path = path
        self._meant = inode, size, written
        self._found = ""
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin to compute it."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._compute, daemon=True)
            self._thread.start()

    def _compute(self) -> None:
        try:
            with Path(self._path).open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
                about = os.fstat(stream.fileno())
        except OSError:
            return
        if (about.st_ino, about.st_size, about.st_mtime_ns) == self._meant:
            self._found = found

    def hexdigest(self) -> str:
        """The sha256, waiting for it; empty if the file has gone meanwhile, or is another one now."""
        self.begin()
        if self._thread is not None:
            self._thread.join()
        return self._found


@lru_cache(maxsize=8)
def fingerprint(path: str, inode: int, size: int, written: int) -> Fingerprint:
    """The fingerprint of a file; the same one as before while nothing has touched the file."""
    return Fingerprint(path, inode, size, written)


@dataclass(frozen=True, eq=False)
class TensorFile:
    """The tensors of one file, by name, in the order of the file."""

    path: str
    size: int
    """Its bytes."""
    tensors: Mapping[str, Tensor]
    sha256: Fingerprint


def open_tensors(path: str) -> TensorFile:
    """The tensors in a safetensors or a `.pt` file; which of both it is, its first bytes say.

    Nested dicts become names with dots: `{"model": {"rnn.weight_ih_l0": …}}` holds `model.rnn.weight_ih_l0`. Raises
    BadInput for a file that is missing, too large, cut short, or holds anything but data.
    """
    start, _ = read(path, 4)
    about = Path(path).stat()
    size = about.st_size
    if size > LARGEST:
        raise BadInput(f"{path!r} has {size:,} bytes, more than {LARGEST:,}; save the recurrent part of it alone.")
    sha256 = fingerprint(path, about.st_ino, size, about.st_mtime_ns)
    if start == ZIP:
        found = _flat(_torch_zip(path, size), path)
    elif start.startswith(PICKLE):
        found = _flat(_unpickled(path, mmap=False), path)
    else:
        found = _safetensors(path)
    for name, tensor in found.items():
        if len(name) > LONGEST_NAME:
            raise BadInput(f"{path!r} has a tensor with a name of {len(name)} characters ({name[:20]!r}…); rename it.")
        if tensor.nbytes > size:
            shape = tuple(tensor.shape)
            raise BadInput(f"In {path!r} the tensor {name!r} claims {shape} numbers, more than lie in the file.")
    return TensorFile(path, size, found, sha256)


def divide(spec: str) -> tuple[str, str | None]:
    """The file and the name in `FILE:NAME`; None where there is no name.

    Either may hold colons itself: the longest beginning that is a file counts as the file.
    """
    places = [len(spec), *(found.start() for found in reversed(list(re.finditer(":", spec))))]
    for place in places:
        if _is_file(spec[:place]):
            return spec[:place], spec[place + 1 :] if place < len(spec) else None
    file, colon, name = spec.partition(":")
    return file, name if colon else None


def plain(dtype: torch.dtype) -> str:
    """What a kind of number is called, without torch's name before it."""
    return str(dtype).removeprefix("torch.")


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def _safetensors(path: str) -> dict[str, Tensor]:
    try:
        with safe_open(path, framework="pt") as stream:
            names = stream.keys()
            _refuse_too_many(len(names), path)
            return {name: stream.get_tensor(name) for name in names}
    except BadInput:
        raise
    except Exception:  # noqa: BLE001 - a broken header fails in the reader in whatever way it likes
        raise BadInput(
            f"{path!r} is no safetensors file and none of torch's, was cut short, or its header does not fit its data; "
            "write one with --weights or torch.save(module.state_dict(), FILE)."
        ) from None


def _torch_zip(path: str, size: int) -> object:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_too_many(sum("/data/" in entry.filename for entry in entries), path)  # each is one or more
            if sum(entry.file_size for entry in entries) > size:
                raise BadInput(f"{path!r} is compressed, which torch.save never does; write it with torch.save.")
            broken = archive.testzip()
    except BadInput:
        raise
    except Exception:  # noqa: BLE001 - a broken archive fails in zipfile in whatever way it likes
        raise _broken(path) from None
    if broken is not None:
        raise BadInput(f"{path!r} is damaged: the checksum of its part {broken!r:.80} does not fit; copy it anew.")
    if any(entry.filename.endswith("/constants.pkl") for entry in entries):
        raise BadInput(f"{path!r} is a TorchScript archive, which holds code; save module.state_dict() instead.")
    return _unpickled(path, mmap=True)


def _unpickled(path: str, *, mmap: bool) -> object:
    """What torch reads when it may build tensors, numbers, texts, lists and dicts and nothing else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True, mmap=mmap)
    except UnpicklingError as error:
        asked = re.search(r"GLOBAL ([\w.]{1,100})", str(error))
        if asked is None:
            raise _broken(path) from None
        raise BadInput(
            f"{path!r} holds more than tensors ({asked[1]}), which could run any code, so it is not read; "
            "save module.state_dict() instead of the module."
        ) from None
    except MemoryError:
        raise BadInput(f"{path!r} asks for more memory than there is; its header does not fit its data.") from None
    except Exception:  # noqa: BLE001 - a broken file fails in torch's reader in whatever way it likes
        raise _broken(path) from None


def _broken(path: str) -> BadInput:
    return BadInput(
        f"{path!r} cannot be read by torch: it was cut short, or is none of torch's files; "
        "write one with torch.save(module.state_dict(), FILE)."
    )


def _flat(content: object, path: str) -> dict[str, Tensor]:
    """Every ordinary tensor in dicts and lists, by its names with dots between them."""
    found: dict[str, Tensor] = {}
    waiting: list[tuple[tuple[str, ...], object]] = [((), content)]
    left = MOST_THINGS  # what lies in a file once may be reached in endlessly many ways
    while waiting:
        names, part = waiting.pop()
        left -= 1
        if left < 0 or len(names) > DEEPEST:
            raise BadInput(f"{path!r} is nested too deeply or holds too many things; save module.state_dict() alone.")
        if isinstance(part, Tensor):
            if part.layout == torch.strided and part.device.type == "cpu":
                found[".".join(names)] = part.detach()
                _refuse_too_many(len(found), path)
        elif isinstance(part, Mapping):
            inner = [((*names, str(key)), value) for key, value in part.items() if isinstance(key, str | int)]
            waiting += reversed(inner)
        elif isinstance(part, list | tuple):
            waiting += reversed([((*names, str(place)), value) for place, value in enumerate(part)])
    return found


def _refuse_too_many(count: int, path: str) -> None:
    if count > MOST:
        raise BadInput(f"{path!r} holds more than {MOST:,} tensors; save the recurrent part of it alone.")
