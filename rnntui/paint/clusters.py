"""Characters as people see them, grapheme clusters, each drawn so that it can do no harm.

Classified by `regex`, whose Unicode tables are newer than Python's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regex
from rich.cells import cell_len

UNKNOWN: Final = "\ufffd"
MARKS_DRAWN: Final = 4
"""Combining marks kept on one character; more would grow over the neighbouring lines."""

_UNPRINTABLE: Final = regex.compile(r"[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]")
_JOINED: Final = regex.compile(
    r"\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f\u20e3]*(?:\u200d\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]*)+"
)
_NAMED: Final = {
    "\x7f": "␡", "\x85": "␤", "\u2028": "␤", "\u2029": "␤", "\u2800": " ",
    "\xad": "‹SHY›", "\u200b": "‹ZWSP›", "\u200c": "‹ZWNJ›", "\u200d": "‹ZWJ›", "\u200e": "‹LRM›", "\u200f": "‹RLM›",
    "\u2060": "‹WJ›",
}  # fmt: skip
"""What has a picture, and what words are written with and has none: by Unicode's abbreviation of its name."""
_MARK: Final = regex.compile(r"[\p{M}--\p{Default_Ignorable_Code_Point}]", regex.V1)
_SPACE: Final = regex.compile(r"\p{Zs}")


def clusters(text: str) -> list[str]:
    """The grapheme clusters of a text."""
    found: list[str] = regex.findall(r"\X", text)
    return found


@lru_cache(maxsize=4096)
def safe_cluster(cluster: str) -> str:
    """One cluster as it can be painted."""
    if cluster == "\r\n":
        return "␍␊"
    if _JOINED.fullmatch(cluster) or (cluster[0] == "\U0001f3f4" and cluster[-1] == "\U000e007f"):
        return cluster
    drawn, marks = "", 0
    for character in cluster:
        if _MARK.match(character):
            marks += 1
            if marks > MARKS_DRAWN:
                continue
            if not drawn:
                drawn = "◌"
        drawn += _safe_character(character, bool(drawn))
    return drawn if cell_len(drawn) else UNKNOWN


def _safe_character(character: str, follows: bool) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if character in _NAMED:
        return _NAMED[character]
    if code in {0xFE0E, 0xFE0F} and follows:
        return character
    if _UNPRINTABLE.match(character):
        return UNKNOWN
    if _SPACE.match(character):
        return "  " if character == "\u3000" else " "
    return character
