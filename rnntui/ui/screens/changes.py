"""The questions by which a person changes what is looked at: each takes the scene and gives another, or None."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.widget import Widget

from rnntui.cellname import own_cell
from rnntui.core import byhand
from rnntui.errors import BadInput
from rnntui.names import cell_about, cell_names
from rnntui.paint.safe import safe_text
from rnntui.scene import LARGEST, PAST_THE_END, Cursor, Scene, parse
from rnntui.ui.escapes import escaped, unescaped
from rnntui.ui.export import Table, export
from rnntui.ui.panes.knobs import KnobsPane
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.why import WhyPane
from rnntui.ui.screens.ask import LONGEST_LINE, ChoiceScreen, InPlaceScreen, LineScreen
from rnntui.ui.screens.owncell import OWN, OWN_WORDS, typed_cell
from rnntui.ui.themes import page
from rnntui.versus import UNTOUCHED, absolute, other, own_cells

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

ANOTHER = "another"
"""Chosen among what can stand beside a network: something that is typed."""
Pictured = PaintedPane | WhyPane | KnobsPane
"""A pane that can be written to a file."""
INIT_HINT = "torch, then any of: orthogonal, identity, spectral-radius=R, forget-bias=N, delay=T, zeros (comma between)"

READS = {"char": "Enter reads it by character", "word": "Enter reads it by word", "number": "Enter reads the numbers"}


def whole_number(line: str, what: str, low: int, high: int) -> int:
    """The number that a line says; BadInput with the range if it says none."""
    if not re.fullmatch(r"\s*[0-9]{1,19}\s*", line) or not low <= int(line) <= high:
        raise BadInput(f"{what} is a whole number from {low} to {high}; '{line.strip()}' is not.")
    return int(line)


def text_row(app: RnntuiApp) -> int:
    """The row of the screen on which the text stands."""
    return app.activity.text_row if app.activity is not None else 1


async def cell(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Another cell, same text, same seed."""
    choices = [(name, f"{name:<18}{cell_about(name)}") for name in cell_names()]
    choices.append((OWN, f"{OWN_WORDS}, run again whenever it is saved."))
    own = own_cell(scene.cell)
    name = await app.push_screen_wait(ChoiceScreen("Which cell reads the text?", choices, OWN if own else scene.cell))
    if name == OWN:
        name = await typed_cell(app, scene.cell if own else "")
        if name is None:
            return None
    elif not name or name == scene.cell:
        return None
    return replace(scene, cell=name, cell_sha256="", symbol="", partial=False)


async def agreed(app: RnntuiApp, scene: Scene, current: Scene) -> Scene | None:
    """A scene from outside, once the person has agreed to run the file of its cell, if that is another one."""
    running = {one.absolute.file for one in own_cells(current)}
    for own in own_cells(scene):
        if own.absolute.file in running:
            continue
        label = f"This scene runs the Python file {safe_text(own.absolute.file)} on your computer. Run it?"
        choices = [("no", "No, leave everything as it is"), ("yes", "Yes, I know this file")]
        if await app.push_screen_wait(ChoiceScreen(label, choices, "no")) != "yes":
            return None
    return absolute(scene)


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
    number = whole_number(line, "A seed", 0, LARGEST["seed"])
    if number == scene.seed and not scene.weights:
        return None
    return replace(scene, seed=number, weights="", weights_sha256="", readout="")


async def hidden(app: RnntuiApp, scene: Scene) -> Scene | None:
    """More or fewer hidden units."""
    line = await app.push_screen_wait(LineScreen("Hidden units", str(scene.hidden), numeric=True))
    if line is None:
        return None
    number = whole_number(line, "The number of hidden units", 1, LARGEST["hidden"])
    return replace(scene, hidden=number, unit=min(scene.unit, number - 1)) if number != scene.hidden else None


