"""One line about how a training goes, one with its numbers, one with the way through its time."""

from __future__ import annotations

import math
from typing import Final

from rnntui.errors import counted
from rnntui.paint.bits import best, lowest
from rnntui.paint.cells import Brush
from rnntui.paint.cells import width as columns_of
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.safe import safe_text
from rnntui.paint.writing import length
from rnntui.scene import Cursor
from rnntui.training.progress import Progress
from rnntui.training.record import Snapshot
from rnntui.training.shelf import Kept

STATES: Final = {
    "starting": "starting",
    "training": "training",
    "paused": "paused",
    "stopping": "stopping",
    "stopped": "stopped",
    "finished": "finished",
    "unkept": "not kept",
    "broken": "broken off",
}
SLIDER: Final = 30


def sentence(progress: Progress, width: int = 1 << 16) -> str:
    """What the numbers mean, in one sentence with the numbers in it: the longest one that fits, or the shortest."""
    found = _sentences(progress)
    return next((one for one in found if columns_of(one) <= width), found[-1])


def _sentences(progress: Progress) -> tuple[str, ...]:
    """The same in ever fewer words."""
    snapshot, past = progress.snapshot, progress.past
    if progress.offered is not None and not progress.live and past is None:
        return offer(progress.offered, snapshot.step if snapshot is not None else progress.offered.step)
    if past is not None:
        here = f"odel as it was after {counted(past.step, 'step')}"
        return (
            f"This is the m{here}; < and > go on in time, Escape returns.",
            f"The m{here}; < and > go on, Escape returns.",
            f"As it was after {counted(past.step, 'step')}; Escape returns.",
            f"After {counted(past.step, 'step')}; Escape returns.",
        )
    if snapshot is not None and snapshot.stopped:
        return _exploded(snapshot)
    if progress.state in ("broken", "unkept"):
        return _unkept(snapshot) if snapshot is not None and progress.state == "unkept" else _broken(snapshot)
    if snapshot is None:
        return _before(progress)
    passes = progress.state == "training" or snapshot.val_step < snapshot.step
    return _final(snapshot) or _measured(snapshot.val_bpc, best(progress), snapshot.val_step if passes else None)


def _before(progress: Progress) -> tuple[str, ...]:
    """What is going to be trained, which can be chosen until it begins."""
    plan = planned(progress)
    if progress.state == "starting":
        return f"It begins: {plan}.", "It begins."
    return (
        f"c chooses the cell, d how long it learns: {plan}.",
        f"c cell, d how long: {plan}.",
        "c cell, d how long it learns.",
    )


def _final(snapshot: Snapshot) -> tuple[str, ...]:
    """At the end, what all of the text says that was held out; nothing before."""
    if not math.isfinite(snapshot.final_bpc):
        return ()
    longest, *_, shortest = _measured(snapshot.final_bpc, lowest(snapshot.final_baselines))
    return (
        f"On all text held out, i{longest[1:]}",
        f"On all text held out: {shortest[0].lower()}{shortest[1:]}",
        shortest,
    )


def _broken(snapshot: Snapshot | None) -> tuple[str, ...]:
    """Where its process died, and the way on."""
    where = f"at step {snapshot.step:,}" if snapshot is not None else "before its first step"
    return (
        f"The training broke off {where}; Space goes on from what was kept.",
        f"Broken off {where}; Space goes on.",
        "Broken off; Space goes on.",
    )


def _unkept(snapshot: Snapshot) -> tuple[str, ...]:
    """What its last model was worth, should all steps have been made, and from where one can go on without it."""
    lost = f"The model of step {snapshot.step:,} could not be kept"
    then = f"Space goes on from step {snapshot.kept[-1]:,}" if snapshot.kept else "Space begins anew"
    measured = tuple(f"{one} {lost}; {then}." for one in _final(snapshot)[:1])
    return *measured, f"{lost}; {then}.", f"Not kept; {then}.", f"Not kept; {then.partition(' from')[0]}."


def _exploded(snapshot: Snapshot) -> tuple[str, ...]:
    """Where it had to stop, and the way on."""
    if not snapshot.stopped_at:
        return (
            "Its initial weights explode at any learning rate: c chooses another cell, r begins with it.",
            "Its initial weights explode: c chooses another cell, r begins.",
            "Initial weights explode: c, then r.",
        )
    where = f"xploded at step {snapshot.stopped_at:,}: n lowers the learning rate"
    then = f"Space goes on from step {snapshot.step:,}" if snapshot.kept else "Space begins anew"
    return (
        f"The training e{where} or the clip, then {then}.",
        f"It e{where}, {then}.",
        f"Exploded: n, then {then}.",
        "Exploded: n, then Space.",
    )


