"""The questions by which a person changes what is looked at: each takes the scene and gives another, or None."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from rnntui import scene as scenes
from rnntui.errors import BadInput
from rnntui.paint import sequence
from rnntui.scene import Cursor, Scene
from rnntui.ui.export import export
from rnntui.ui.screens.ask import LONGEST_LINE, ChoiceScreen, InPlaceScreen, LineScreen, escaped, unescaped
from rnntui.ui.themes import page

if TYPE_CHECKING:
    from rnntui.core.trace import Trace
    from rnntui.ui.app import RnntuiApp
    from rnntui.ui.panes.painted import PaintedPane
    from rnntui.ui.panes.why import WhyPane

INIT_HINT = "torch, then any of: orthogonal, identity, spectral-radius=R, forget-bias=N, delay=T, zeros (comma between)"

READS = {"char": "Enter reads it by character", "word": "Enter reads it by word", "number": "Enter reads the numbers"}


def whole_number(line: str, what: str, low: int, high: int) -> int:
    """The number that a line says; BadInput with the range if it says none."""
    if not re.fullmatch(r"\s*[0-9]{1,19}\s*", line) or not low <= int(line) <= high:
        raise BadInput(f"{what} is a whole number from {low} to {high}; '{line.strip()}' is not.")
    return int(line)


def text_row(app: RnntuiApp) -> int:
    """The row of the screen on which the text stands."""
    if app.explore is None or app.explore.trace is None:
        return 1
    return app.explore.query_one("#sequence").region.y + sequence.tokens_line(app.explore.trace)


async def cell(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Another cell, same text, same seed."""
    choices = [(name, f"{name:<18}{scenes.cell_about(name)}") for name in scenes.cell_names()]
    name = await app.push_screen_wait(ChoiceScreen("Which cell reads the text?", choices, scene.cell))
    return replace(scene, cell=name, symbol="", partial=False) if name and name != scene.cell else None


async def text(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Another text; the weights of the tokens that stay, stay."""
    current = escaped(scene.text)
    if len(current) > LONGEST_LINE:
        raise BadInput("The text is too long to edit here; change its file and start rnntui with --file.")
    file = f" instead of the file {scene.file}" if scene.file else ""
    hints = (READS[scene.tokens] + file, "Escape leaves it", "\\n new line, \\\\ backslash")
    line = await app.push_screen_wait(InPlaceScreen(text_row(app), current, " · ".join(hints)))
    if line is None or (line == current and not scene.file):
        return None
    if not line:
        raise BadInput("The text is empty; type at least one character.")
    return replace(scene, text=unescaped(line), file="", sha256="")


async def seed(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Other weights of the same kind."""
    line = await app.push_screen_wait(LineScreen("Seed of the weights", str(scene.seed), numeric=True))
    if line is None:
        return None
    number = whole_number(line, "A seed", 0, scenes.LARGEST["seed"])
    return replace(scene, seed=number, weights="", weights_sha256="") if number != scene.seed or scene.weights else None


async def hidden(app: RnntuiApp, scene: Scene) -> Scene | None:
    """More or fewer hidden units."""
    line = await app.push_screen_wait(LineScreen("Hidden units", str(scene.hidden), numeric=True))
    if line is None:
        return None
    number = whole_number(line, "The number of hidden units", 1, scenes.LARGEST["hidden"])
    return replace(scene, hidden=number, unit=min(scene.unit, number - 1)) if number != scene.hidden else None


async def init(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Weights drawn in another way."""
    line = await app.push_screen_wait(LineScreen("Initialisation", scene.init, INIT_HINT))
    if line is None or line.strip() == scene.init:
        return None
    return replace(scene, init=line.strip() or "torch", weights="", weights_sha256="")


async def both_ways(_app: RnntuiApp, scene: Scene) -> Scene | None:
    """One direction, or both."""
    return replace(scene, bidirectional=not scene.bidirectional, direction="forward")


async def copy(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Put the scene line on the clipboard, and on the screen where it can be selected."""
    line = str(scene)
    app.copy_to_clipboard(line)
    hint = "Sent to the terminal's clipboard; if that did not take it, select it here · Escape closes"
    shown = await app.push_screen_wait(LineScreen("The scene on the screen, as one line", line, hint))
    return scenes.parse(shown) if shown is not None and shown.strip() not in ("", line) else None


async def open_line(app: RnntuiApp, _scene: Scene) -> Scene | None:
    """Whatever scene a pasted line says."""
    hint = "Paste a line such as explore:cell=gru,text=hello,hidden=8,seed=0,t=3 · Enter opens it"
    line = await app.push_screen_wait(LineScreen("Open a scene", "", hint))
    return scenes.parse(line) if line is not None and line.strip() else None


async def go_to(app: RnntuiApp, trace: Trace, cursor: Cursor) -> Cursor:
    """The cursor at a step that is asked for by its number."""
    low, high = (0, trace.steps) if cursor.direction == "forward" else (1, trace.steps + 1)
    line = await app.push_screen_wait(LineScreen(f"Go to step t ({low}…{high})", "", numeric=True))
    if line is None or not line.strip():
        return cursor
    return replace(cursor, t=whole_number(line, "t", low, high), partial=False)


async def write_pane(app: RnntuiApp, trace: Trace, cursor: Cursor, pane: PaintedPane | WhyPane) -> str:
    """Write what a pane shows to a file that is asked for; its name, or nothing if none was given."""
    name = f"rnntui-{trace.cell}-{pane.id}.csv"
    hint = "The name's end says the kind: .csv values · .svg picture · .txt text"
    line = await app.push_screen_wait(LineScreen("Write this pane to", name, hint))
    if line is None or not line.strip():
        return ""
    state = (pane.id or "").removeprefix("state-")
    symbols = (trace.states[int(state)],) if state.isdigit() else trace.symbols
    export(line.strip(), trace, cursor, symbols, pane.painting(), page(app.theme))
    return line.strip()


CHANGES: dict[str, Callable[[RnntuiApp, Scene], Awaitable[Scene | None]]] = {
    "cell": cell,
    "text": text,
    "seed": seed,
    "hidden": hidden,
    "init": init,
    "both_ways": both_ways,
    "copy": copy,
    "open": open_line,
}