async def init(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Weights drawn in another way."""
    asking = LineScreen("Initialisation", scene.init, INIT_HINT, selected=scene.init == "torch")
    line = await app.push_screen_wait(asking)
    if line is None or line.strip() == scene.init:
        return None
    return replace(scene, init=line.strip() or "torch", weights="", weights_sha256="", readout="")


async def by_hand(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Values, states or weights that are set by hand; an empty line takes everything back."""
    forms = "f=1 · h[3]@5=0 · h@0=0.5 · weight_hh_l0[5,2]=0.3 · several with ; between"
    hint = f"{forms} · here: {' or '.join(under_cursor(app, scene))} · an empty line takes all back"
    line = await app.push_screen_wait(LineScreen("Set by hand", f"{scene.set};" if scene.set else "", hint))
    if line is None or (wanted := ";".join(filter(None, map(str.strip, line.split(";"))))) == scene.set:
        return None
    byhand.read(wanted)
    return replace(scene, set=wanted, versus="" if not wanted and scene.versus == UNTOUCHED else scene.versus)


def under_cursor(app: RnntuiApp, scene: Scene) -> list[str]:
    """What can be set where one stands: the value under the cursor, and the weight that an open explanation is at."""
    place = byhand.Clamp(scene.layer, scene.direction, scene.symbol or "h", scene.unit, scene.t, 0)
    panes = app.activity.query(WhyPane) if app.activity is not None else ()
    parts = [pane.part for pane in panes if pane.display and pane.part is not None]
    return [str(place).rpartition("=")[0], *(part.weight for part in parts if part.weight)]


async def versus(app: RnntuiApp, scene: Scene) -> Scene | None:
    """What stands beside it, stepped together."""
    choices = [("", "Nothing: one network alone")]
    choices += [(UNTOUCHED, "The same network with nothing set by hand")] if scene.set else []
    choices += [(name, f"{name:<18}{cell_about(name)}") for name in cell_names() if name != scene.cell]
    choices.append((ANOTHER, "Another seed, initialisation or setting, or a cell of your own…"))
    known = [name for name, _ in choices]
    current = scene.versus if scene.versus in known else ANOTHER
    chosen = await app.push_screen_wait(ChoiceScreen("What stands beside it?", choices, current))
    if chosen == ANOTHER:
        hint = "seed=1 · init=orthogonal · set=f=1 · cell=FILE.py:FUNCTION · several with ; between"
        typed = await app.push_screen_wait(
            LineScreen("What stands beside it", scene.versus if "=" in scene.versus else "", hint)
        )
        chosen = typed.strip() if typed is not None else None
    if chosen is None or chosen == scene.versus:
        return None
    changed = absolute(replace(scene, versus=chosen))
    if chosen:
        other(changed)
    return changed


async def both_ways(_app: RnntuiApp, scene: Scene) -> Scene | None:
    """One direction, or both."""
    return replace(scene, bidirectional=not scene.bidirectional, direction="forward")


async def copy(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Put the scene line on the clipboard, and on the screen where it can be selected."""
    line = str(scene)
    app.copy_to_clipboard(line)
    hint = "Sent to the terminal's clipboard; if that did not take it, select it here · Escape closes"
    shown = await app.push_screen_wait(LineScreen("The scene on the screen, as one line", line, hint))
    return await agreed(app, parse(shown), scene) if shown is not None and shown.strip() not in ("", line) else None


async def open_line(app: RnntuiApp, scene: Scene) -> Scene | None:
    """Whatever scene a pasted line says."""
    hint = "Paste a line such as explore:cell=gru,text=hello,hidden=8,seed=0,t=3 · Enter opens it"
    line = await app.push_screen_wait(LineScreen("Open a scene", "", hint))
    return await agreed(app, parse(line), scene) if line is not None and line.strip() else None


async def go_to(app: RnntuiApp, cursor: Cursor, clamp: Callable[[Cursor], Cursor]) -> Cursor:
    """The cursor at a step that is asked for by its number; `clamp` says how far steps go."""
    low, high = (clamp(replace(cursor, t=t)).t for t in (0, PAST_THE_END))
    line = await app.push_screen_wait(LineScreen(f"Go to step t ({low}…{high})", "", numeric=True))
    if line is None or not line.strip():
        return cursor
    return replace(cursor, t=whole_number(line, "t", low, high), partial=False)


async def write_pane(app: RnntuiApp, cell: str, pane: Pictured, table: Callable[[Widget], Table]) -> str:
    """Write what a pane shows to a file that is asked for; its name, or nothing if none was given."""
    name = f"rnntui-{cell.replace(':', '-')}-{pane.id}.csv"
    hint = "The name's end says the kind: .csv values · .svg picture · .txt text"
    line = await app.push_screen_wait(LineScreen("Write this pane to", name, hint))
    if line is None or not line.strip():
        return ""
    export(line.strip(), lambda: table(pane), pane.painting(), page(app.theme))
    return line.strip()


CHANGES: dict[str, Callable[[RnntuiApp, Scene], Awaitable[Scene | None]]] = {
    "cell": cell,
    "text": text,
    "seed": seed,
    "hidden": hidden,
    "init": init,
    "both_ways": both_ways,
    "by_hand": by_hand,
    "versus": versus,
    "copy": copy,
    "open": open_line,
}
