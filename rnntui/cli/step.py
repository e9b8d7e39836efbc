"""`rnntui step`: everything the Explore screen shows, as text or data."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from rnntui.cli.options import scene_options
from rnntui.cli.output import cursor_at, output_options, scene_to_read, target

if TYPE_CHECKING:
    from rnntui.cli.export import Fill
    from rnntui.core.provenance import Explanation
    from rnntui.core.trace import Trace
    from rnntui.scene import Cursor, Scene

FORMATS = ("text", "json", "csv", "npz")


@click.command(short_help="Print every gate of every step, or write them as data.")
@scene_options
@output_options(*FORMATS)
@click.option("--why", "asked", metavar="VALUE", help="Explain a value, such as 'f[2]' or 'L1.reverse.f[2]'.")
def step(
    *,
    form: str,
    out: str | None,
    weights: str | None,
    at: int | None,
    asked: str | None,
    ascii_: bool,
    **given: Any,
) -> None:
    """Read TEXT with a recurrent cell and print every gate of every step.

    A TEXT of - is read from standard input.
    """
    from rnntui.cli.say import say
    from rnntui.errors import BadInput
    from rnntui.scene import parse

    written = target(out, weights)
    scene, notices = scene_to_read(given)
    if asked is not None and form in {"csv", "npz"}:
        raise BadInput(f"--why has no place in {form}; use --format text or json.")
    if ascii_ and form in {"csv", "npz"}:
        raise BadInput(f"--ascii has no place in {form}; use --format text, or json, which is ASCII always.")
    if form == "npz" and written.to_stdout and sys.stdout.isatty():
        raise BadInput("npz is binary and standard output is a terminal; write it to a file: -o FILE.npz.")

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
        line = str(read.at(cursor))
        fill = _fill(form, trace, cursor, explanation, line=line, to_stdout=written.to_stdout, ascii_=ascii_)
        if written.weights is not None:
            ask("save_weights", read, written.weights)
    written.emit(fill)


def _cursor(trace: Trace, scene: Scene, at: int | None, from_scene: bool, asked: str | None) -> Cursor:
    from dataclasses import replace

    from rnntui.core.provenance import parse_ref

    direction = parse_ref(asked, 0).direction if asked is not None else scene.direction
    return cursor_at(trace, replace(scene.cursor, direction=direction), at, from_scene)


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
