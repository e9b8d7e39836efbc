"""`rnntui step`: everything the Explore screen shows, as text or data."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from rnntui.cli.options import OneOf, scene_options

if TYPE_CHECKING:
    from pathlib import Path

    from rnntui.cli.export import Fill
    from rnntui.core.provenance import Explanation
    from rnntui.core.trace import Trace
    from rnntui.scene import Cursor, Scene

FORMATS = ("text", "json", "csv", "npz")


@click.command(short_help="Print every gate of every step, or write them as data.")
@scene_options
@click.option("--format", "form", type=OneOf("format", *FORMATS), default="text", help="What to write.  [text]")
@click.option("-o", "--out", metavar="FILE", help="Write there instead of standard output.")
@click.option("--weights", metavar="OUT", help="Save the parameters under torch's names (safetensors).")
@click.option("--load-weights", metavar="IN", help="Use these parameters instead of --seed and --init.")
@click.option("--at", type=int, metavar="T", help="The step to show; 0 is before reading.  [the last]")
@click.option("--ascii", "ascii_", is_flag=True, help="Draw with ASCII only (by itself where the output needs it).")
@click.option("--why", "asked", metavar="VALUE", help="Explain a value, such as 'f[2]' or 'L1.reverse.f[2]'.")
def step(
    *,
    form: str,
    out: str | None,
    weights: str | None,
    load_weights: str | None,
    at: int | None,
    asked: str | None,
    ascii_: bool,
    **given: Any,
) -> None:
    """Read TEXT with a recurrent cell and print every gate of every step.

    A TEXT of - is read from standard input.
    """
    from dataclasses import replace
    from pathlib import Path

    from rnntui.cli.options import scene_from
    from rnntui.cli.say import say
    from rnntui.errors import BadInput
    from rnntui.scene import parse

    for option, file in (("-o", out), ("--weights", weights), ("--load-weights", load_weights)):
        if file == "":
            raise BadInput(f"{option} names no file; write {option} FILE.")
    if out is not None and weights is not None and os.path.realpath(out) == os.path.realpath(weights):
        raise BadInput(f"--weights and -o are the same file, {out}; name two.")
    scene, notices = scene_from(given)
    if scene is None:
        raise BadInput("Nothing to read: give a TEXT, --file FILE or --scene SCENE.")
    if load_weights is not None:
        scene = replace(scene, weights=str(Path(load_weights).absolute()), weights_sha256="")
    if asked is not None and form in {"csv", "npz"}:
        raise BadInput(f"--why has no place in {form}; use --format text or json.")
    if ascii_ and form in {"csv", "npz"}:
        raise BadInput(f"--ascii has no place in {form}; use --format text, or json, which is ASCII always.")
    if form == "npz" and out is None and sys.stdout.isatty():
        raise BadInput("npz is binary and standard output is a terminal; write it to a file: -o FILE.npz.")
    for file in filter(None, (out, weights)):
        _check_target(Path(file))

    from rnntui.cli.asking import asking
    from rnntui.core.provenance import parse_ref, why
    from rnntui.core.trace import Trace

    with asking(scene) as ask:
        trace = ask("trace", scene)
        assert isinstance(trace, Trace)
        for notice in (*notices, *trace.notices):
            say(notice)
        cursor = _cursor(trace, scene, at, given["scene"] is not None, asked)
        explanation = why(trace, parse_ref(asked, cursor.t)) if asked is not None else None
        if explanation is not None:
            cursor = explanation.ref.cursor
        read = parse(trace.scene)
        fill = _fill(form, trace, cursor, explanation, line=str(read.at(cursor)), to_stdout=out is None, ascii_=ascii_)
        if weights is not None:
            ask("save_weights", read, Path(weights))
    _emit(fill, Path(out) if out is not None else None)


def _cursor(trace: Trace, scene: Scene, at: int | None, from_scene: bool, asked: str | None) -> Cursor:
    """Where to look: at --at, else where a given scene line stands, else at the last step.

    Raises BadInput for a step that the lane does not have.
    """
    from dataclasses import replace

    from rnntui.core.provenance import parse_ref
    from rnntui.errors import BadInput

    direction = parse_ref(asked, 0).direction if asked is not None else scene.direction
    low, high = (0, trace.steps) if direction == "forward" else (1, trace.steps + 1)
    last = high if direction == "forward" else low
    t = at if at is not None else (scene.t if from_scene else last)
    if not low <= t <= high:
        lane = "the backward lane" if direction == "backward" else "this text"
        raise BadInput(f"t = {t} is outside {low}…{high}, the steps of {lane}; choose --at between them.")
    return replace(scene.cursor, direction=direction, t=t)


def _fill(
    form: str,
    trace: Trace,
    cursor: Cursor,
    explanation: Explanation | None,
    *,
    line: str,
    to_stdout: bool,
    ascii_: bool,
) -> Fill:
    from rnntui.cli import export

    if form == "json":
        return export.as_json(trace, line, explanation)
    if form == "npz":
        return export.as_npz(trace, line)
    if form == "csv":
        from rnntui.paint.safe import safe_text

        return export.as_csv(trace, safe_text if to_stdout and sys.stdout.isatty() else str)
    from rnntui.cli.picture import as_text

    return as_text(trace, cursor, explanation, to_stdout, ascii_)


def _check_target(file: Path) -> None:
    """Refuse, before anything is computed, a file that cannot be written."""
    from rnntui.errors import BadInput

    if not file.name or file.is_dir():
        raise BadInput(f"{file} is a directory; name a file to write.")
    if not file.absolute().parent.is_dir():
        raise BadInput(f"There is no directory {file.absolute().parent} to write {file.name} in; make it first.")


def _emit(fill: Fill, out: Path | None) -> None:
    from rnntui.files import write

    if out is not None:
        write(out, fill)
        return
    fill(sys.stdout.buffer)
    sys.stdout.buffer.flush()
