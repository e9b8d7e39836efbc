"""Which part of what a model writes is its own: stretches that stand in the training text are marked.

All stretches of the training text are known by a number each (Karp & Rabin 1987), so that looking costs no time.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

LENGTH: Final = 20
"""A stretch of so many characters that stands in the training text is a copy."""
LETTERS: Final = LENGTH // 2
"""So many of them are no blanks: an indentation is nobody's."""
FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)


class Copies:
    """Knows a text by its stretches."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known = np.append(np.unique(_numbers(text)), np.uint64(0))  # what is larger than all finds the last

    def marks(self, text: str) -> tuple[bool, ...]:
        """For every character, whether it is part of a stretch that stands in the known text."""
        found = [False] * len(text)
        asked = _numbers(text)
        places = np.searchsorted(self._known[:-1], asked)
        for start in np.flatnonzero(self._known[places] == asked).tolist():
            stretch = text[start : start + LENGTH]
            letters = sum(not character.isspace() for character in stretch)
            if letters >= LETTERS and stretch in self._text:  # equal numbers may be a coincidence
                found[start : start + LENGTH] = [True] * LENGTH
        return tuple(found)


def _numbers(text: str) -> NDArray[np.uint64]:
    """A number for each stretch of `LENGTH` characters, the same for the same stretch."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    found = np.zeros(max(0, len(codes) - LENGTH + 1), np.uint64)
    for place in range(LENGTH if len(found) else 0):
        found = found * FACTOR + codes[place : place + len(found)]
    return found
