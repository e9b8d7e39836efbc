"""`rnntui grad`: everything the Gradients screen shows, as text or data."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from rnntui.cli.options import gradient_options, scene_options
from rnntui.cli.output import cursor_at, output_options, scene_to_read, target

if TYPE_CHECKING:
    from rnntui.cli.export import Fill
    from rnntui.core.flow import Curve, Gradients
    from rnntui.scene import Cursor


@click.command(short_help="Print how the gradient of a loss flows back, or write it as data.")
@scene_options
@gradient_options
@output_options("text", "json", "csv")
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

    with asking(scene) as ask:
        study = ask("study", scene, (scene.cell,))
        assert isinstance(study, Study)
        found, curve = study.gradients, study.curves[0]
        for notice in (*notices, *found.trace.notices, *found.notices):
            say(notice)
        cursor = cursor_at(found.trace, scene.cursor, at, given["scene"] is not None)
        read = parse(found.trace.scene)
        fill = _fill(form, found, curve, cursor, line=str(read.at(cursor)), to_stdout=written.to_stdout, ascii_=ascii_)
        if written.weights is not None:
            ask("save_weights", read, written.weights)
    written.emit(fill)


def _fill(
    form: str, found: Gradients, curve: Curve, cursor: Cursor, *, line: str, to_stdout: bool, ascii_: bool
) -> Fill:
    from rnntui.cli import export_gradients

    if form == "json":
        return export_gradients.as_json(found, curve, line)
    if form == "csv":
        from rnntui.paint.safe import safe_text

        return export_gradients.as_csv(found, safe_text if to_stdout and sys.stdout.isatty() else str)
    from rnntui.cli.picture import printed

    return printed(_text(found, curve, cursor), to_stdout, ascii_)


def _text(found: Gradients, curve: Curve, cursor: Cursor) -> list[str]:
    """The norms of the lane under the cursor at every step, and one sentence about the curve."""
    from rnntui.paint.safe import safe_text

    one = found.of(cursor.layer, cursor.direction)
    norms = {state: one.norms(state) for state in curve.states}
    lines = ["".join([f"{'t':>7}  {'token':12}", *(f"{f'd{state}_norm':>12}" for state in norms)])]
    for row, token in enumerate(found.trace.tokens):
        numbers = "".join(f"{values[row]:12.4e}" for values in norms.values())
        lines.append(f"{row + 1:7}  {safe_text(token):12}{numbers}{'' if found.reached[row] else '  cut off'}")
    return [*lines, "", _sentence(curve)]


def _sentence(curve: Curve) -> str:
    """What the gradient of the memory does on its way back."""
    norm = f"‖dL/d{curve.memory}‖"
    if curve.overflow is not None:
        return f"{norm} overflows at t = {curve.overflow}."
    if curve.rate is None:
        return f"{norm} is there at one step at most, so it has no rate."
    if curve.half_life is None:
        import math

        return f"{norm} grows {math.expm1(curve.rate):.1%} with each step back."
    alone = f" ({curve.gate} alone: {curve.gate_half_life:.3g})" if curve.gate_half_life is not None else ""
    return f"{norm} halves every {curve.half_life:.3g} steps back{alone}."
