"""A vocabulary from a file: which token has which number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Final

from rnntui.core.regular import read
from rnntui.errors import BadInput, counted

LARGEST: Final = 2**25
"""How many bytes a vocabulary may have."""
UNKNOWN: Final = ("<unk>", "<UNK>", "[UNK]")
"""What a vocabulary calls the token that stands for all others."""


def read_vocabulary(path: str) -> tuple[tuple[str, ...], str]:
    """The tokens of a file by their numbers, and its sha256.

    One token a line; or JSON, a list of tokens or an object of token → number. Raises BadInput for another file, and
    for a token that is there twice or a number that is missing.
    """
    data, more = read(path, LARGEST)
    if more:
        raise BadInput(f"The vocabulary {path!r} has more than {LARGEST:,} bytes; give a smaller one.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"The vocabulary {path!r} is no UTF-8 (byte {error.start + 1}); save it as UTF-8.") from None
    stored = _json(text) if path.endswith(".json") or text.lstrip()[:1] in ("[", "{") else None
    if path.endswith(".json") or isinstance(stored, list | dict):
        found = _of_json(stored, path)
    else:
        found = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
    if found in ([], [""]):
        raise BadInput(f"The vocabulary {path!r} is empty; write one token a line.")
    if len(set(found)) < len(found):
        _refuse_twice(found, path)
    return tuple(found), hashlib.sha256(data).hexdigest()


def rows_of(read: Sequence[str], known: Sequence[str], path: str, kind: str) -> tuple[list[int], tuple[str, ...]]:
    """The number of each token that is read, and what has to be said about tokens without one.

    They are read as `<unk>` where the vocabulary has it. Raises BadInput naming the first where it has not.
    """
    numbers = dict(zip(known, range(len(known)), strict=True))
    missing = list(dict.fromkeys(token for token in read if token not in numbers))
    if not missing:
        return [numbers[token] for token in read], ()
    other = next((token for token in UNKNOWN if token in numbers), None)
    if other is None:
        by_words = "; --tokens word reads whole words" if kind == "char" else ""
        raise BadInput(
            f"Token {read.index(missing[0]) + 1} of the text, {_short(missing[0])}, is not in the vocabulary {path!r}, "
            f"which has no <unk> either; leave it out of the text{by_words}."
        )
    named = ", ".join(map(_short, missing[:5])) + ", …" * (len(missing) > 5)
    notice = f"Not in the vocabulary {path!r}, so read as {other}: {named}."
    return [numbers.get(token, numbers[other]) for token in read], (notice,)


def _refuse_twice(found: Sequence[str], path: str) -> None:
    places: dict[str, int] = {}
    for number, token in enumerate(found):
        if places.setdefault(token, number) != number:
            raise BadInput(
                f"The vocabulary {path!r} has {_short(token)} twice, as tokens {places[token] + 1} and {number + 1}; "
                "keep one (JSON can say every token, a line's end too)."
            )


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _of_json(stored: object, path: str) -> list[str]:
    if isinstance(stored, list) and set(map(type, stored)) <= {str}:
        return stored
    if not isinstance(stored, dict) or not set(map(type, stored.values())) <= {int}:
        raise BadInput(
            f"The vocabulary {path!r} is neither a JSON list of tokens nor a JSON object of token → number; write one."
        )
    by_number = {number: token for token, number in stored.items()}
    gap = next((number for number in range(len(stored)) if number not in by_number), None)
    if gap is not None:
        raise BadInput(
            f"The vocabulary {path!r} has {counted(len(stored), 'token')} and none with the number {gap}; "
            "number them from 0."
        )
    return [by_number[number] for number in range(len(stored))]


def _short(token: str) -> str:
    return repr(token if len(token) <= 40 else f"{token[:40]}…")
