"""What is asked about a training before it is changed; answered by another training, a turned knob, or nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rnntui.cellname import own_cell
from rnntui.errors import BadInput
from rnntui.names import cell_about
from rnntui.training.progress import Progress
from rnntui.training.record import KNOB_RANGES, TASTE, Change, Knobs
from rnntui.training.shelf import unfinished
from rnntui.training.spec import CELLS, PRESETS, CharModelSpec, preset
from rnntui.ui.activities import ACTIVITIES
from rnntui.ui.escapes import escaped, unescaped
from rnntui.ui.help import spoken
from rnntui.ui.screens.ask import ChoiceScreen, LineScreen
from rnntui.ui.screens.owncell import OWN, OWN_WORDS, typed_cell

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

Asked = Progress | Change | None
KNOBS: Final = {
    "temperature": "temperature: how boldly it writes, 0 takes the most probable",
    "learning_rate": "learning rate: how far an update goes; it falls towards the end",
    "clip": "clip: the largest norm of a gradient, 0 is no limit",
    "sequence": "truncation: how many steps a gradient flows back",
    "top_k": "top-k: only so many characters may be written, 0 is all",
    "top_p": "top-p: only the most probable ones, up to this share",
}
WHOLE: Final = ("sequence", "top_k")


def left_unfinished(runs: Path, remapped: Mapping[str, str]) -> str:
    """A sentence about the newest run that was left unfinished, if nobody trains in it; else nothing."""
    kept = unfinished(runs)
    if kept is None or kept.taken:
        return ""
    shows = spoken(remapped.get("app.train", next(one.key for one in ACTIVITIES if one.name == "train")))
    goes_on = spoken(remapped.get("train.go", "space"))
    where = f"{kept.name} was left at step {kept.step:,} of {kept.spec.steps:,}"
    return f"{where}: {shows} shows it, then {goes_on} goes on with it."


def knobs(progress: Progress) -> Knobs:
    """How the knobs stand."""
    return progress.snapshot.knobs if progress.snapshot is not None else Knobs.of(progress.spec)


def kept_taste(before: Knobs) -> tuple[Change, ...]:
    """What the next run keeps of the knobs of the one before: how it samples, not how it learns."""
    usual = {field.name: field.default for field in fields(Knobs)}
    return tuple(Change(name, getattr(before, name)) for name in TASTE if getattr(before, name) != usual[name])


async def cell(app: RnntuiApp, progress: Progress) -> Asked:
    """Another cell, with the settings that suit it in the same time, on the same text.

    One of one's own is still to be read.
    """
    choices = [(name, f"{name:<18}{cell_about(name)}") for name in CELLS]
    choices.append((OWN, OWN_WORDS))
    now = progress.spec.cell
    current = OWN if own_cell(now) is not None else now
    chosen = await app.push_screen_wait(ChoiceScreen("Which cell is to learn?", choices, current))
    if chosen == OWN:
        chosen = await typed_cell(app, now if current == OWN else stepped(app))
    elif chosen == now:
        return None
    if chosen is None:
        return None
    return replace(progress, spec=on_the_same_text(preset(progress.seconds, chosen), progress.spec))


def on_the_same_text(spec: CharModelSpec, before: CharModelSpec) -> CharModelSpec:
    """The spec with what was learned from before, so that the two curves can be compared."""
    return replace(spec, corpus=before.corpus, file=before.file)


def stepped(app: RnntuiApp) -> str:
    """The cell of one's own that the other activities step, or nothing."""
    look = app.activity.newest() if app.activity is not None else None
    return look.scene.cell if look is not None and own_cell(look.scene.cell) is not None else ""


async def seconds(app: RnntuiApp, progress: Progress) -> Asked:
    """Another length, with what is worth training in it; the text stays, and a cell of one's own."""
    choices = [(str(one), _described(one)) for one in PRESETS]
    label = "About how long is it to learn?"
    chosen = await app.push_screen_wait(ChoiceScreen(label, choices, str(progress.seconds)))
    if chosen is None:
        return None
    time, now = int(chosen), progress.spec
    spec = on_the_same_text(preset(time, now.cell if now.equations else None), now)
    spec = replace(spec, cell_sha256=now.cell_sha256, equations=now.equations)
    if time == progress.seconds and replace(spec, sha256=now.sha256, steps=now.steps) == now:
        return None
    return replace(progress, spec=spec, seconds=time)


async def knob(app: RnntuiApp, progress: Progress) -> Asked:
    """A knob, then its value. Raises BadInput for one that does not fit."""
    now = knobs(progress)
    choices = [(name, f"{getattr(now, name):<10g}{about}") for name, about in KNOBS.items()]
    chosen = await app.push_screen_wait(ChoiceScreen("Which knob? It turns while the training runs.", choices))
    if chosen is None:
        return None
    low, high = KNOB_RANGES[chosen]
    asking = LineScreen(f"{KNOBS[chosen]} ({low:g}…{high:g})", f"{getattr(now, chosen):g}", selected=True)
    line = await app.push_screen_wait(asking)
    if line is None or not line.strip():
        return None
    try:
        value = float(line)
    except ValueError:
        raise BadInput(f"'{line.strip()}' is no number; type one between {low:g} and {high:g}.") from None
    called = KNOBS[chosen].partition(":")[0]
    if not low <= value <= high:
        raise BadInput(f"A {called} of {value:g} is outside {low:g}…{high:g}; choose a number between them.")
    if chosen in WHOLE and value != int(value):
        raise BadInput(f"A {called} of {value:g} is no whole number; choose one between {low:g} and {high:g}.")
    return Change(chosen, value)


async def prime(app: RnntuiApp, progress: Progress) -> Asked:
    """The text that what it writes goes on from."""
    hint = "Enter has it go on from this · \\n new line, \\\\ backslash · Escape leaves it"
    asking = LineScreen("What it goes on from", escaped(knobs(progress).prime), hint, verbatim=True)
    line = await app.push_screen_wait(asking)
    return Change("prime", unescaped(line)) if line is not None else None


def _described(seconds: int) -> str:
    spec = PRESETS[seconds]
    time = f"{seconds} s" if seconds < 120 else f"{seconds // 60} minutes"
    return f"{time:<12}{spec.cell}, {spec.hidden} units"


CHANGES: Final[dict[str, Callable[[RnntuiApp, Progress], Awaitable[Asked]]]] = {
    "cell": cell,
    "seconds": seconds,
    "knob": knob,
    "prime": prime,
}
