"""The texts that can be named: Python's words, its source, the lessons, a generated language, a file of yours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import islice
from typing import Final

from rnntui.core.text import read_file
from rnntui.errors import BadInput
from rnntui.lessons import folder as lessons_folder
from rnntui.names import nearest
from rnntui.tasks import brackets, stdlib
from rnntui.tasks.characters import fold
from rnntui.tasks.corpus import Corpus, joined, pieces

SIZE: Final = 500_000
"""About how many characters of the standard library are read."""
ENOUGH: Final = 50_000
LARGEST_FILE: Final = 4 << 20
"""How many bytes of a file are read."""
BRACKET_LINES: Final = 2_500


def read(name: str, file: str = "") -> Corpus:
    """The corpus of that name, or that of a file where one is given; its rare characters folded.

    Raises BadInput for an unknown name, and for a file that cannot be read or is no text.
    """
    if file:
        return fold(_file(file))
    if name not in CORPORA:
        raise BadInput(f"Unknown corpus '{name}': {nearest(name, CORPORA)}. A text of your own: --file FILE.")
    return fold(CORPORA[name]())


@cache
def _stdlib_docs() -> Corpus:
    documents = joined(stdlib.docstrings(), SIZE)
    if sum(map(len, documents)) >= ENOUGH:
        return Corpus(documents)
    notice = "Python's docstrings are not on this machine; learning from the lessons and from brackets instead."
    return Corpus(_lessons().documents + _brackets().documents, (notice,))


def _stdlib_source() -> Corpus:
    documents = joined(stdlib.sources(), 2 * SIZE)
    if not documents:
        raise BadInput("Python's source is not on this machine; choose --corpus lessons, or --file FILE.")
    return Corpus(tuple(piece for document in documents for piece in pieces(document)))


def _lessons() -> Corpus:
    files = sorted(lessons_folder().rglob("*.md"))
    texts = joined((file.read_text(encoding="utf-8") for file in files), SIZE)
    return Corpus(tuple(piece for text in texts for piece in pieces(text)))


def _brackets() -> Corpus:
    return Corpus(tuple(islice(brackets.lines(0), BRACKET_LINES)))


def _file(path: str) -> Corpus:
    text = read_file(path, limit=LARGEST_FILE)
    characters = text.characters.replace("\r\n", "\n").replace("\r", "\n")
    return Corpus(pieces(characters), text.notices)


CORPORA: Final[Mapping[str, Callable[[], Corpus]]] = {
    "stdlib-docs": _stdlib_docs,
    "stdlib-source": _stdlib_source,
    "lessons": _lessons,
    "brackets": _brackets,
}
"""The name of a corpus → what reads it."""
