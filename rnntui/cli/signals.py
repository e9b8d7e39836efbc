"""Signals that end a training between two updates, so that it can be kept as it is."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

ENDING: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
SIGNALLED: Final = 128
"""Exit codes above this one say that a signal ended it, and which."""


class Noted:
    """The signal that arrived, if one did."""

    def __init__(self) -> None:
        self.number = 0

    @property
    def name(self) -> str:
        """As the system calls it."""
        return signal.Signals(self.number).name

    @property
    def exit_code(self) -> int:
        """What a process leaves behind that this signal ended."""
        return SIGNALLED + self.number


@contextmanager
def noted() -> Iterator[Noted]:
    """While this lasts, Ctrl-C, a request to end and a dropped terminal are only noted."""
    found = Noted()

    def note(number: int, _frame: FrameType | None) -> None:
        found.number = number

    before = {number: signal.signal(number, note) for number in ENDING}
    try:
        yield found
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
