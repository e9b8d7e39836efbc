"""A text coloured by what one unit does at every character, and the property of the text that the unit follows."""

from __future__ import annotations

from typing import Final

from rnntui.paint.cells import Brush, clip
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.reading import colour, largest
from rnntui.paint.safe import safe_text
from rnntui.paint.wrap import wrap
from rnntui.scene import Cursor
from rnntui.training.progress import Progress

HINT: Final = "f reads a text that was never learned from, and finds the unit that follows a property of it."
TAB: Final = "  "


def title(progress: Progress, cursor: Cursor) -> str:
    """Which unit, and what it follows how closely."""
    found = progress.neurons
    if found is None:
        return "One unit on a text"
    unit = min(cursor.unit, found.units.shape[1] - 1)
    feature, r = found.followed(unit)
    return f"Unit {unit} · {feature} r = {r:+.2f}".replace("-", "−")


def paint(progress: Progress, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The text with its lines kept; below it the units that follow each property most closely."""
    brush, found = Brush(width, height), progress.neurons
    if found is None:
        for piece in wrap(HINT, width, height):
            brush.line().add(piece, palette.dim)
        return brush.painting()
    unit = min(cursor.unit, found.units.shape[1] - 1)
    values = found.units[:, unit]
    end, signs = largest(values), palette.colours == "none"
    ranking = ranked(progress)
    brush.line()
    for character, value in zip(found.text, values.tolist(), strict=True):
        if character == "\n" or brush.column >= width:
            if brush.lines_left <= (height > 3):
                break
            brush.line()
        if character != "\n":
            shown = safe_text(character) if not signs or abs(value) < end / 2 else "+" if value > 0 else "−"
            brush.add(TAB if character == "\t" else shown, colour(value / end, palette))
    if height > 3:
        brush.line().add(clip(ranking, width), palette.dim)
    return brush.painting()


def ranked(progress: Progress) -> str:
    """The closest unit of every property, the closest first: inside quotes 41 (+.81)."""
    found = progress.neurons
    if found is None:
        return ""
    best = [(name, found.ranked(place)[0], place) for place, name in enumerate(found.features)]
    pairs = [(name, unit, float(found.correlations[place, unit])) for name, unit, place in best]
    pairs.sort(key=lambda one: -abs(one[2]))
    return f"at step {found.step:,}: " + " · ".join(
        f"{name} {unit} ({r:+.2f})".replace("-", "−") for name, unit, r in pairs
    )
