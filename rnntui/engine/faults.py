"""What can go wrong where the lab runs, each as one sentence that can be shown to people.

BadInput is not among them: it means that the question was at fault and travels through the engine unchanged.
"""

from __future__ import annotations

import signal

from rnntui.errors import LONGEST_SENTENCE, BadInput, describe, one_line

__all__ = [
    "LONGEST_SENTENCE",
    "EngineError",
    "LabFault",
    "Overdue",
    "WorkerDied",
    "describe",
    "ending",
    "explained",
    "failure",
    "one_line",
]


class EngineError(RuntimeError):
    """A question got no answer, and not because of what was asked; the message is one sentence for people."""


class LabFault(EngineError):
    """The lab raised something that is a fault of ours; the traceback is in the engine's log."""


class Overdue(EngineError):
    """The question took longer than the limit, so its process was stopped."""


class WorkerDied(EngineError):
    """The process that worked on the question ended before it answered."""


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
