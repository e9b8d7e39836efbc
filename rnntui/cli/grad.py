"""`rnntui grad`: everything the Gradients screen shows, as text or data."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from rnntui.cli.options import gradient_options, scene_options
from rnntui.cli.output import cursor_at, output_options, scene_to_read, target

if TYPE_CHECKING:
    from rnntui.cli.export import Fill
    from rnntui.core.flow import Study
    from rnntui.core.trace import Trace
    from rnntui.scene import Cursor


@click.command(short_help="Print how the gradient of a loss flows back, or write it as data.")
@scene_options
@gradient_options
@output_options("text", "json", "csv", at="1")
def grad(
    *,
    form: str,
    out: str | None,
    weights: str | None,
    at: int | None,
    ascii_: bool,
    **given: Any,
) -> None:
    """Read TEXT with a recurrent cell and print how the gradient of a loss flows back to its first token.

    A TEXT of - is read from standard input.
    """
    from dataclasses import replace

    from rnntui.cli.say import say
    from rnntui.errors import BadInput
    from rnntui.scene import parse

    written = target(out, weights)
    scene, notices = scene_to_read(given)
    scene = replace(scene, activity="gradients")
    if ascii_ and form == "csv":
        raise BadInput("--ascii has no place in csv; use --format text, or json, which is ASCII always.")

    from rnntui.cli.asking import asking
    from rnntui.core.flow import Study
    from rnntui.core.placed import unknown_symbol
    from rnntui.names import COMPARED

    with asking(scene) as ask:
        beside = (name for name in COMPARED if name != scene.cell and form == "text")
        study = ask("study", scene, (scene.cell, *beside))
        assert isinstance(study, Study)
        found = study.gradients
        lost = unknown_symbol(scene, found.trace)
        for notice in (*notices, *found.trace.notices, *found.notices, *lost):
            say(notice)
        start = replace(scene.cursor, symbol="") if lost else scene.cursor
        cursor = _place(found.trace, start, at, given["scene"] is not None)
        read = parse(found.trace.scene)
        fill = _fill(form, study, cursor, line=str(read.at(cursor)), to_stdout=written.to_stdout, ascii_=ascii_)
        if written.weights is not None:
            ask("save_weights", read, written.weights)
    written.emit(fill)


def _place(trace: Trace, cursor: Cursor, at: int | None, from_scene: bool) -> Cursor:
    """Where to look: at --at, else where a given scene line stands, which may be at the loss; else at the first token.

    Raises BadInput for a step that the lane does not have.
    """
    from rnntui.scene import PAST_THE_END

    loss = trace.steps + 1 if cursor.direction == "forward" else 0
    if at is None and from_scene and cursor.t == loss and cursor.walk == "back":
        return cursor
    unsaid = not from_scene or cursor.t == PAST_THE_END
    return cursor_at(trace, cursor, 1 if at is None and unsaid else at, True)


def _fill(form: str, study: Study, cursor: Cursor, *, line: str, to_stdout: bool, ascii_: bool) -> Fill:
    from rnntui.cli import export_gradients

    if form == "json":
        return export_gradients.as_json(study.gradients, study.curves[0], line)
    if form == "csv":
        from rnntui.paint.safe import safe_text

        return export_gradients.as_csv(study.gradients, safe_text if to_stdout and sys.stdout.isatty() else str)
    from rnntui.cli.picture import sheet
    from rnntui.paint import gradient_sheet

    return sheet(lambda width, inks: gradient_sheet.screen(study, cursor, width, inks), to_stdout, ascii_)
