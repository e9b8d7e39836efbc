"""When Python looks for garbage: not among what the app is made of, and not in the middle of every step.

Measured: with Python's own thresholds a fourth of a step went into looking, and one step in twelve waited 0.1 s for it.
"""

from __future__ import annotations

import gc
from typing import Final

YOUNG: Final = 20_000
"""New containers after which Python looks through them; a step leaves some hundreds behind."""


def settle() -> None:
    """Count everything that is there now as there for good, and look seldom for garbage from now on."""
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
