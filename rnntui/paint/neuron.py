"""A text coloured by what one unit does at every character, what the learner marks in it, and which units follow it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rich.style import Style

from rnntui.paint.cells import Brush, clip
from rnntui.paint.cells import width as columns_of
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.reading import colour, largest
from rnntui.paint.safe import safe_text
from rnntui.paint.window import window
from rnntui.paint.wrap import wrap
from rnntui.scene import Cursor
from rnntui.training.neurons import Neurons
from rnntui.training.progress import Progress

HINT: Final = (
    "f reads a text that was never learned from, and finds the unit that follows a property of it; "
    "m marks stretches of it, for a property of your own."
)
WAIT: Final = "The model reads a text that was never learned from…"
MARKING: Final = ("m begins a stretch", "m ends the stretch")
LEAVE: Final = " · ←→↑↓ move · Enter done · Esc forgets all marks"
TAB: Final = "  "
UNDERLINED: Final = Style(underline=True, bold=True)
ONE_BELOW, TWO_BELOW = 4, 8
"""Lines from which one, and two, are left for what follows what."""


def title(progress: Progress, cursor: Cursor) -> str:
    """Which unit, and how closely it follows the chosen property."""
    found = progress.neurons
    if found is None:
        return "One unit on a text"
    unit = min(cursor.unit, found.units.shape[1] - 1)
    follows = f"r = {float(found.correlations[found.chosen, unit]):+.2f}".replace("-", "−")
    of = f", {found.symbol}" if found.symbol != "h" else ""
    return f"Unit {unit}{of} · {found.features[found.chosen]} {found.absence(found.chosen) or follows}"


def paint(progress: Progress, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The text with its lines kept; below it the units that follow the chosen property, and every other one."""
    brush, found = Brush(width, height), progress.neurons
    if found is None:
        for piece in wrap(WAIT if progress.asked else HINT, width, height):
            brush.line().add(piece, palette.dim)
        return brush.painting()
    below = _below(found, width)[: (height >= ONE_BELOW) + (height >= TWO_BELOW)]
    values = found.units[:, min(cursor.unit, found.units.shape[1] - 1)]
    end, marked, hand = largest(values), found.marking.covers(len(found.text)), found.marking
    lines = laid_out(found.text, width)
    here = next((place for place, line in enumerate(lines) if hand.at in line), 0)
    for place in window(here, height - len(below), len(lines)):
        brush.line()
        for character in lines[place]:
            shown = _drawn(found.text[character], float(values[character]) / end, palette)
            style = palette.text if found.text[character] == "\n" else colour(float(values[character]) / end, palette)
            if hand.active and character == hand.at:
                style = palette.lit
            elif marked[character]:
                style += UNDERLINED
            elif found.text[character] == "\n":
                continue
            brush.add(shown, style)
    while brush.lines_left > len(below):
        brush.line()
    for words in below:
        brush.line().add(words, palette.notice if hand.active else palette.dim)
    return brush.painting()


@lru_cache(maxsize=4)
def laid_out(text: str, width: int) -> tuple[range, ...]:
    """The characters of each line in which a text is drawn, with the line ends, for which a column is left."""
    lines, first, used = [], 0, 0
    for place, character in enumerate(text):
        columns = columns_of(_safe(character))
        if character != "\n" and used + columns >= width and place > first:
            lines.append(range(first, place))
            first, used = place, 0
        used += columns
        if character == "\n":
            lines.append(range(first, place + 1))
            first, used = place + 1, 0
    return (*lines, range(first, len(text))) if first < len(text) else tuple(lines)


def beside(lines: Sequence[range], at: int, by: int) -> int:
    """The character in the same column so many lines below another one."""
    here = next((place for place, line in enumerate(lines) if at in line), 0)
    there = lines[min(max(here + by, 0), len(lines) - 1)]
    return min(there.start + at - lines[here].start, there.stop - 1)


def _safe(character: str) -> str:
    return " " if character == "\n" else TAB if character == "\t" else safe_text(character)


def _drawn(character: str, level: float, palette: Palette) -> str:
    """A character; where there are no colours, the sign of a value that is large."""
    if palette.colours == "none" and abs(level) >= 0.5 and character not in "\n\t":
        return "+" if level > 0 else "−"
    return _safe(character)


def _below(found: Neurons, width: int) -> list[str]:
    """What to press while a stretch is marked; else the units of the chosen property; then the best of every one."""
    if found.marking.active:
        return [clip(MARKING[found.marking.start is not None] + LEAVE, width), ranked(found, width)]
    return [closest(found, width), ranked(found, width)]


def closest(found: Neurons, width: int) -> str:
    """The units that follow the chosen property, the closest first: inside quotes: 41 (+.81) · 7 (−.66)."""
    if absence := found.absence(found.chosen):
        return clip(f"{found.features[found.chosen]} {absence}; f goes to another property", width)
    units = [_entry("", unit, found.correlations[found.chosen, unit]) for unit in found.ranked(found.chosen)]
    return _joined(f"↑↓ {found.features[found.chosen]}:", units, width)


def ranked(found: Neurons, width: int) -> str:
    """The closest unit of every property that one can follow, the closest first: inside quotes 41 (+.81)."""
    able = [(name, place) for place, name in enumerate(found.features) if not found.absence(place)]
    if not able:
        return clip(f"at step {found.step:,}: no property that a unit could follow", width)
    best = [(name, found.ranked(place)[0], place) for name, place in able]
    pairs = [(name, unit, float(found.correlations[place, unit])) for name, unit, place in best]
    pairs.sort(key=lambda one: -abs(one[2]))
    return _joined(f"at step {found.step:,}:", [_entry(f"{name} ", unit, r) for name, unit, r in pairs], width)


def _entry(name: str, unit: int, r: float) -> str:
    return f"{name}{unit} ({r:+.2f})".replace("-", "−")


def _joined(head: str, entries: Sequence[str], width: int) -> str:
    """As many entries as fit on one line."""
    line = f"{head} {entries[0]}"
    for entry in entries[1:]:
        if columns_of(line) + 3 + columns_of(entry) > width:
            break
        line += f" · {entry}"
    return clip(line, width)
