"""What autograd says: a network unrolled by its own equations, every symbol of every step keeping its gradient."""

from __future__ import annotations

import numpy as np
import torch

from rnntui.core.byhand import ByHand
from rnntui.core.equations import load
from rnntui.core.gradients.backprop import linearised
from rnntui.core.hold import holds, initial
from rnntui.core.initial import draw
from rnntui.core.parameters import Network, bind
from rnntui.core.sequence import Dense
from rnntui.core.touched import run_touched
from rnntui.core.unroll import run, sub_steps

NOTHING = ByHand()

SIZES = [(1, False), (2, False), (1, True), (2, True)]
"""Layers and whether there are two directions."""


def network(cell, layers=1, bidirectional=False, *, steps=7, size=4, hidden=3, seed=0):
    """A network, its parameters and some input vectors, (T, D), in float64."""
    made = Network(load(cell) if isinstance(cell, str) else cell, size, hidden, layers, bidirectional)
    x = torch.randn(steps, size, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    return made, draw(made, seed, None), x


def linear(made, parameters, x, by_hand=NOTHING):
    """The same network, made linear by the code under test."""
    with torch.no_grad():
        x = Dense(x)
        passes = run_touched(made, parameters, x, by_hand) if by_hand else run(made, parameters, x, "explicit")
        return linearised(made, parameters, x, passes, by_hand)


def unrolled(made, parameters, x, window=None, by_hand=NOTHING):
    """The output, (T, H x directions), and every symbol at every step of every lane, by autograd.

    Inside a window of rows all is computed as usual; what comes into it from outside is cut off from the graph.
    """
    first, last = window or (0, len(x) - 1)
    states, lanes, read, start = made.cell.states, [], x, {}
    for layer, direction in made.passes:
        if layer and direction == "forward":
            read = torch.cat([lane_h(lane, states[0]) for lane in lanes[-1 - made.bidirectional :]], dim=1)
        weights, clamps = bind(parameters, made.cell, layer, direction), by_hand.of(layer, direction)
        begun = {state: torch.zeros(made.hidden, dtype=x.dtype) for state in states}
        begun = initial(clamps, 0 if direction == "forward" else len(x) + 1, begun)
        found = [value.clone().requires_grad_() for value in begun.values()]
        start[layer, direction] = dict(zip(states, found, strict=True))
        rows = range(len(x)) if direction == "forward" else range(len(x) - 1, -1, -1)
        ts = range(rows[0] + 1, rows[-1] + 1 + rows.step, rows.step)
        held = dict(zip(rows, holds(clamps, made.hidden, ts, x.dtype), strict=True))
        lane = [None] * len(x)
        for row in rows:
            inside = first <= row <= last
            entering = row == (first if direction == "forward" else last) and row != rows[0]
            found = [state.detach() if entering or not inside else state for state in found]
            given = read[row] if inside else read[row].detach()
            hold = held[row]
            step = sub_steps(made.cell) if hold is None else sub_steps(made.cell, hold.symbols)
            after = step(given, *found, weights, *([] if hold is None else [hold]))
            computed = dict(zip((e.symbol for e in made.cell.equations), after, strict=True))
            for value in computed.values():
                if value.requires_grad:
                    value.retain_grad()
            lane[row], found = computed, [computed[state] for state in states]
        lanes.append(lane)
    output = torch.cat([lane_h(lane, states[0]) for lane in lanes[-1 - made.bidirectional :]], dim=1)
    return output, lanes, start


def lane_h(lane, state):
    return torch.stack([symbols[state] for symbols in lane])


def gradient(lane, symbol):
    """(T, H)"""
    rows = [values[symbol] for values in lane]
    return np.stack([np.zeros(len(one)) if one.grad is None else one.grad.numpy() for one in rows])


def close(found, expected, relative=1e-9):
    """The same to so many digits of the largest number."""
    expected = np.asarray(expected)
    assert np.shape(found) == expected.shape
    np.testing.assert_allclose(found, expected, rtol=relative, atol=relative * np.abs(expected).max(initial=0))
