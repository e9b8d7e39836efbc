"""Writes what a pane shows to a file: its values, its picture or its text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.color import Color
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME, TerminalTheme
from rich.text import Text

from rnntui.core.trace import Trace
from rnntui.errors import BadInput
from rnntui.files import write
from rnntui.paint.painting import Painting
from rnntui.paint.safe import safe_text
from rnntui.scene import Cursor
from rnntui.ui.picture import portable

LIGHT = 128
"""From this mean of red, green and blue on a page counts as light."""


def export(
    name: str, trace: Trace, cursor: Cursor, symbols: Sequence[str], painting: Painting, page: tuple[str, str]
) -> None:
    """Write a pane to a file that does not exist yet; the name's end says how.

    `.csv`: the values of the symbols in the cursor's layer and direction, a row a step and unit. `.svg`: the picture.
    `.txt`: the picture as text. `page` is the background and foreground of the picture, such as #ffffff.
    Raises BadInput for another end, an existing file, or one that cannot be written.
    """
    kinds = {
        ".csv": lambda: _csv(trace, cursor, symbols),
        ".svg": lambda: _svg(painting, page),
        ".txt": lambda: painting.text() + "\n",
    }
    make = kinds.get(Path(name).suffix.lower())
    if make is None:
        raise BadInput(f"'{safe_text(name, 80)}' says no kind of file; end the name in .csv, .svg or .txt.")
    with _said(name):
        file = Path(name).expanduser()
        taken = file.exists()
    if taken:
        raise BadInput(f"'{safe_text(name, 80)}' exists already and is left as it is; choose another name.")
    content = make().encode()
    with _said(name):
        write(file, lambda stream: stream.write(content))


@contextmanager
def _said(name: str) -> Iterator[None]:
    """Turn what the file system refuses into a sentence."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
        raise BadInput(f"'{safe_text(name, 80)}' cannot be written: {why.rstrip('.')}; name another file.") from None


def _csv(trace: Trace, cursor: Cursor, symbols: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(["t", "token", "layer", "direction", "unit", *symbols])
    one = trace.of(cursor.layer, cursor.direction)
    for row, token in enumerate(trace.tokens):
        for unit in range(trace.hidden):
            values = [repr(float(one.values[symbol][row, unit])) for symbol in symbols]
            rows.writerow([row + 1, token, one.layer, one.direction, unit, *values])
    return out.getvalue()


def _svg(painting: Painting, page: tuple[str, str]) -> str:
    width = max((sum(segment.cell_length for segment in line) for line in painting.lines), default=1)
    console = Console(
        record=True,
        width=max(1, width),
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    for line in painting.lines:
        text = Text(no_wrap=True, end="\n")
        for segment in line:
            text.append(segment.text, segment.style)
        console.print(text, soft_wrap=True)
    return portable(console.export_svg(title="rnntui", theme=_page(*page)))


def _page(background: str, foreground: str) -> TerminalTheme:
    """The page of a picture; the sixteen named colours are those that are readable on it."""
    below, ink = Color.parse(background).get_truecolor(), Color.parse(foreground).get_truecolor()
    named = (DEFAULT_TERMINAL_THEME if sum(below) >= 3 * LIGHT else SVG_EXPORT_THEME).ansi_colors
    colours: list[tuple[int, int, int]] = [named[number] for number in range(16)]
    return TerminalTheme(below, ink, colours[:8], colours[8:])
