"""The sentence below the curves: how long the gradient lasts here, computed from the curves on the screen."""

from __future__ import annotations

from math import ceil
from typing import Final

import numpy as np

from rnntui import inits
from rnntui.core.expression import added
from rnntui.core.flow import Curve, Study
from rnntui.errors import counted
from rnntui.names import cell_names
from rnntui.paint import pace
from rnntui.paint.cells import Brush, width
from rnntui.paint.diagram import cell_name
from rnntui.paint.magnitude import said, signed
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.series import own
from rnntui.paint.wrap import wrap
from rnntui.scene import Cursor, Scene, parse

OPEN: Final = 3.0
"""A forget bias with which the gate is open: σ(3) = 0.95."""
TIMES: Final = {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times"}


def paint(study: Study, _cursor: Cursor, columns: int, height: int, palette: Palette) -> Painting:
    """The longest sentence that fits, else the shortest, cut."""
    texts = sentences(study)
    choices = [wrap(text, columns, height) for text in texts]
    fitting = (lines for lines in choices if not (lines and lines[-1].endswith("…")))
    brush = Brush(columns, height)
    for line in next(fitting, choices[texts.index(min(texts, key=width))]):
        brush.line().add(line, palette.text)
    return brush.painting()


def sentences(study: Study) -> list[str]:
    """What the curves say, in every length there is, the longest first."""
    scene, curve = parse(study.trace.scene), own(study)
    if curve.lost is not None:
        return _lost(curve)
    told, brief = f"{_whose(curve)} {_pace(curve)}", f"{cell_name(curve.cell)}: {_pace(curve)}."
    paceless = _paceless(study)
    if curve.gate is None:
        curves = _others(study)
        beside = "".join(f", {_beside(one, curve)}" for one in curves)
        advice = paceless or _advice(curve, curves)
        texts = [f"{_how(scene)} {told}{beside}.{advice}", f"{_upper(told)}.{advice}", f"{_upper(told)}.", brief]
        return _with_more(study, texts)
    how = _how(scene)
    alone = pace.like(curve.gate_rate, curve.rate)
    gate = f" (the gate alone: {alone})" if alone else ""
    others = [f", {_beside(one, curve)}" for one in reversed(_others(study))]
    hint = paceless or _hint(study, scene)
    return _with_more(
        study,
        [
            f"{how} {told}{gate}{''.join(others)}.{hint}",
            f"{how} {told}{''.join(others)}.{hint}",
            f"{how} {told}{gate}{''.join(others[:1])}.{hint}",
            f"{how} {told}{gate}.{hint}",
            f"{how} {told}.{hint}",
            f"{_upper(told)}.{hint}",
            f"{_upper(told)}.",
            brief,
        ],
    )


def _lost(curve: Curve) -> list[str]:
    """That there is no gradient, as the numbers grew too large on the way to the loss."""
    told = f"The {cell_name(curve.cell)}'s {pace.beyond(curve)}"
    return [f"{told}, so its gradient is no number: smaller weights keep it finite.", f"{told}.", f"{told[4:]}."]


def _how(scene: Scene) -> str:
    """What the weights are, and what is held by hand: by default, with a forget bias of 3, with f=1 held."""
    bias = inits.number(scene.init, "forget-bias") if len(inits.words(scene.init)) == 1 else None
    if scene.weights:
        made = "With the weights of the file"
    elif bias is not None:
        made = f"With a forget bias of {bias:g}"
    else:
        made = "By default" if scene.init == inits.BASES[0] else f"With init {scene.init}"
    if not scene.set:
        return made
    by_hand = f"{scene.set} set by hand"
    return f"{made} and {by_hand}" if made.startswith("With") else f"With {by_hand}"


def _others(study: Study) -> list[Curve]:
    """The other cells of which there is something to say: of one step there is no pace.

    None where the scene's own has weights from a file or something set by hand, as the others have not.
    """
    curve, scene = own(study), parse(study.trace.scene)
    if scene.weights or scene.set:
        return []
    return [one for one in study.curves if one is not curve and (one.rate is not None or pace.beyond(one))]


def _beside(other: Curve, curve: Curve) -> str:
    """Another cell after the one that was told: the GRU's every 1.3 steps."""
    whose = f"the {cell_name(other.cell)}'s"
    return f"{whose} {pace.beyond(other)}" if pace.beyond(other) else f"{whose} {pace.like(other.rate, curve.rate)}"


def _with_more(study: Study, texts: list[str]) -> list[str]:
    """Before everything what truncation drops, where it drops something and there is room."""
    scene = parse(study.trace.scene)
    if not scene.truncate or not study.gradients.dropped:
        return texts
    share = f"{signed(100 * study.gradients.dropped).removeprefix('+')} %"
    after = counted(scene.truncate, "step")
    drops = f"drops {share} of the gradient."
    ways = f"Truncation after {after} {drops}", f"Truncation {drops}"
    return [*(f"{way} {text}" for way in ways for text in texts), *texts]


def _whose(curve: Curve) -> str:
    what = "gradient" if curve.memory == curve.states[0] else "memory gradient"
    return f"the {cell_name(curve.cell)}'s {what}"


def _pace(curve: Curve) -> str:
    if pace.beyond(curve):
        return pace.beyond(curve)
    return _sizes(curve) if curve.rate is None else pace.every(curve.rate)


def _sizes(curve: Curve) -> str:
    """A gradient without a pace: there at one step at most, or added to on its way, so that only its ends are told."""
    logs = curve.log_norms[curve.memory]
    rows = np.flatnonzero(np.isfinite(logs))
    if not rows.size:
        return "is 0"
    size = said(float(logs[rows[0]]))
    if rows.size > 1:
        return f"is {said(float(logs[rows[-1]]))} at t = {rows[-1] + 1} and {size} at t = {rows[0] + 1}"
    return f"is {size}, and there is one step only" if logs.size == 1 else f"is {size} at t = {rows[0] + 1}, else 0"


def _paceless(study: Study) -> str:
    """Why no pace is told where the loss adds to the gradient at several steps, and which loss has one."""
    curve = own(study)
    if curve.added_at < 2 or pace.beyond(curve):
        return ""
    hides = f"adds to it at {curve.added_at:,} steps, which hides how fast it fades"
    return f" The loss {study.gradients.loss} {hides}; the loss last shows that."


def _advice(curve: Curve, others: list[Curve]) -> str:
    """What to do about a cell without a gate that keeps; none is recommended where those beside it fade faster."""
    if curve.overflow is not None:
        return " Truncation or smaller weights hold it."
    if (curve.rate or 0) > pace.STILL:
        return " A clip holds it."
    rate, gated = curve.rate or 0, [one.rate or 0 for one in others if one.gate is not None]
    if rate >= -pace.STILL or curve.cell not in cell_names():  # an own cell may keep it without a name for it
        return ""
    better = not gated or max(gated) > rate
    return f" No gate keeps it{': press c for a cell that has one' if better else ''}."


def _hint(study: Study, scene: Scene) -> str:
    """What to press while the gate is not yet open and the gradient shrinks; trained or held, it is left alone.

    A gate of an own cell may have no bias that `f` could raise.
    """
    curve = own(study)
    if not any(added(one.tree) for one in study.trace.equations if one.symbol == curve.gate):
        return ""
    presses = ceil(OPEN - (inits.number(scene.init, "forget-bias") or 0))
    if scene.weights or scene.set or presses < 1 or curve.overflow is not None or (curve.rate or 0) >= 0:
        return ""
    return f" Press f {TIMES[presses]}." if presses in TIMES else " Press f."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
