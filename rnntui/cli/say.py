"""One sentence for the person at the terminal."""

from __future__ import annotations

import sys


def say(sentence: str) -> None:
    """A sentence for the person, on stderr, with nothing in it that could move the terminal."""
    from rnntui.paint.safe import safe_text

    line = f"rnntui: {safe_text(sentence)}\n"
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(line.encode(encoding, "replace").decode(encoding))
    sys.stderr.flush()
