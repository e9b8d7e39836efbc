"""`rnntui step`: everything the Explore screen shows, as text or data."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from rnntui.cli.options import VERSUS, scene_options
from rnntui.cli.output import cursor_at, output_options, scene_to_read, target

if TYPE_CHECKING:
    from rnntui.cli.asking import Ask
    from rnntui.cli.export import Fill
    from rnntui.core.provenance import Explanation
    from rnntui.core.trace import Trace
    from rnntui.scene import Cursor, Scene

FORMATS = ("text", "json", "csv", "npz")


@click.command(short_help="Print every gate of every step, or write them as data.")
@scene_options
@output_options(*FORMATS)
@VERSUS
@click.option("--difference", is_flag=True, help="With --versus or --set: every value less the other's.")
@click.option("--why", "asked", metavar="VALUE", help="Explain a value, such as 'f[2]' or 'L1.reverse.f[2]'.")
def step(
    *,
    form: str,
    out: str | None,
    weights: str | None,
    at: int | None,
    asked: str | None,
    ascii_: bool,
    difference: bool,
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
    if difference:
        scene = _apart(scene)
    if scene.versus and not difference and form in {"csv", "npz"}:
        raise BadInput(f"Two networks have no place in one {form}; use --format text or json, or add --difference.")
    if asked is not None and form in {"csv", "npz"}:
        raise BadInput(f"--why has no place in {form}; use --format text or json.")
    if ascii_ and form in {"csv", "npz"}:
        raise BadInput(f"--ascii has no place in {form}; use --format text, or json, which is ASCII always.")
    if form == "npz" and written.to_stdout and sys.stdout.isatty():
        raise BadInput("npz is binary and standard output is a terminal; write it to a file: -o FILE.npz.")

    from rnntui.cli.asking import asking
    from rnntui.core.placed import unknown_symbol
    from rnntui.core.provenance import parse_ref, why
    from rnntui.versus import names

    with asking(scene) as ask:
        trace, second = _traces(ask, scene)
        lost = unknown_symbol(scene, trace)
        for notice in (*notices, *trace.notices, *lost):
            say(notice)
        start = replace(scene, symbol="") if lost else scene
        cursor = _cursor(trace, start, at, given["scene"] is not None, asked)
        explanation = why(trace, parse_ref(asked, cursor.t)) if asked is not None else None
        if explanation is not None:
            cursor = explanation.ref.cursor
        read = parse(trace.scene)
        line = str(read.at(cursor))
        shown = Shown(trace, cursor, explanation, second, names(scene) if second is not None else ("", ""))
        if difference:
            shown = shown.difference()
        fill = _fill(form, shown, line=line, to_stdout=written.to_stdout, ascii_=ascii_)
        if written.weights is not None:
            ask("save_weights", read, written.weights)
    written.emit(fill)


def _cursor(trace: Trace, scene: Scene, at: int | None, from_scene: bool, asked: str | None) -> Cursor:
    from rnntui.core.provenance import parse_ref
    from rnntui.scene import PAST_THE_END

    direction = parse_ref(asked, 0).direction if asked is not None else scene.direction
    cursor = replace(scene.cursor, direction=direction)
    if at is None and scene.activity == "gradients" and cursor.t in {0, trace.steps + 1, PAST_THE_END}:
        return trace.clamp(cursor)  # the walk back begins one step past the reading's end
    return cursor_at(trace, cursor, at, from_scene)


@dataclass(frozen=True)
class Shown:
    """What is written: a trace, where to look, and what stands beside it."""

    trace: Trace
    cursor: Cursor
    explanation: Explanation | None
    second: Trace | None
    names: tuple[str, str]

    def difference(self) -> Shown:
        """The difference of the two instead of both. Raises BadInput where they share no state."""
        from rnntui.core.lockstep import difference, shared
        from rnntui.errors import BadInput

        assert self.second is not None
        if not shared(self.trace, self.second):
            raise BadInput(
                f"{self.trace.cell} and {self.second.cell} have no difference: they share no state of the same size; "
                "leave out --difference."
            )
        return replace(self, trace=difference(self.trace, self.second), second=None)


def _apart(scene: Scene) -> Scene:
    """The scene with what it is told apart from; where nothing is named, the untouched network."""
    from rnntui.errors import BadInput
    from rnntui.versus import UNTOUCHED

    if scene.versus:
        return scene
    if not scene.set:
        raise BadInput("--difference needs something to differ from; add --versus or --set.")
    return replace(scene, versus=UNTOUCHED)


def _traces(ask: Ask, scene: Scene) -> tuple[Trace, Trace | None]:
    from rnntui.core.trace import Trace

    if not scene.versus:
        trace = ask("trace", scene)
        assert isinstance(trace, Trace)
        return trace, None
    both = ask("lockstep", scene)
    assert isinstance(both, tuple)
    return both


def _fill(form: str, shown: Shown, *, line: str, to_stdout: bool, ascii_: bool) -> Fill:
    from rnntui.cli import export

    if form == "json":
        return export.as_json(shown.trace, line, shown.explanation, shown.second)
    if form == "npz":
        return export.as_npz(shown.trace, line)
    if form == "csv":
        from rnntui.paint.safe import safe_text

        return export.as_csv(shown.trace, safe_text if to_stdout and sys.stdout.isatty() else str)
    from rnntui.cli.picture import as_text

    return as_text(shown.trace, shown.cursor, shown.explanation, to_stdout, ascii_, shown.second, shown.names)
