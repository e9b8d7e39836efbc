"""Step Jacobians in closed form: how each step's states change with those of the step before.

The state is all states joined, (h, c) for an LSTM, n = states x H numbers. A Jacobian is a sum of diagonal matrices and
of diagonal times W, read from the coefficients of the linear step.
"""

from __future__ import annotations

import numpy as np

from rnntui.core.gradients.differential import Slope
from rnntui.core.gradients.linear import LinearStep
from rnntui.core.gradients.scaled import Float64


def jacobians(step: LinearStep, rows: slice = slice(None)) -> Float64:
    """The Jacobians of some rows of a lane, (rows, n, n): [i, j] is ∂ stateᵢ at that step / ∂ stateⱼ before it."""
    hidden, states = step.lane.hidden, step.states
    count = len(range(*rows.indices(step.lane.steps)))
    made = [np.zeros((count, hidden, hidden * len(states))) for _ in range(step.sources)]
    for source in reversed(range(step.sources)):  # a source's vector is made of later sources and of the past only
        rows_of_source = made[source]
        for state, spread in step.past.items():
            if source in spread:
                first = states.index(state) * hidden
                units = np.arange(hidden)
                rows_of_source[:, units, first + units] += _at(spread[source], rows)
        for argument in step.recurrent:
            if source in argument.spread:
                assert argument.past is not None
                first = states.index(argument.past) * hidden
                slopes = _at(argument.spread[source], rows)[..., None]
                rows_of_source[:, :, first : first + hidden] += slopes * step.lane.weights[argument.attribute]
        for inner, place in enumerate(step.compounds, len(states)):
            argument = step.arguments[place]
            if source in argument.spread:
                slopes = _at(argument.spread[source], rows)[..., None]
                rows_of_source += slopes * (step.lane.weights[argument.attribute] @ made[inner])
    return np.concatenate(made[: len(states)], axis=1)


def _at(slope: Slope, rows: slice) -> Float64:
    """Some rows of a coefficient, (rows, H), or (1, 1) where it is the same everywhere."""
    return np.full((1, 1), slope) if isinstance(slope, float) else np.asarray(slope)[rows]
