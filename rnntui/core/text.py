"""The text that a scene means: its own, or that of its file, read safely and only so far."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from typing import Final

from rnntui.core.regular import read
from rnntui.errors import BadInput
from rnntui.scene import Scene

LARGEST: Final = 2**20
"""How many bytes of a text are read."""


@dataclass(frozen=True)
class Text:
    """A text as it was read."""

    characters: str
    sha256: str = ""
    """Of the bytes that were read: the whole file unless it was cut. Empty where there is no file."""
    cut: bool = False
    notices: tuple[str, ...] = ()


def text_of(scene: Scene) -> Text:
    """The text of a scene, from its file where it names one.

    Raises BadInput when there is none, or when the file is not text.
    """
    if scene.file:
        return read_file(scene.file, scene.sha256)
    if not scene.text:
        raise BadInput("There is no text to read; give at least one character.")
    if len(scene.text) * 4 <= LARGEST:
        return Text(scene.text)
    data = scene.text.encode("utf-8")
    if len(data) <= LARGEST:
        return Text(scene.text)
    notice = "The text is longer than 1 MiB; only its first MiB is read."
    return Text(data[:LARGEST].decode("utf-8", errors="ignore"), cut=True, notices=(notice,))


def read_file(path: str, sha256: str = "", limit: int = LARGEST) -> Text:
    """The text in a file, `limit` bytes of it; a `sha256` that it does not have is said in a notice.

    Bytes that are no UTF-8 become U+FFFD, and that is said too. Raises BadInput for a file that is no text.
    """
    data, cut = read(path, limit)
    place = data.find(b"\0")
    if place >= 0:
        raise BadInput(f"The file {path!r} is binary (byte {place + 1} is zero); give a text file.")
    notices = []
    if cut:
        notices.append(f"The file {path!r} is longer than {limit >> 20} MiB; the rest is not read.")
    try:
        characters = _decode(data, "strict", cut)
    except UnicodeDecodeError:
        characters = _decode(data, "replace", cut)
        notices.append(f"The file {path!r} is not all UTF-8; what could not be read stands there as \ufffd.")
    if not characters:
        raise BadInput(f"The file {path!r} is empty; give one with some text in it.")
    found = hashlib.sha256(data).hexdigest()
    if sha256 and sha256.lower() != found:
        notices.append(f"The file {path!r} has changed since this scene was written, so its numbers have too.")
    return Text(characters, found, cut, tuple(notices))


def _decode(data: bytes, errors: str, cut: bool) -> str:
    """The characters; a last one that the limit cut in two is left out, and so is a byte order mark."""
    return codecs.getincrementaldecoder("utf-8-sig")(errors).decode(data, final=not cut)
