"""What can go wrong where the lab runs, each as one sentence that can be shown to people.

BadInput is not among them: it means that the question was at fault and travels through the engine unchanged.
"""

from __future__ import annotations

import signal
from typing import Final

from rnntui.errors import BadInput

LONGEST_SENTENCE: Final = 300


class EngineError(RuntimeError):
    """A question got no answer, and not because of what was asked; the message is one sentence for people."""


class LabFault(EngineError):
    """The lab raised something that is a fault of ours; the traceback is in the engine's log."""


class Overdue(EngineError):
    """The question took longer than the limit, so its process was stopped."""


class WorkerDied(EngineError):
    """The process that worked on the question ended before it answered."""


def one_line(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """The first line of a text, with "?" for whatever a terminal might obey, cut to a length."""
    first = text.strip().partition("\n")[0]
    line = "".join(character if character.isprintable() else "?" for character in first)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def describe(error: BaseException) -> str:
    """An exception as "its type: its first line", safe to show."""
    try:
        message = str(error)
    except Exception:  # noqa: BLE001  a learner's own exception may fail to print itself
        message = "(its message cannot be read)"
    return one_line(f"{type(error).__name__}: {message}" if message else type(error).__name__)


def failure(name: str, error: BaseException) -> str:
    """The sentence of a LabFault: which question failed, and how."""
    return one_line(f"{name} failed: {describe(error)}")


def explained(name: str, error: Exception) -> Exception:
    """What is for people as it is; anything else as a LabFault that it caused."""
    if isinstance(error, BadInput | EngineError):
        return error
    fault = LabFault(failure(name, error))
    fault.__cause__ = error
    return fault


def ending(code: int | None) -> str:
    """How a process ended, in words that follow "its process": from an exit code, negative for a signal."""
    if code is None:
        return "ended"
    if code >= 0:
        return f"ended by itself with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was killed by {name}" + (" (kill -9, or memory ran out)" if name == "SIGKILL" else "")
