"""What a person chooses how things look: the themes, and the ways to write an equation; each is listed here only.

Standard library only, and next to nothing of it, so that `--help` stays quick.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Theme = Literal["dark", "light", "contrast"]
Mode = Literal["numbers", "symbols", "source"]

THEMES: Final[tuple[Theme, ...]] = get_args(Theme)
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
"""With the numbers put in, in symbols, as the torch source line: in the order that one key goes through."""
