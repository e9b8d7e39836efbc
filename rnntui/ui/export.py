"""Writes what a pane shows to a file: its values, its picture or its text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.color import Color
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME, TerminalTheme
from rich.text import Text

from rnntui.core.flow import Study
from rnntui.core.trace import Array, Trace
from rnntui.errors import BadInput
from rnntui.files import write
from rnntui.paint.painting import Painting
from rnntui.paint.safe import safe_text
from rnntui.scene import Cursor
from rnntui.ui.picture import portable


@dataclass(frozen=True)
class Table:
    """Values in rows, under the names of their columns."""

    names: Sequence[str]
    rows: Iterable[Sequence[object]]


LIGHT = 128
"""From this mean of red, green and blue on a page counts as light."""


def export(name: str, table: Callable[[], Table], painting: Painting, page: tuple[str, str]) -> None:
    """Write a pane to a file that does not exist yet; the name's end says how.

    `.csv`: its values. `.svg`: the picture. `.txt`: the picture as text. `page` is the background and foreground of the
    picture, such as #ffffff.
    Raises BadInput for another end, an existing file, or one that cannot be written.
    """
    kinds = {
        ".csv": lambda: _csv(table()),
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


def by_unit(trace: Trace, cursor: Cursor, columns: Mapping[str, Array]) -> Table:
    """Values of the cursor's layer and direction, each (T, H), as a row a step and unit."""

    def rows() -> Iterator[Sequence[object]]:
        for row, token in enumerate(trace.tokens):
            for unit in range(trace.hidden):
                values = [float(values[row, unit]) for values in columns.values()]
                yield row + 1, token, cursor.layer, cursor.direction, unit, *values

    return Table(("t", "token", "layer", "direction", "unit", *columns), rows())


def curves(study: Study) -> Table:
    """The natural logarithms of the norms of several cells, a row a step."""
    lines = {f"ln|dL/d{state}| {one.cell}": one.log_norms[state] for one in study.curves for state in one.states}
    rows = (
        (t, token, *(float(line[t - 1]) for line in lines.values())) for t, token in enumerate(study.trace.tokens, 1)
    )
    return Table(("t", "token", *lines), rows)


def _csv(table: Table) -> str:
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(table.names)
    rows.writerows([[repr(one) if isinstance(one, float) else one for one in row] for row in table.rows])
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
