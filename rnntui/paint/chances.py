"""Which character a model in training expects next, as bars."""

from __future__ import annotations

from typing import Final

import numpy as np

from rnntui.paint.cells import Brush, fit, token
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor
from rnntui.training.progress import Progress
from rnntui.training.record import Reading

BEFORE: Final = 16
"""Characters of the text so far that the title repeats."""
EIGHTHS: Final = " ▏▎▍▌▋▊▉"
GUTTER: Final = 4
NUMBER: Final = 5


def title(progress: Progress, cursor: Cursor) -> str:
    """After which text."""
    reading = progress.reading
    if reading is None:
        return "Next character"
    return f"Next character after “{token(reading.text[max(0, cursor.t - BEFORE) : cursor.t])}”"


def paint(progress: Progress, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The most probable characters, the most probable first; the one that comes in the text is lit."""
    brush, reading = Brush(width, height), progress.reading
    if reading is None:
        return brush.painting()
    chances = reading.chances[cursor.t - 1]
    came = reading.text[cursor.t : cursor.t + 1]
    room = width - GUTTER - NUMBER
    for place in np.argsort(-chances, kind="stable")[:height].tolist():
        character, share = reading.characters[place], float(chances[place])
        here = character == came
        brush.line().add("▸" if here else " ", palette.cursor)
        brush.add(fit(token(character), GUTTER - 1), palette.lit if here else palette.text)
        number = f" {share:.2f}" if share >= 0.005 else " <.01"
        brush.add(fit(bar(share, room), max(0, room)), palette.bar(share, True)).add(number, palette.dim)
    return brush.painting()


def came_next(reading: Reading, cursor: Cursor) -> tuple[str, float] | None:
    """The character that comes next in the text, and how probable the model held it; None at the end."""
    character = reading.text[cursor.t : cursor.t + 1]
    if character not in reading.characters or not character:
        return None
    return character, float(reading.chances[cursor.t - 1, reading.characters.index(character)])


def bar(share: float, columns: int) -> str:
    """A share as a bar of at most so many columns, to an eighth of one."""
    whole, part = divmod(round(8 * min(max(share, 0.0), 1.0) * max(0, columns)), 8)
    return "█" * whole + (EIGHTHS[part] if part else "")
