"""Writes what a pane shows to a file: its values, its picture or its text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from rnntui.core.trace import Trace
from rnntui.errors import BadInput
from rnntui.files import reason, write
from rnntui.paint.painting import Painting
from rnntui.paint.safe import safe_text
from rnntui.scene import Cursor
from rnntui.ui.picture import portable


def export(name: str, trace: Trace, cursor: Cursor, symbols: Sequence[str], painting: Painting) -> None:
    """Write a pane to a file that does not exist yet; the name's end says how.

    `.csv`: the values of the symbols in the cursor's layer and direction, a row a step and unit. `.svg`: the picture.
    `.txt`: the picture as text. Raises BadInput for another end, an existing file, or one that cannot be written.
    """
    file = Path(name).expanduser()
    kinds = {
        ".csv": lambda: _csv(trace, cursor, symbols),
        ".svg": lambda: _svg(painting),
        ".txt": lambda: painting.text() + "\n",
    }
    make = kinds.get(file.suffix.lower())
    if make is None:
        raise BadInput(f"'{safe_text(name, 80)}' says no kind of file; end the name in .csv, .svg or .txt.")
    if file.exists():
        raise BadInput(f"'{safe_text(name, 80)}' exists already and is left as it is; choose another name.")
    content = make().encode()
    try:
        write(file, lambda stream: stream.write(content))
    except (OSError, ValueError) as error:
        raise BadInput(f"'{safe_text(name, 80)}' cannot be written: {reason(error)}.") from None


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


def _svg(painting: Painting) -> str:
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
    return portable(console.export_svg(title="rnntui"))
