"""What a gradient is made of where the walk back stands, a line a state: what arrives, what is local, what goes on."""

from __future__ import annotations

from typing import Final

from rnntui.core.flow import Study
from rnntui.core.notation import subscript
from rnntui.paint.cells import Brush, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.magnitude import said, signed
from rnntui.paint.palette import Palette
from rnntui.paint.passing import Stop, ln_norm, stop
from rnntui.scene import Cursor

NORM: Final = 8
ROOMY: Final = 140
NARROW: Final = 84
"""Columns from which it is said where a gradient comes from and goes to, and below which that goes without words."""


def tell(brush: Brush, study: Study, cursor: Cursor, palette: Palette) -> None:
    """What arrives, what is local, what is passed on; or what the next key does."""
    here = stop(study, cursor)
    if here is None:
        texts = _outside(study, cursor)
        fitting = (text for text in texts if columns_of(text) < brush.columns)
        brush.line().add(f" {next(fitting, texts[-1])}", palette.notice)
    elif not here.reached:
        brush.line().add(f" t = {cursor.t} is beyond the truncation: the loss does not come here.", palette.notice)
    else:
        for state in study.trace.states[-max(1, brush.lines_left) :]:
            _state(brush, here, state, cursor, palette)


def _state(brush: Brush, here: Stop, state: str, cursor: Cursor, palette: Palette) -> None:
    """One state: the norms of what its gradient is made of, and the same for the current unit, which adds up."""
    ahead = 1 if cursor.direction == "forward" else -1
    roomy = brush.columns >= ROOMY
    came, goes = (f" from t = {cursor.t + ahead}", f" to t = {cursor.t - ahead}") if roomy else ("", "")
    total, within = here.total(state), here.within(state)
    parts = [("arrives" + came, here.arrives(state)), ("local", here.local(state))]
    brush.line().add(f" ∂L/∂{state}{subscript(cursor.t)} ", palette.title)
    brush.add(fit(said(ln_norm(total)), NORM), palette.cursor)
    for name, vector in parts:
        brush.add(f"{name} ", palette.dim).add(fit(said(ln_norm(vector)), NORM), palette.text)
    through = here.through(state)
    if within is not None:
        parts.append(("through", within))
        brush.add(f"through {through} ", palette.dim).add(fit(said(ln_norm(within)), NORM), palette.text)
    elif any(here.through(one) for one in here.study.trace.states):
        brush.add(" " * (len("through h ") + NORM), palette.text)
    brush.add("→ " if ahead < 0 else "← ", palette.positive)
    brush.add(f"passes on{goes} " if brush.columns >= NARROW else "", palette.dim).add(
        fit(said(ln_norm(here.passes_on(state))), NORM + 1), palette.text
    )
    told = f"unit {cursor.unit}: {_sum([float(vector[cursor.unit]) for _, vector in parts])}"
    told += f" = {signed(float(total[cursor.unit]))}"
    if brush.column + columns_of(told) <= brush.columns:
        brush.add(told, palette.sign(float(total[cursor.unit])))


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
        f"Come to the initial state: {found}.",
        "Come to the initial state.",
    ]
