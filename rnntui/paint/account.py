"""What a gradient is made of where the walk back stands, a line a state: what arrives, what is local, what goes on."""

from __future__ import annotations

from typing import Final

from rnntui.core.flow import Study
from rnntui.core.notation import subscript
from rnntui.core.trace import Array
from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.magnitude import said, short, signed
from rnntui.paint.palette import Palette
from rnntui.paint.passing import Stop, ln_norm, lost, stop
from rnntui.scene import Cursor

NORM: Final = 8
ROOMY: Final = 140
NARROW: Final = 84
"""Columns from which it is said where a gradient comes from and goes to, and below which that goes without words."""


def tell(brush: Brush, study: Study, cursor: Cursor, palette: Palette) -> None:
    """What arrives, what is local, what is passed on; or what the next key does."""
    here = stop(study, cursor)
    if texts := _instead(study, cursor, here):
        fitting = (text for text in texts if columns_of(text) < brush.columns)
        brush.line().add(clip(f" {next(fitting, texts[-1])}", brush.columns), palette.notice)
        return
    assert here is not None
    for state in study.trace.states[-max(1, brush.lines_left) :]:
        if words := here.beyond(state):
            brush.line().add(clip(f" {words}", brush.columns), palette.notice)
            continue
        _state(brush, here, state, cursor, palette)


def _state(brush: Brush, here: Stop, state: str, cursor: Cursor, palette: Palette) -> None:
    """One state: the norms of what its gradient is made of, and the same for the current unit, which adds up."""
    ahead = 1 if cursor.direction == "forward" else -1
    roomy = brush.columns >= ROOMY
    came, goes = (f" from t = {cursor.t + ahead}:", f" to t = {cursor.t - ahead}:") if roomy else ("", "")
    total, within, states = here.total(state), here.within(state), here.study.trace.states
    sums = [here.arrives(state), here.local(state), *([] if within is None else [within])]
    brush.line().add(f" ∂L/∂{state}{subscript(cursor.t)} ", palette.title)
    brush.add(fit(short(ln_norm(total), NORM), NORM), palette.cursor)
    passes_on = f"passes on{goes} " if brush.columns >= NARROW else ""
    room = brush.columns - brush.column - columns_of(f"→ {passes_on}") - NORM
    parts: list[tuple[str, Array | None]] = [("arrives" + came, sums[0]), ("local", sums[1])]
    if any(here.through(one) for one in states):
        parts.append((f"through {here.through(state) or states[0]}", within))
    for dropped in ("local" if state != states[0] else "", "through", "arrives"):
        if sum(columns_of(name) + 1 + NORM for name, _ in parts) > room:
            parts = [part for part in parts if part[0].partition(" ")[0] != dropped]
    for name, vector in parts:
        number = "" if vector is None else short(ln_norm(vector), NORM)
        brush.add(f"{name if number else ' ' * columns_of(name)} ", palette.dim).add(fit(number, NORM), palette.text)
    brush.add("→ " if ahead < 0 else "← ", palette.positive).add(passes_on, palette.dim)
    brush.add(fit(short(ln_norm(here.passes_on(state)), NORM), NORM + roomy), palette.text)
    unit, whole = f"unit {cursor.unit}:", signed(float(total[cursor.unit]))
    for told in (f"{unit} {_sum([float(vector[cursor.unit]) for vector in sums])} = {whole}", f"{unit} {whole}"):
        if brush.column + columns_of(told) <= brush.columns:
            brush.add(told, palette.sign(float(total[cursor.unit])))
            break


def _instead(study: Study, cursor: Cursor, here: Stop | None) -> list[str]:
    """What there is to say where there is no gradient, in every length, the longest first."""
    if lost(study) and cursor.walk == "back":
        return [lost(study), f"The forward pass overflows at t = {study.gradients.lost}."]
    if here is None:
        return _outside(study, cursor)
    beyond = f"t = {cursor.t} is beyond the truncation"
    return [] if here.reached else [f"{beyond}: the loss does not come here.", f"{beyond}."]


def _sum(values: list[float]) -> str:
    """Numbers as they are added: 0.046 + 0 − 0.0028."""
    words = " ".join(f"{'−' if value < 0 else '+'} {signed(abs(value)).lstrip('+')}" for value in values)
    return words.removeprefix("+ ").replace("− ", "−", 1) if words.startswith("− ") else words.removeprefix("+ ")


def _outside(study: Study, cursor: Cursor) -> list[str]:
    """What there is to say where no token's gradient stands, in every length, the longest first."""
    gradients, states = study.gradients, study.trace.states
    loss = f"loss ({gradients.loss}), {signed(gradients.loss_value).lstrip('+')}"
    if cursor.walk == "forward":
        return [
            "The forward pass: nothing flows back yet. → reads on to the loss, w goes there at once.",
            "Nothing flows back yet: → reads on to the loss.",
        ]
    if study.trace.steps_read(cursor) > 0:
        return [
            f"At the {loss}: ← lets its gradient walk back; w steps the forward pass first.",
            f"At the {loss}: ← walks back; w: forward first.",
            "← lets the gradient walk back.",
        ]
    one = gradients.of(cursor.layer, cursor.direction)
    found = " · ".join(f"∂L/∂{state}{subscript(cursor.t)} {said(ln_norm(one.initial(state)))}" for state in states)
    return [
        f"The walk back has come to the initial state: {found}. → returns, End goes to the loss.",
        f"At the initial state: {found}.",
        "At the initial state.",
    ]
