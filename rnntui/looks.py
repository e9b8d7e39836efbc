"""What a person chooses how things look: themes, depths of colour, ways to write an equation; each is listed here only.

Standard library only, and next to nothing of it, so that `--help` stays quick.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Theme = Literal["dark", "light", "contrast"]
Colours = Literal["truecolor", "256", "16", "none"]
Mode = Literal["numbers", "symbols", "source"]

THEMES: Final[tuple[Theme, ...]] = get_args(Theme)
COLOURS: Final[tuple[Colours, ...]] = get_args(Colours)
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
"""With the numbers put in, in symbols, as the torch source line: in the order that one key goes through."""
