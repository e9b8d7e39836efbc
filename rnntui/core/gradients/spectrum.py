"""How a step stretches: the singular values of the step Jacobians, and the norm of their product over a distance.

‖∂state_T/∂state_{T-d}‖₂ = ‖J_T … J_{T-d+1}‖₂ ≤ ∏ σ_max(J): the bound of Pascanu, Mikolov & Bengio 2013; of all states
joined. The product is renormalised by powers of two on the way, so it is finite however far it vanishes or explodes.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from rnntui.core.flow import Spectrum
from rnntui.core.gradients.jacobian import jacobians
from rnntui.core.gradients.linear import LinearStep
from rnntui.core.gradients.record import read
from rnntui.core.gradients.recursion import StepsBack, normalised
from rnntui.core.gradients.scaled import Float64, Int64
from rnntui.core.gradients.windows import Windows
from rnntui.core.parameters import recurrent_blocks, torch_name
from rnntui.errors import BadInput
from rnntui.scene import Scene

SHOWN: Final = 64
"""How many steps, and how many distances, are looked at."""
LARGEST: Final = 512
"""The largest Jacobian, in rows."""
WORK: Final = 2**32
"""Steps times the cube of a Jacobian's rows: how far back the product is followed; 16,000 steps of an LSTM of 32."""
CHUNK: Final = 128
"""How many Jacobians are held at once."""


def spectrum(scene: Scene) -> Spectrum:
    """The spectrum of the lane that the scene's cursor stands in.

    Raises BadInput as the lab's `gradients` does, and for Jacobians that are too large to take apart.
    """
    prepared, passes, network = read(scene)
    if not all(np.isfinite(value.numpy()).all() for one in passes for value in one.values()):
        raise BadInput("The forward pass overflows, so there are no Jacobians; choose a smaller spectral radius.")
    step = network.steps[prepared.network.passes.index((scene.layer, scene.direction))]
    size = len(step.states) * step.lane.hidden
    if size > LARGEST:
        raise BadInput(
            f"The spectrum takes apart step Jacobians up to {LARGEST} x {LARGEST}, and here they are {size} x {size}; "
            f"choose at most {LARGEST // len(step.states)} hidden units."
        )
    lane = torch_name("", scene.layer, scene.direction)
    found = recurrent_blocks(prepared.network, prepared.parameters)
    blocks = {gate: block.numpy() for name, gate, block in found if name.endswith(lane)}
    rows = thinned(step.lane.steps) - 1
    with np.errstate(all="ignore"):
        distances, product = products(step)
        limit = bound(step, distances)
        values = np.concatenate([np.linalg.svd(jacobians(step, slice(row, row + 1)), compute_uv=False) for row in rows])
    t = rows + 1 if scene.direction == "forward" else step.lane.steps - rows
    return Spectrum(
        recurrent={gate: np.linalg.svd(block, compute_uv=False) for gate, block in blocks.items()},
        radius={gate: float(np.abs(np.linalg.eigvals(block)).max()) for gate, block in blocks.items()},
        steps=np.sort(t),
        jacobians=values[np.argsort(t)],
        distances=distances,
        product=product,
        bound=limit,
    )


def thinned(count: int) -> Int64:
    """1 … count, or 64 of them evenly spread with both ends."""
    return np.unique(np.linspace(1, count, min(count, SHOWN)).round().astype(np.int64))


def products(step: LinearStep) -> tuple[Int64, Float64]:
    """Distances from the last step, at most 64, and ln ‖product of the Jacobians‖₂ over each; both (M,).

    The Jacobians are never written out: a product's rows are gradients, and go back through a stretch of steps like
    any other, in all stretches at once; then the stretches are chained. Jacobians so large that a whole product would
    take many seconds are followed less far back.
    """
    hidden, states, total = step.lane.hidden, len(step.states), step.lane.steps
    size = states * hidden
    reach = min(total, max(SHOWN, WORK // size**3))
    apart = -(-reach // SHOWN)
    windows = Windows.truncated(total, apart, apart).first(-(-reach // apart))
    back = StepsBack(step, windows, vectors=True)
    sweeps = len(windows.last)
    rows = np.zeros((step.sources, sweeps, size, hidden))
    rows[:states] = np.eye(size).reshape(size, states, hidden).swapaxes(0, 1)[:, None]
    before = np.empty((states, sweeps, size, hidden))
    levels = np.zeros(sweeps, dtype=np.int64)
    for place in range(windows.steps):
        active = int((windows.lengths > place).sum())
        back.hand_on(place, rows, before)
        stretches, levels[:active] = normalised(before[:, :active].swapaxes(0, 1), levels[:active])
        rows[:states, :active] = stretches.swapaxes(0, 1)
    stretches = rows[:states].transpose(1, 2, 0, 3).reshape(sweeps, size, size)
    chained, level, kept, exponents = np.eye(size), 0, [], []
    for stretch, own in zip(stretches, levels.tolist(), strict=True):
        (chained,), (level,) = normalised((chained @ stretch)[None], np.array([level + own]))
        kept.append(chained)
        exponents.append(level)
    return np.cumsum(windows.lengths), _log_norms(np.array(kept), np.array(exponents))


def bound(step: LinearStep, distances: Int64) -> Float64:
    """Ln of the product of the largest singular values of the Jacobians over each distance, (M,)."""
    total = step.lane.steps
    largest: list[Float64] = []
    for last in range(total, total - int(distances[-1]), -CHUNK):
        some = jacobians(step, slice(max(last - CHUNK, total - int(distances[-1])), last))[::-1]
        some, powers = normalised(some, np.zeros(len(some), dtype=np.int64))
        squares = np.linalg.eigvalsh(some @ some.transpose(0, 2, 1))[:, -1]
        largest.append(0.5 * np.log(np.maximum(squares, 0)) + powers * np.log(2))
    return np.asarray(np.cumsum(np.concatenate(largest))[distances - 1])


def _log_norms(matrices: Float64, exponents: Int64) -> Float64:
    """Ln of the largest singular value of each matrix · 2^exponent; inf for what is no number any more."""
    finite = np.isfinite(matrices).all(axis=(1, 2))
    largest = np.full(len(matrices), np.inf)
    largest[finite] = np.linalg.svd(matrices[finite], compute_uv=False)[:, 0]
    return np.asarray(np.log(largest) + exponents * np.log(2))
