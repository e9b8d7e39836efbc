"""Text that comes from outside, as an argument or on standard input."""

from __future__ import annotations

import codecs
import sys

LARGEST_TEXT = 1 << 20
"""Bytes that are read of standard input."""


def read_stdin() -> tuple[str, tuple[str, ...]]:
    """The text on standard input, at most 1 MiB of it, and what had to be said about it.

    Raises BadInput for a binary one.
    """
    from rnntui.errors import BadInput

    raw = sys.stdin.buffer.read(LARGEST_TEXT + 1)
    if b"\0" in raw:
        raise BadInput("Standard input is binary (it holds a NUL byte); give a text.")
    notices: list[str] = []
    if len(raw) > LARGEST_TEXT:
        raw = raw[:LARGEST_TEXT]
        notices.append("Standard input is longer than 1 MiB; the rest was not read.")
        raw = _whole_characters(raw)
    raw = raw.removeprefix(codecs.BOM_UTF8)
    text = raw.decode("utf-8", "replace")
    if "\ufffd" in text and "\ufffd".encode() not in raw:
        notices.append("Standard input is no valid UTF-8; what could not be read is shown as �.")
    return text, tuple(notices)


def characters(text: str) -> tuple[str, tuple[str, ...]]:
    """An argument as characters; bytes that are no UTF-8 (they come as lone surrogates) become U+FFFD, and are said."""
    clean = "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)
    if clean == text:
        return text, ()
    return clean, ("The text is no valid UTF-8; what could not be read is shown as �.",)


def _whole_characters(raw: bytes) -> bytes:
    """Without the beginning of a character that a cut went through."""
    for back in range(1, 4):
        lead = raw[-back]
        if lead >= 0xC0:
            need = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return raw if back >= need else raw[:-back]
        if lead < 0x80:
            return raw
    return raw
