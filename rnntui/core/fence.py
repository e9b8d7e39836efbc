"""What a learner's own file may do while it runs: compute, for a while, in some memory, and print to nobody.

No prison: the file is the learner's own, and what still goes wrong (it kills its process, it hangs in C) ends with the
worker process, which the engine replaces. Whatever is raised becomes one sentence that names the line; of what hangs in
C, the engine's log has it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

import torch

from rnntui.errors import BadInput, describe

ROOM: Final = 4 << 30
"""Bytes of memory that a cell may take besides what its process has already."""
PATIENCE: Final = 10.0
"""Seconds that a file may take to be run, its imports included, and so many one step of its cell."""
AGAIN: Final = 1.0
DEAF: Final = 5.0
"""Seconds after which a file that heeds nothing takes its process with it."""
NO_MEMORY: Final = "can't allocate memory"
"""What torch says, in a RuntimeError, where Python raises MemoryError."""


class StillRunning(BaseException):
    """The time is over; not an Exception, so that a file does not catch it by the way."""


@contextlib.contextmanager
def blamed(file: str) -> Iterator[None]:
    """Raises BadInput with the line of `file` for whatever is raised within."""
    try:
        yield
    except (BadInput, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001  a file of somebody's may raise anything, SystemExit too
        raise BadInput(f"{_where(file, error)}: {_what(error)}.") from None


@contextlib.contextmanager
def fence(file: str) -> Iterator[None]:
    """While this lasts, what is printed goes nowhere, and memory and time are limited.

    Raises BadInput with the line of `file` for whatever is raised within, and for the line at which the time is over.
    """
    settings = torch.get_default_dtype(), torch.get_num_threads()
    try:
        with blamed(file), _end_of_the_deaf(), _silence(), _little_memory(), _little_time():
            yield
    finally:
        torch.set_default_dtype(settings[0])
        if torch.get_num_threads() != settings[1]:
            torch.set_num_threads(settings[1])


def _where(file: str, error: BaseException) -> str:
    """The file's name and the last of its lines that the error came through."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == file]
    name = Path(file).name
    return f"{name}:{lines[-1]}" if lines else name


def _what(error: BaseException) -> str:
    if isinstance(error, StillRunning):
        return f"it was still running after {PATIENCE:g} s and was stopped"
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and NO_MEMORY in str(error)):
        return f"this needs more than the {ROOM >> 30} GiB of memory that a cell may take"
    return describe(error).rstrip(".")


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Whatever is printed, also by C code, goes nowhere."""
    for stream in (sys.stdout, sys.stderr):
        _flush(stream)
    saved = [(fd, os.dup(fd)) for fd in (1, 2)]
    try:
        with open(os.devnull, "w", encoding="utf-8", errors="replace") as nowhere:  # noqa: PTH123
            for fd in (1, 2):
                os.dup2(nowhere.fileno(), fd)
            with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
                yield
    finally:
        for fd, copy in saved:
            os.dup2(copy, fd)
            os.close(copy)


def _flush(stream: object) -> None:
    if isinstance(stream, io.TextIOBase):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()


@contextlib.contextmanager
def _little_memory() -> Iterator[None]:
    """No more than `ROOM` is given out, where the system can tell how much there is in use (Linux)."""
    try:
        import resource

        in_use = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = [in_use + ROOM, *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextlib.contextmanager
def _little_time() -> Iterator[None]:
    """StillRunning is raised at the line that runs, or sleeps, when the time is over."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StillRunning

    handler = signal.signal(signal.SIGALRM, stop)
    others, began = signal.setitimer(signal.ITIMER_REAL, PATIENCE, AGAIN), time.monotonic()
    try:  # the signal comes again, should a bare except swallow the first
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if others[0]:
            signal.setitimer(signal.ITIMER_REAL, max(others[0] - (time.monotonic() - began), AGAIN), others[1])


@contextlib.contextmanager
def _end_of_the_deaf() -> Iterator[None]:
    """What heeds no signal ends with its process, and its last lines are written to where errors go."""
    with os.fdopen(os.dup(2), "w") as errors:
        faulthandler.dump_traceback_later(PATIENCE + DEAF, file=errors, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
