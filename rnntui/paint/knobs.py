"""The knobs as a list: what each is called, its value between two arrows, and which one is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.window import window


@dataclass(frozen=True)
class Turnable:
    """A knob as it is seen."""

    label: str
    value: str
    live: bool = True


def paint(knobs: Sequence[Turnable], held: int, focused: bool, width: int, height: int, palette: Palette) -> Painting:
    """One line a knob; the held one is lit while the pane has the focus."""
    brush = Brush(width, height)
    names = max(columns_of(one.label) for one in knobs)
    values = max(5, min(width - names - 6, 12))
    hint = height > len(knobs)
    for place in window(held, height - hint, len(knobs)):
        one, lit = knobs[place], place == held and focused
        style = palette.faint if not one.live else palette.lit if lit else palette.text
        arrows = palette.cursor if lit and one.live else palette.faint
        move = {"knob": place}
        brush.line().add("▸ " if place == held else "  ", palette.cursor if focused else palette.dim)
        brush.add(fit(one.label, names), palette.title if lit else palette.dim if one.live else palette.faint, move)
        brush.add(" ◂ ", arrows, move | {"by": -1})
        brush.add(fit(one.value, values, "^"), style, move)
        brush.add(" ▸", arrows, move | {"by": 1})
    if hint:
        words = "↑↓ choose · ←→ turn" if focused else "Tab comes here · f F forget bias"
        brush.line().add(clip(f"  {words}", width), palette.dim)
    return brush.painting()
