"""Files written whole or not at all, so that a kill or a full disk leaves what was there before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO


def write(file: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """Write a temporary file beside the target, flush it to the disk, then move it into place, and flush that too.

    `fill` gets the open stream. A link is followed; a device or a pipe is written directly, as nothing can be put in
    its place. Raises OSError, and then an ordinary file is as it was.
    """
    file = Path(os.path.realpath(file))
    if file.exists() and not file.is_file():
        with file.open("wb") as stream:
            fill(stream)
        return
    mode = _mode(file)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            fill(stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _flush(file.parent)


def reason(error: BaseException) -> str:
    """Why something could not be read or written, in the operating system's words."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error) or type(error).__name__
    return f"{error.strerror}: {error.filename}" if error.filename else error.strerror


def _flush(folder: Path) -> None:
    """Have the names in a folder on the disk before a power cut, where the platform can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _mode(file: Path) -> int:
    try:
        return file.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
