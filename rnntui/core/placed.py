"""What a scene says of its cursor that its network or its text does not have, for whoever then stands elsewhere."""

from __future__ import annotations

from rnntui.checked import shown
from rnntui.core.trace import Trace
from rnntui.scene import PAST_THE_END, Cursor, Scene


def unknown_symbol(scene: Scene, trace: Trace) -> tuple[str, ...]:
    """One sentence about a symbol of the scene that is none of its cell's."""
    if not scene.symbol or scene.symbol in trace.symbols:
        return ()
    known, first = ", ".join(trace.symbols), trace.symbols[0]
    return (f"The scene's symbol {shown(scene.symbol)} is none of {trace.cell}'s ({known}); {first} is lit.",)


def past_the_end(scene: Scene, at: Cursor) -> tuple[str, ...]:
    """One sentence about a step of the scene that its text does not reach, where one stands at another."""
    if not at.t < scene.t != PAST_THE_END:
        return ()
    return (f"The scene's t = {scene.t} is past the end of the text; it opens at t = {at.t}.",)
