"""What clipping does to a gradient, all parameters taken as one vector (Pascanu, Mikolov & Bengio 2013)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnntui.core.flow import Clipped
from rnntui.core.gradients.scaled import Float64
from rnntui.core.gradients.weights import ParameterGradient, as_one_vector


def clip(gradients: Sequence[ParameterGradient], how: str) -> Clipped:
    """Clip as the scene says: "1" limits the norm to 1, "value:0.1" each number to ±0.1.

    By norm, g becomes g · min(1, limit / ‖g‖), without the 1e-6 that `torch.nn.utils.clip_grad_norm_` adds to ‖g‖; by
    value it is `clip_grad_value_`. The parameters are the network's; the read-out of the loss `lm` is not among them.
    """
    by, _, number = how.rpartition(":")
    limit = float(number)
    (vector,), level = as_one_vector(gradients)
    size = float(np.linalg.norm(vector))
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        before = float(np.ldexp(size, level))
        if by == "value":
            clipped = np.clip(np.ldexp(vector, level), -limit, limit)
        else:
            clipped = np.ldexp(vector, level) if before <= limit else vector * (limit / size)
    places = np.cumsum([one.values.size for one in gradients])[:-1]
    parts = {
        one.name: (one.norm, float(np.linalg.norm(part)))
        for one, part in zip(gradients, np.split(clipped, places), strict=True)
    }
    return Clipped(by or "norm", limit, before, float(np.linalg.norm(clipped)), _angle(vector, clipped), parts)


def _angle(one: Float64, other: Float64) -> float:
    """Degrees between two vectors, 0 where one of them is 0; Kahan's formula, exact for small angles too."""
    sizes = np.linalg.norm(one), np.linalg.norm(other)
    if not all(sizes):
        return 0.0
    one, other = one / sizes[0], other / sizes[1]
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(one - other), np.linalg.norm(one + other))))
