"""Cuts a text into what a network reads one after the other: characters, words or numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import regex

from rnntui.core.text import Text
from rnntui.errors import BadInput

MOST: Final = 100_000
"""How many tokens of a text are read."""
CHARACTER: Final = regex.compile(r"\X")
BETWEEN_WORDS: Final = regex.compile(r"(?V1w)\b")
"""Unicode's own word boundaries (UAX 29): "don't" and "3.14" are one word, and so is each 字."""
WRITTEN: Final = regex.compile(r"[^\s,;]+")
NOTHING: Final = regex.compile(r"(?:\A|,)\s*,")
NUMBER: Final = regex.compile(r"[+\-−]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+\-−]?[0-9]+)?")


def tokens(text: Text, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tokens of a text and the notices about it; `kind` is char, word or number.

    A character is a grapheme cluster: an accented letter, a flag, a family emoji and a line's end are one each. Words
    come with their punctuation as tokens of its own and without blanks. Raises BadInput when there is no token.
    """
    cutters = {"char": _characters, "word": _words, "number": _numbers}
    found = list(islice(cutters[kind](text.characters), MOST + 1))
    if kind == "number" and text.cut and len(found) <= MOST and WRITTEN.match(text.characters[-1:]):
        found.pop()  # its last digits may be beyond the cut
    notices = text.notices
    if len(found) > MOST:
        notices = (*notices, f"The text has more than {MOST:,} tokens; only the first {MOST:,} are read.")
    if not found:
        raise BadInput(f"There is no {'number' if kind == 'number' else 'word'} in the text; give at least one.")
    return tuple(found[:MOST]), notices


def vocabulary(read: Iterable[str]) -> tuple[str, ...]:
    """Every token once, in the order of first appearance."""
    return tuple(dict.fromkeys(read))


def numbers(read: Iterable[str], largest: float) -> Iterator[float]:
    """What the tokens of kind number are worth.

    Raises BadInput naming the first that is no number, or lies beyond ±largest, with its place, from 1.
    """
    for place, token in enumerate(read, start=1):
        shown = token if len(token) <= 20 else f"{token[:20]}…"
        if not NUMBER.fullmatch(token):
            raise BadInput(f"Number {place} of the text is {shown!r}, which is no number; write for example 1,0,-0.5.")
        value = float(token.replace("−", "-"))
        if not math.isfinite(value) or abs(value) > largest:
            raise BadInput(f"Number {place} of the text, {shown}, is too large; the largest is {largest:.3g}.")
        yield value


def _characters(text: str) -> Iterator[str]:
    return (found.group() for found in CHARACTER.finditer(text))


def _words(text: str) -> Iterator[str]:
    return (piece for piece in BETWEEN_WORDS.splititer(text) if piece.strip())


def _numbers(text: str) -> Iterator[str]:
    gap = NOTHING.search(text)
    if gap is not None:
        place = 1 + len(WRITTEN.findall(text, endpos=gap.start()))
        raise BadInput(f"Number {place} of the text is missing before a comma; write for example 1,0,-0.5.")
    return (found.group() for found in WRITTEN.finditer(text))
