"""The question for a cell of one's own, in every activity: a file whose name a person types is one to be run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rnntui.cellname import own_cell
from rnntui.errors import BadInput
from rnntui.ui.screens.ask import LineScreen

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

OWN: Final = "own"
"""Chosen among the cells: one that is none of ours."""
OWN_WORDS: Final = f"{'of your own…':<18}A function in a Python file"
HINT: Final = "FILE.py:FUNCTION · rnntui cell new FILE.py writes one to begin with · Enter runs it"


async def typed_cell(app: RnntuiApp, known: str) -> str | None:
    """The whole name of a cell that is typed, `known` to begin with; None without one. Raises BadInput for no cell."""
    line = await app.push_screen_wait(LineScreen("The file of your cell", known, HINT, selected=True))
    if line is None or not line.strip():
        return None
    typed = own_cell(line.strip())
    if typed is None:
        raise BadInput(f"'{line.strip()}' is no cell of your own; write FILE.py:FUNCTION.")
    return str(typed.absolute)
