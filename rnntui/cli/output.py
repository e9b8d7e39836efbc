"""Where a command's results go, and what it reads besides a text: the options that `step` and `grad` share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rnntui.cli.options import OneOf

if TYPE_CHECKING:
    from rnntui.cli.export import Fill
    from rnntui.core.trace import Trace
    from rnntui.scene import Cursor, Scene


def output_options(*formats: str, at: str = "the last") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options that say what to write and where, and with which weights."""
    options = (
        click.option("--format", "form", type=OneOf("format", *formats), default="text", help="What to write.  [text]"),
        click.option("-o", "--out", metavar="FILE", help="Write there instead of standard output."),
        click.option("--weights", metavar="OUT", help="Save the parameters under torch's names (safetensors)."),
        click.option("--at", type=int, metavar="T", help=f"The step to show; 0 is before reading.  [{at}]"),
        click.option("--ascii", "ascii_", is_flag=True, help="Draw with ASCII only (by itself where it must be)."),
    )

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@dataclass(frozen=True)
class Target:
    """The files that a command writes."""

    out: Path | None
    weights: Path | None

    @property
    def to_stdout(self) -> bool:
        """Whether the result goes to standard output."""
        return self.out is None

    def emit(self, fill: Fill) -> None:
        """Write a result where it belongs."""
        from rnntui.files import write

        if self.out is not None:
            write(self.out, fill)
            return
        fill(sys.stdout.buffer)
        sys.stdout.buffer.flush()


def target(out: str | None, weights: str | None) -> Target:
    """Where to write. Raises BadInput, before anything is computed, for what cannot be written."""
    from rnntui.errors import BadInput

    for option, file in (("-o", out), ("--weights", weights)):
        if file == "":
            raise BadInput(f"{option} names no file; write {option} FILE.")
    if out is not None and weights is not None and os.path.realpath(out) == os.path.realpath(weights):
        raise BadInput(f"--weights and -o are the same file, {out}; name two.")
    made = Target(Path(out) if out else None, Path(weights) if weights else None)
    for place in filter(None, (made.out, made.weights)):
        _check(place)
    return made


def scene_to_read(given: dict[str, Any]) -> tuple[Scene, tuple[str, ...]]:
    """The scene that the options say, with what a file of weights says of it, and what had to be said about both.

    Raises BadInput where nothing names a text, and where the file does not fit the options.
    """
    from rnntui.cli.given import chosen, scene_from
    from rnntui.errors import BadInput

    scene, notices = scene_from(given)
    if scene is None:
        raise BadInput("Nothing to read: give a TEXT, --file FILE or --scene SCENE.")
    if given["load_weights"] is None:
        return scene, notices
    from rnntui import lab

    scene, left_open = lab.adopt(scene, chosen(given))
    return scene, (*notices, *left_open)


def cursor_at(trace: Trace, cursor: Cursor, at: int | None, from_scene: bool) -> Cursor:
    """Where to look: at --at, else where a given scene line stands, else at the last step.

    Raises BadInput for a step that the lane does not have.
    """
    from rnntui.errors import BadInput

    low, high = (0, trace.steps) if cursor.direction == "forward" else (1, trace.steps + 1)
    last = high if cursor.direction == "forward" else low
    t = at if at is not None else (cursor.t if from_scene else last)
    if not low <= t <= high:
        lane = "the backward lane" if cursor.direction == "backward" else "this text"
        raise BadInput(f"t = {t} is outside {low}…{high}, the steps of {lane}; choose --at between them.")
    return replace(cursor, t=t)


def _check(file: Path) -> None:
    from rnntui.errors import BadInput

    if not file.name or file.is_dir():
        raise BadInput(f"{file} is a directory; name a file to write.")
    if not file.absolute().parent.is_dir():
        raise BadInput(f"There is no directory {file.absolute().parent} to write {file.name} in; make it first.")
