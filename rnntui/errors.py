"""The one kind of error that is meant for people: a sentence that says what, where and what to do."""

from __future__ import annotations

from typing import Final

LONGEST_SENTENCE: Final = 300


class BadInput(ValueError):
    """Something from outside (a text, a file, an option, a scene) that cannot be used, in one clear sentence.

    The command line prints it and exits with 2; the app shows it and goes on. Never raised for a fault of our own.
    """


def one_line(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """The first line of a text, with "?" for whatever a terminal might obey, cut to a length."""
    first = text.strip().partition("\n")[0]
    line = "".join(character if character.isprintable() else "?" for character in first)
    return line if len(line) <= longest else line[: longest - 1] + "…"


def counted(number: float, what: str, more: str = "") -> str:
    """So many of something: 1 layer, 2,000 steps; `more` is its plural where that takes more than an s."""
    return f"{number:,} {what if number == 1 else more or what + 's'}"


def describe(error: BaseException) -> str:
    """An exception as "its type: its first line", safe to show."""
    try:
        message = str(error)
    except Exception:  # noqa: BLE001  a learner's own exception may fail to print itself
        message = "(its message cannot be read)"
    return one_line(f"{type(error).__name__}: {message}" if message else type(error).__name__)
