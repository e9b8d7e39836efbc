"""The copy of its text that a run keeps, so that it goes on under another Python.

Only of what the machine says by itself, such as Python's docstrings, which the next Python has otherwise: a file of
somebody's own is read anew, and refused where it changed.
"""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path
from typing import Final

from rnntui.core.regular import read
from rnntui.errors import BadInput
from rnntui.files import write
from rnntui.tasks.corpus import Corpus
from rnntui.training.spec import CharModelSpec

COPY: Final = "text.zlib"
LARGEST: Final = 64 << 20
"""Bytes that a copy may have, packed or not."""


def keep(folder: Path, corpus: Corpus) -> None:
    """Leave a copy in a run directory. Raises OSError."""
    packed = zlib.compress(corpus.document.encode("utf-8"))
    write(folder / COPY, lambda stream: stream.write(packed))


def kept(folder: Path, spec: CharModelSpec) -> Corpus | None:
    """The text that a run began with; None where it has no copy, or one that is not what was written."""
    try:
        packed, _ = read(str(folder / COPY), LARGEST)
        document = zlib.decompressobj().decompress(packed, LARGEST)
    except (BadInput, zlib.error):
        return None
    if hashlib.sha256(document).hexdigest() != spec.sha256:
        return None
    return Corpus.of(document.decode("utf-8"))
