"""Step Jacobians in closed form: how each step's states change with those of the step before.

The state is all states joined, (h, c) for an LSTM, n = states x H numbers. A Jacobian is a sum of diagonal matrices and
of diagonal times W, read from the coefficients of the linear step; of a function that mixes units, times its own.
"""

from __future__ import annotations

import numpy as np

from rnntui.core.gradients.linear import LinearStep
from rnntui.core.gradients.scaled import Float64


def jacobians(step: LinearStep, rows: slice = slice(None)) -> Float64:
    """The Jacobians of some rows of a lane, (rows, n, n): [i, j] is ∂ stateᵢ at that step / ∂ stateⱼ before it."""
    hidden, states, weights = step.lane.hidden, len(step.states), step.lane.weights
    count, units = len(range(*rows.indices(step.lane.steps))), np.arange(hidden)
    made = np.zeros((count, step.sources, hidden, states, hidden))  # each source by each state of the step before
    for number, state in enumerate(step.states):
        through = [argument for argument in step.recurrent if argument.past == state]
        if through:
            matrices = np.stack([weights[argument.attribute] for argument in through], axis=1)  # (H, matrices, H)
            slopes = step.table([argument.spread for argument in through], step.sources, rows)
            by_unit = slopes.transpose(3, 0, 2, 1).reshape(hidden, -1, len(through))  # (H, rows x sources, matrices)
            summed = (by_unit @ matrices).reshape(hidden, count, step.sources, hidden)
            made[:, :, :, number] = summed.transpose(1, 2, 0, 3)
        if step.past[state]:
            made[:, :, units, number, units] += step.table([step.past[state]], step.sources, rows)[:, 0]
    for inner, place in reversed(list(enumerate(step.compounds, states))):
        argument = step.arguments[place]
        matrix = argument.matrix if argument.attribute else argument.matrix[rows]
        product = matrix @ made[:, inner].reshape(count, hidden, -1)
        slopes = step.table([argument.spread], step.sources, rows)[:, 0]
        made += slopes[..., None, None] * product.reshape(count, 1, hidden, states, hidden)
    return made[:, :states].reshape(count, states * hidden, states * hidden)