def offer(kept: Kept, step: int) -> tuple[str, ...]:
    """What can be done with a run that was left unfinished, at a step that could be read."""
    name = safe_text(kept.name, 40)
    if kept.taken:
        return (
            f"Another rnntui trains {name}, so here it can only be looked at; r trains it anew, Escape leaves it.",
            "Another rnntui trains this run: look at it only; r trains anew, Escape leaves.",
            "Another rnntui trains this; Escape leaves it.",
            "Trained elsewhere; Escape leaves it.",
        )
    where = f"eft at step {step:,} of {kept.spec.steps:,}"
    return (
        f"{name} was l{where}: Space goes on with it, r trains it anew, Escape puts it aside.",
        f"L{where}: Space goes on, r anew, Escape puts it aside.",
        f"L{where}: Space goes on.",
        f"Left at step {step:,}: Space goes on.",
    )


def _measured(bits: float, baseline: tuple[int, float] | None, at: int | None = None) -> tuple[str, ...]:
    """What so many bits per character mean, and beside what; at last only that. They are of now, or of a step."""
    it = "It guesses" if at is None else f"At step {at:,} it guessed"
    words = f"{it} as if among {2**bits:.1f} characters"
    if baseline is None:
        return f"{words}: {bits:.2f} bits.", f"{bits:.2f} bits per character."
    order, counted = baseline
    apart = f"{abs(bits - counted):.2f}"
    better = f"{apart} bits {'worse' if bits > counted else 'better'} than"
    beside = better if float(apart) else "as good as"
    then = () if at is None else (f"At step {at:,} it was {beside} counting {order}-grams.",)
    return (
        f"{words}; {beside} counting {order}-grams.",
        f"{words}; {beside} {order}-grams.",
        *then,
        f"{beside[0].upper()}{beside[1:]} {order}-grams.",
    )


def paint_sentence(progress: Progress, _cursor: Cursor, width: int, _height: int, palette: Palette) -> Painting:
    """The sentence on one line, in as many words as there is room for."""
    stopped = progress.snapshot is not None and bool(progress.snapshot.stopped)
    warns = stopped or progress.state in ("broken", "unkept") or progress.elsewhere
    style = palette.notice if warns else palette.text
    return Brush(width, 1).line().add(sentence(progress, width), style).painting()


def numbers(progress: Progress) -> list[str]:
    """The numbers of the newest snapshot, the most wanted first."""
    snapshot = progress.snapshot
    state = "trained elsewhere" if progress.elsewhere else STATES.get(progress.state, "")
    if snapshot is None:
        return [state]
    steps = f"step {snapshot.step:,} of {snapshot.spec.steps:,}"
    found = [f"now {state}" if progress.past is not None else state, steps, f"{snapshot.seconds:.0f} s"]
    if progress.state == "training" and snapshot.step:
        found.append(f"{snapshot.seconds_left:.0f} s left")
    if snapshot.characters_per_second:
        found.append(f"{snapshot.characters_per_second / 1000:.3g} k chars/s")
    if math.isfinite(snapshot.gradient_norm):
        clipped = snapshot.knobs.clip and snapshot.gradient_norm > snapshot.knobs.clip
        limit = f" clipped to {snapshot.knobs.clip:g}" if clipped else ""
        found.append(f"gradient norm {snapshot.gradient_norm:.2g}{limit}")
    return [*found, f"lr {snapshot.learning_rate:.2g}", f"{snapshot.parameters:,} parameters"]


def paint_time(progress: Progress, _cursor: Cursor, width: int, _height: int, palette: Palette) -> Painting:
    """The way through the steps that are kept, with where one stands, then the numbers, as many as fit."""
    brush = Brush(width, 1).line()
    if progress.snapshot is None:
        return brush.add(numbers(progress)[0], palette.dim).painting()
    room = min(SLIDER, width // 4)
    last = max(progress.snapshot.step, progress.step, 1)
    marks = {round(step / last * (room - 1)) for step in progress.kept if step <= last}
    here = round(progress.step / last * (room - 1))
    brush.add("time ├", palette.dim)
    for place in range(room):
        if place == here:
            brush.add("●", palette.cursor)
        else:
            brush.add("┼" if place in marks else "─", palette.faint)
    brush.add("┤", palette.dim)
    for place, words in enumerate(numbers(progress)):
        apart = " · " if place else " "
        if brush.column + columns_of(apart + words) > width:
            break
        brush.add(apart, palette.faint).add(words, palette.text)
    return brush.painting()


def network(progress: Progress) -> str:
    """What is trained, or would be, and what is chosen for the run after it, in a few words."""
    spec = progress.snapshot.spec if progress.snapshot is not None else progress.spec
    words = [spec.cell_title, counted(spec.hidden, "unit")]
    if spec.layers > 1:
        words.append(counted(spec.layers, "layer"))
    words.append(f"seed {spec.seed}")
    if progress.snapshot is not None and not progress.again:
        words.append(f"next: {planned(progress)}")
    return safe_text(" · ".join(words))


def planned(progress: Progress) -> str:
    """What the next run trains, in a few words: gru with 256 units for 60 s."""
    return f"{progress.spec.cell_title} with {counted(progress.spec.hidden, 'unit')} for {length(progress)}"
