"""What a text looks like before anything learns from it: documents, cleaned and cut in two.

A model is judged on documents that it never read, so the documents are shuffled first: the end of a text is often
about something else, and that would look like overfitting.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rnntui.errors import BadInput

SHARE: Final = 0.1
"""How much of the text is kept for validation."""
BLOCK: Final = 2_000
"""About how many characters a piece of a text without documents has."""
RULES: Final = frozenset("-|+=_~^*# ") | frozenset(map(chr, range(0x2500, 0x2580)))
BETWEEN: Final = "\0"
"""Stands in no text."""
BLANK_LINES: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Corpus:
    """A text to learn from, in documents."""

    documents: tuple[str, ...]
    notices: tuple[str, ...] = ()
    """What had to be said about it, each one sentence."""

    @classmethod
    def of(cls, document: str) -> Corpus:
        """The corpus that `document` was made of."""
        return cls(tuple(document.split(BETWEEN)))

    @property
    def document(self) -> str:
        """All documents as one."""
        return BETWEEN.join(self.documents)

    @cached_property
    def sha256(self) -> str:
        """Of all documents: what a run remembers of the text it learned from."""
        return hashlib.sha256(self.document.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Split:
    """The same text in two: what is learned from, and what is only asked about."""

    training: str
    validation: str


def split(corpus: Corpus, seed: int = 0) -> Split:
    """Keep about a tenth for validation: whole documents, chosen by shuffling; the others stay in their order.

    Raises BadInput for fewer than two documents.
    """
    documents = corpus.documents
    if len(documents) < 2:
        raise BadInput("The text is too short to keep a part of it for validation; give a longer one.")
    wanted = SHARE * sum(map(len, documents))
    kept: set[int] = set()
    for place in random.Random(seed).sample(range(len(documents)), len(documents)):  # noqa: S311
        if len(documents[place]) <= wanted:
            kept.add(place)
            wanted -= len(documents[place])
    if not kept:
        kept.add(min(range(len(documents)), key=lambda place: len(documents[place])))
    parts = (
        "".join(text for place, text in enumerate(documents) if (place in kept) is chosen) for chosen in (False, True)
    )
    return Split(*parts)


def pieces(text: str, size: int = BLOCK) -> tuple[str, ...]:
    """A long text as documents of about this size, cut after a line where there is one; a short one in ten."""
    size = min(size, max(1, len(text) // 10))
    found, start = [], 0
    while start < len(text):
        end = text.find("\n", start + size - 1, start + 2 * size) + 1 or start + size
        found.append(text[start:end])
        start = end
    return tuple(found)


def clean(text: str) -> str:
    """The text without trailing blanks, tables' rules and rows of blank lines, ending in one line's end.

    A model that has seen many rows of dashes writes little else when it is asked for what is most likely.
    """
    lines = (line.rstrip() for line in text.splitlines())
    kept = "\n".join(line for line in lines if not is_rule(line))
    return BLANK_LINES.sub("\n\n", kept).strip("\n") + "\n"


def is_rule(line: str) -> bool:
    """Whether a line is drawn rather than written: four fifths of it or more are dashes, bars and blanks."""
    line = line.strip()
    return len(line) >= 4 and sum(map(RULES.__contains__, line)) >= 0.8 * len(line)


def joined(texts: Iterable[str], most: int) -> tuple[str, ...]:
    """As many of the texts as make about this many characters, cleaned, without the empty ones."""
    found, left = [], most
    for text in texts:
        if left <= 0:
            break
        cleaned = clean(text)
        if cleaned.strip():
            found.append(cleaned)
            left -= len(cleaned)
    return tuple(found)
