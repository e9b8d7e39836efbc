"""Screenshots that every SVG renderer draws alike, without asking the network."""

from __future__ import annotations

import re
from typing import Final

BLANK: Final = "&#160;"
_RUN: Final = re.compile(r'(<text [^>]*?x=")([\d.]+)(" y="[\d.]+" textLength=")([\d.]+)("[^>]*>)([^<]*)(</text>)')
_FONT_FROM_AFAR: Final = re.compile(r'(src: local\("[^"]*"\)),[^;]*;')
_ENTITY: Final = re.compile(r"&[^;]+;")


def portable(svg: str) -> str:
    """The same picture with fonts of the machine only, and no blanks at the beginning of a run of text.

    Some renderers drop such blanks: each run starts at its first visible character instead, and is as much shorter;
    runs of blanks only are left out.
    """
    return _RUN.sub(_shifted, _FONT_FROM_AFAR.sub(r"\1;", svg))


def _shifted(run: re.Match[str]) -> str:
    head, x, middle, length, tail, text, end = run.groups()
    inked = text.lstrip(" ").removeprefix(BLANK)
    blanks = 1 if text.startswith(BLANK) else 0
    while inked.startswith(BLANK):
        inked, blanks = inked.removeprefix(BLANK), blanks + 1
    columns = len(_ENTITY.sub("x", text))
    if not blanks or "textLength" not in middle or any(ord(character) > 0x2E7F for character in text):
        return run.group()
    if blanks == columns:
        return ""
    width = float(length) / columns
    return f"{head}{float(x) + blanks * width:g}{middle}{float(length) - blanks * width:g}{tail}{inked}{end}"
