"""How many updates fit into a time: the learning rate follows the steps, so a run has to know its end beforehand."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

from rnntui.errors import BadInput
from rnntui.training.data import prepare
from rnntui.training.learner import Exploded, Learner
from rnntui.training.record import Knobs
from rnntui.training.spec import RANGES, CharModelSpec

MEASURED_SECONDS: Final = 1.0
WARM_UP: Final = 3
USED: Final = 0.93
"""The share of the time that goes into updates; the rest is for validation, samples and checkpoints."""
LEAST: Final = 20
"""Updates, however slow the machine is."""
LONGEST: Final = 7 * 24 * 3600.0


def within(spec: CharModelSpec, seconds: float) -> CharModelSpec:
    """The spec with as many steps as this machine makes in so many seconds, as it is now; at least 20.

    The updates that are timed change nothing, their learning rate being 0: a rate that ruins a model shows in the
    training, where it is explained. So do initial weights that are hopeless.

    Raises BadInput for a time that is none, and for a text that cannot be used.
    """
    if not 0 < seconds <= LONGEST:
        raise BadInput(f"--seconds {seconds:g} is not above 0 and at most {LONGEST:,.0f}; give for example 60.")
    spec, text = prepare(spec)
    learner, knobs = Learner(spec, text), replace(Knobs.of(spec), learning_rate=0.0)
    try:
        for _ in range(WARM_UP):
            learner.update(knobs)
        start = time.perf_counter()
        while (spent := time.perf_counter() - start) < min(MEASURED_SECONDS, seconds / 4):
            learner.update(knobs)
    except Exploded:
        return replace(spec, steps=LEAST)
    each = spent / max(1, learner.step - WARM_UP)
    return replace(spec, steps=int(min(RANGES["steps"][1], max(LEAST, USED * seconds / each))))
