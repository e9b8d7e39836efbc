"""What the loss is, in words and numbers: what there is to say of it before its gradient walks back."""

from __future__ import annotations

from typing import Final

import numpy as np

from rnntui.core.flow import Study
from rnntui.core.notation import subscript
from rnntui.paint.cells import Brush, clip
from rnntui.paint.magnitude import said, signed
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.passing import ln_norm, lost
from rnntui.paint.wrap import wrap
from rnntui.scene import Cursor

LOSSES: Final = {
    "last": "the sum of the final h of the last layer",
    "mean": "the mean of every h of the last layer",
    "lm": "the mean cross-entropy, in nats, of a linear read-out of h that predicts each next token",
}


def loss(study: Study, cursor: Cursor) -> list[str]:
    """At the loss: what it is, and where its gradient enters; nothing elsewhere."""
    gradients, trace = study.gradients, study.trace
    if cursor.walk == "forward" or trace.row(cursor) is not None or not trace.steps_read(cursor) or lost(study):
        return []
    name, state = gradients.loss, trace.states[0]
    token = f"the sum of h of the last layer at t = {name.removeprefix('token:')}"
    found = [f"The loss {name} is {LOSSES.get(name, token)}: {signed(gradients.loss_value).removeprefix('+')}."]
    local = gradients.top.local[state]
    rows = np.flatnonzero(local.any(axis=1))
    if rows.size:
        t = int(rows[-1]) + 1
        where = f"at t = {t}" if rows.size == 1 else f"at {rows.size} of {trace.steps} steps, the last one t = {t}"
        found.append(f"It adds to the gradient {where}: ∂L/∂{state}{subscript(t)} {said(ln_norm(local[t - 1]))}.")
    return found


def nothing_to_show(study: Study, width: int, height: int, palette: Palette) -> Painting:
    """Why there is no gradient, in as many lines as it takes."""
    brush = Brush(width, height).line()
    for line in wrap(lost(study), width - 2, max(1, brush.lines_left)):
        brush.line().add(clip(f" {line}", width), palette.notice)
    return brush.painting()
