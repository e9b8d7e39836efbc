"""What no scene can have, each refused in one sentence that says what would do. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable

from rnntui.errors import BadInput
from rnntui.names import nearest


def shown(word: str) -> str:
    """A word from outside as a sentence names it: safe, and not too long."""
    return repr(word if len(word) <= 60 else f"{word[:60]}…")


def choose(key: str, word: str, known: Iterable[str], also: str = "") -> None:
    """Refuse a word that is none of those known, naming the nearest."""
    known = tuple(known)
    if word not in known:
        raise BadInput(f"Unknown {key} {shown(word)}: {nearest(word, known)}.{also}")


def writable(key: str, value: str | int | bool) -> None:
    """Refuse a lone surrogate, which no line of text can carry; a name of bytes that are no UTF-8 holds some."""
    if not isinstance(value, str) or value.isascii():
        return
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        if key in {"cell", "file", "weights", "embedding", "vocab", "inputs"}:
            raise BadInput(f"The name of the {key} is not UTF-8, so no scene can say it; rename the file.") from None
        raise BadInput(f"The {key} holds a lone surrogate, which is no character; remove it.") from None


def within(key: str, value: int, low: int, high: int) -> None:
    """Refuse a number outside its range."""
    if not low <= value <= high:
        raise BadInput(f"{key} = {value} is outside {low}…{high}; choose a number between them.")
