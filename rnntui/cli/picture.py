"""The panes of the app as text, for a terminal, a pipe or a file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from typing import IO, TYPE_CHECKING

from rich.color import ColorSystem

from rnntui.cli import terminal
from rnntui.config import load
from rnntui.core.trace import Trace
from rnntui.home import find, read
from rnntui.paint import layout, why
from rnntui.paint.ascii import to_ascii
from rnntui.paint.painting import Line, Painting
from rnntui.paint.palette import Colours, Palette, palette

if TYPE_CHECKING:
    from rnntui.cli.export import Fill
    from rnntui.core.provenance import Explanation
    from rnntui.scene import Cursor

WIDTH = 120
SYSTEMS = {"truecolor": ColorSystem.TRUECOLOR, "256": ColorSystem.EIGHT_BIT, "16": ColorSystem.STANDARD, "none": None}


def as_text(
    trace: Trace,
    cursor: Cursor,
    explanation: Explanation | None,
    to_stdout: bool,
    ascii_: bool = False,
    second: Trace | None = None,
    names: tuple[str, str] = ("", ""),
) -> Fill:
    """What the app's panes show at a cursor, at the terminal's width; in colour only on a terminal.

    With a second trace the panes of both stand side by side, or one below the other, each under its name.
    In ASCII when that is asked for, and where the stream's encoding cannot carry it otherwise.
    """

    def paint(width: int, inks: Palette) -> Painting:
        if second is None:
            return layout.screen(trace, cursor, width, inks)
        return layout.lockstep((trace, second), names, cursor, width, inks)

    def words(width: int) -> list[str]:
        if explanation is None:
            return []
        return ["", why.title(explanation), *why.text(explanation, trace, width).split("\n")]

    return sheet(paint, to_stdout, ascii_, words)


def sheet(
    paint: Callable[[int, Palette], Painting],
    to_stdout: bool,
    ascii_: bool,
    words: Callable[[int], list[str]] = lambda _: [],
) -> Fill:
    """A painting at the terminal's width, and words below it; in colour only on a terminal."""
    width = max(40, shutil.get_terminal_size((WIDTH, 0)).columns)
    depth, inks = _looks() if to_stdout and sys.stdout.isatty() else ("none", palette(colours="none"))
    lines = [ink(line, SYSTEMS[depth]) for line in paint(width, inks).lines]
    return printed([*lines, *words(width)], to_stdout, ascii_)


def _looks() -> tuple[Colours, Palette]:
    """The depth of colour and the colours that the environment, the configuration or the app last time said."""
    paths = find()
    config, _ = load(None, paths.config_file)
    depth: Colours = "none" if os.environ.get("NO_COLOR") else config.colours or terminal.colours()
    return depth, palette(config.theme or read(paths.state_file)[0].theme, depth)


def printed(lines: list[str], to_stdout: bool, ascii_: bool) -> Fill:
    """Lines of text as bytes: in ASCII when that is asked for, and where the stream's encoding needs it."""
    encoding = (sys.stdout.encoding or "utf-8") if to_stdout else "utf-8"
    if ascii_ or not _fits(lines, encoding):
        lines = list(map(to_ascii, lines))

    def fill(stream: IO[bytes]) -> None:
        for line in lines:
            stream.write(f"{line}\n".encode(encoding, "replace"))

    return fill


def _fits(lines: Iterable[str], encoding: str) -> bool:
    try:
        for line in lines:
            line.encode(encoding)
    except UnicodeError:
        return False
    return True


def ink(line: Line, system: ColorSystem | None) -> str:
    """One painted line with the codes that a terminal of so many colours understands."""
    if system is None:
        return "".join(segment.text for segment in line).rstrip()
    return "".join(
        segment.style.render(segment.text, color_system=system) if segment.style else segment.text for segment in line
    )
