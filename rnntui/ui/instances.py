"""Two instances of the app: the second one saves nothing, and says so, unless the first is only about to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from rnntui.home import SECOND, Home

TRIES: Final = 10
APART: Final = 0.15
"""Seconds between two tries: an app that was told to end takes about half a second."""


async def kept_open(home: Home, say: Callable[[str], None]) -> None:
    """Get the right to save the settings once it is free; say that it is not where it stays with another instance."""
    for _ in range(TRIES if home.taken else 0):
        home.take()
        if not home.taken:
            return
        await asyncio.sleep(APART)
    if home.taken:
        say(SECOND)
