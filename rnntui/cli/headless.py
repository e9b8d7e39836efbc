"""The app without a terminal: opened at a size, given keys, looked at once it is idle."""

from __future__ import annotations

import asyncio
import contextlib
import html
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rnntui.cellname import own_cell
from rnntui.errors import BadInput
from rnntui.scene import Scene

if TYPE_CHECKING:
    from rnntui.paint.palette import Theme
    from rnntui.ui.app import RnntuiApp

CELL: Final = (12.2, 24.4)
"""Width and height of a character in the pictures that rich draws."""
FIRST_LINE: Final = 20.0
LIGHTS: Final = 100
"""How far the lights at the left of a window's edge reach."""
TITLE_CHARACTER: Final = 11.0
"""The width of a character of the title."""
TEXT: Final = re.compile(r'<text class="[^"]*-r\d+" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>')
GLANCE: Final = 0.02
"""Seconds between two looks at whether the app still runs."""
PATIENCE: Final = 120.0
"""Seconds that one question of the app may take."""


@dataclass(frozen=True)
class Shot:
    """What to take a picture of."""

    scene: Scene
    size: tuple[int, int]
    theme: Theme = "dark"
    keys: tuple[str, ...] = ()
    ascii: bool = False


def take(shot: Shot) -> str:
    """Open the app, press the keys, wait until no question is under way, and draw an SVG of the screen.

    The app runs in an empty folder, so that what a key makes it write is gone with the picture's making. Raises
    BadInput when the scene cannot be read, and for a key that leaves the app. To be called within `plain_environment`.
    """
    with tempfile.TemporaryDirectory() as folder:
        names = ("file", "weights", "embedding", "vocab", *["inputs"] * shot.scene.reads_file)
        absolute = {name: _absolute(getattr(shot.scene, name)) for name in names}
        if own := own_cell(shot.scene.cell):
            absolute["cell"] = str(own.absolute)
        found = replace(shot.scene, **absolute)  # type: ignore[arg-type]
        with contextlib.chdir(folder):
            return asyncio.run(_take(shot, found))


def text_of(svg: str) -> str:
    """The characters of a picture, one line of text a line, without trailing blanks."""
    from rich.cells import cell_len

    rows: dict[int, str] = {}
    for x, y, content in TEXT.findall(svg):
        place = round((float(y) - FIRST_LINE) / CELL[1])
        row = rows.get(place, "")
        row += " " * (round(float(x) / CELL[0]) - cell_len(row))
        rows[place] = row + html.unescape(content).replace("\n", "")
    height = 1 + max(rows, default=-1)
    return "".join(rows.get(y, "").replace("\xa0", " ").rstrip() + "\n" for y in range(height))


@contextmanager
def plain_environment() -> Iterator[None]:
    """No setting of this terminal reaches the picture; to be entered before Textual is imported."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name == "NO_COLOR" or name.startswith("TEXTUAL")}
    try:
        yield
    finally:
        os.environ.update(kept)


def _absolute(file: str) -> str:
    return file and str(Path(file).absolute())


async def _take(shot: Shot, scene: Scene) -> str:
    from rnntui.cli.asking import answer, engine_for
    from rnntui.cli.threads import one_thread
    from rnntui.home import Home, Settings
    from rnntui.ui.activities import question
    from rnntui.ui.app import RnntuiApp

    one_thread()
    with engine_for(scene) as engine:
        name, arguments = question(scene)
        answer(engine, scene, name, *arguments)
        home = Home.nowhere(Settings(theme=shot.theme, welcomed=True))
        app = RnntuiApp(engine, scene, home, theme=shot.theme, ascii=shot.ascii, colours="truecolor")
        async with app.run_test(size=shot.size) as pilot:
            await _rest(app)
            await pilot.pause()
            for key in shot.keys:
                await pilot.press(key)
                if not await _rest(app):
                    raise BadInput(f"{key} leaves the app, so there is nothing to draw; remove it from --keys.")
                await pilot.pause()
            await pilot.pause()
            return app.export_screenshot(title=fitting(str(shot.scene), shot.size[0]))


def fitting(title: str, columns: int) -> str:
    """As much of a title as fits between the three lights of a picture's window, in the middle of its upper edge."""
    from rnntui.paint.cells import clip

    return clip(title, max(0, int((columns * CELL[0] - 2 * LIGHTS) / TITLE_CHARACTER)))


async def _rest(app: RnntuiApp) -> bool:
    """Wait until the app is idle; False when it was left instead. Raises TimeoutError after `PATIENCE`."""
    resting = asyncio.ensure_future(app.idle())
    try:
        async with asyncio.timeout(PATIENCE):
            while app.return_code is None and not resting.done():
                await asyncio.wait({resting}, timeout=GLANCE)
    finally:
        resting.cancel()
    if app.return_code is not None:
        return False
    resting.result()
    return True
