"""Reads ordinary files only, and only so far: a pipe or a device would wait for ever, or never end."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from rnntui.errors import BadInput
from rnntui.files import reason


def read(path: str, limit: int) -> tuple[bytes, bool]:
    """The first `limit` bytes of a file, and whether there are more.

    Raises BadInput for what is missing, cannot be read, or is no ordinary file.
    """
    try:
        _check(Path(path).stat().st_mode, path)
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            _check(os.fstat(handle).st_mode, path)
            found = stream.read(limit + 1)
    except FileNotFoundError:
        raise BadInput(f"There is no file {path!r}; check its name.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"The file {path!r} cannot be read ({reason(error)}).") from None
    return found[:limit], len(found) > limit


def _check(mode: int, path: str) -> None:
    if stat.S_ISDIR(mode):
        raise BadInput(f"{path!r} is a directory; name a file in it.")
    if not stat.S_ISREG(mode):
        raise BadInput(f"{path!r} is no ordinary file but a pipe or a device; only ordinary files are read.")
