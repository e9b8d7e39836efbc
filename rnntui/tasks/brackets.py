"""A language whose next character can be known exactly: brackets that close in the order they were opened.

What comes after depends on what was opened long ago, so it asks for memory; and as the generator draws from the very
chances that the oracle tells, the best bits per character that any model can reach are known (a Dyck language, see
Hewitt et al. 2020, "RNNs can generate bounded hierarchical languages with optimal memory").
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
DEEPEST: Final = 8
"""How many brackets are open at most."""
END: Final = "\n"


def chances(opened: Sequence[str]) -> Mapping[str, float]:
    """How likely each next character is, while these brackets are open, the innermost last. They sum up to 1."""
    if not opened:
        return dict.fromkeys((*PAIRS, END), 1 / (len(PAIRS) + 1))
    closing = PAIRS[opened[-1]]
    if len(opened) == DEEPEST:
        return {closing: 1.0}
    return dict.fromkeys(PAIRS, 0.5 / len(PAIRS)) | {closing: 0.5}


def lines(seed: int) -> Iterator[str]:
    """Lines of balanced brackets without end, the same for the same seed."""
    source = random.Random(seed)  # noqa: S311
    while True:
        line, opened = "", list[str]()
        while not line.endswith(END):
            known = chances(opened)
            (character,) = source.choices(tuple(known), tuple(known.values()))
            line += character
            _read(character, opened)
        yield line


def bits(text: str) -> float:
    """Bits per character of somebody who knows the rules, the fewest possible; infinite where a rule is broken."""
    opened: list[str] = []
    total = 0.0
    for character in text:
        chance = chances(opened).get(character, 0.0)
        if not chance:
            return math.inf
        total -= math.log2(chance)
        _read(character, opened)
    return total / max(1, len(text))


def _read(character: str, opened: list[str]) -> None:
    if character in PAIRS:
        opened.append(character)
    elif character != END:
        opened.pop()
