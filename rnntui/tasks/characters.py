"""The characters that a model knows: all of a text's, but for rare ones beyond ASCII, of which it could learn nothing.

A rare character is written as its plain letter where it has one (é as e, ” as "), else as one sign for all of them.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rnntui.errors import counted
from rnntui.tasks.corpus import Corpus

MOST: Final = 192
"""How many different characters are told apart."""
RARE: Final = 50_000
"""A character that is met less than once in so many is rare."""
UNKNOWN: Final = "\ufffd"
PLAIN: Final = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "…": "...", "×": "x", "\t": " "}


def fold(corpus: Corpus) -> Corpus:
    """The corpus with its rare characters written as plain ones, and a notice that names them."""
    counts = Counter[str]()
    for document in corpus.documents:
        counts.update(document)
    limit = sum(counts.values()) / RARE
    frequent = (one for one, count in counts.most_common(MOST) if count >= limit)
    known = {*frequent, "\n", *filter(str.isprintable, filter(str.isascii, counts))}
    rare = sorted(counts.keys() - known)
    if not rare:
        return corpus
    table = str.maketrans({character: _plain(character, known) for character in rare})
    shown = " ".join(rare[:12]) + (" …" if len(rare) > 12 else "")
    are = "is written as a plain one" if len(rare) == 1 else "are written as plain ones"
    notice = f"{counted(len(rare), 'rare character')} {are} or as {UNKNOWN}: {shown}"
    folded = tuple(document.translate(table) for document in corpus.documents)
    return replace(corpus, documents=folded, notices=(*corpus.notices, notice))


def vocabulary(text: str) -> tuple[str, ...]:
    """Every character of a text once, in the order of their code points."""
    return tuple(sorted(set(text)))


def ids(text: str, places: Mapping[str, int]) -> list[int]:
    """The place of every character in a vocabulary. Raises KeyError for one that is not there."""
    return [places[character] for character in text]


def _plain(character: str, known: set[str]) -> str:
    base = PLAIN.get(character) or unicodedata.normalize("NFKD", character)[:1]
    return base if known.issuperset(base) else UNKNOWN
