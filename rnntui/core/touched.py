"""A network with something set by hand; and the same network untouched, for the difference.

Both run the equations themselves from the first step that is touched, out of the same states: so a setting that
changes nothing differs by exactly 0, whatever route computed the steps before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from rnntui.core.byhand import ByHand
from rnntui.core.hold import holds, initial
from rnntui.core.parameters import Network, Parameters, blocks
from rnntui.core.sequence import Sequence
from rnntui.core.unroll import MOST_NUMBERS, MOST_STEPS, Values, explicit, outputs, run
from rnntui.core.weights import Weights
from rnntui.scene import Direction


def edited(parameters: Parameters, by_hand: ByHand) -> dict[str, Tensor]:
    """The parameters with the weights that are set; the others are shared."""
    made = dict(parameters)
    for edit in by_hand.weights:
        made[edit.name] = made[edit.name].clone() if made[edit.name] is parameters[edit.name] else made[edit.name]
        made[edit.name][edit.index] = edit.value
    return made


def run_touched(network: Network, parameters: Parameters, x: Sequence, by_hand: ByHand) -> list[Values]:
    """Every pass with what is set by hand, in torch's order. Settings have been checked (`byhand.Bounds`)."""
    return _Run(network, parameters, by_hand, by_hand, x).passes()


def run_untouched(network: Network, parameters: Parameters, x: Sequence, by_hand: ByHand) -> list[Values]:
    """Every pass without what is set by hand, by the route on which `run_touched` computes it."""
    return _Run(network, parameters, by_hand, ByHand(), x).passes()


def starts(network: Network, steps: int, by_hand: ByHand, dtype: torch.dtype) -> list[dict[str, Tensor]]:
    """For every pass: state → what it is before reading, (H,)."""
    zeros = {state: torch.zeros(network.hidden, dtype=dtype) for state in network.cell.states}
    ends = {"forward": 0, "backward": steps + 1}
    return [initial(by_hand.of(layer, lane), ends[lane], zeros) for layer, lane in network.passes]


def _first_step(network: Network, by_hand: ByHand) -> int:
    """The first step that may differ; a backward lane is touched from its end, and with it every layer above."""
    if network.bidirectional or by_hand.weights:
        return 1
    return min((max(clamp.t or 1, 1) for clamp in by_hand.clamps), default=1)


@dataclass(frozen=True, eq=False)
class _Run:
    network: Network
    parameters: Parameters
    """As they are without any setting."""
    by_hand: ByHand
    """What decides from which step on the equations themselves are run."""
    settings: ByHand
    """What is set in this run: the same, or nothing."""
    x: Sequence

    def passes(self) -> list[Values]:
        """Every pass, in torch's order."""
        network, x = self.network, self.x
        first = _first_step(network, self.by_hand)
        before = run(network, self.parameters, x) if first > 1 else []
        states = starts(network, len(x), self.settings, x.dtype)
        parameters = edited(self.parameters, self.settings)
        found: list[Values] = []
        for place, (layer, direction) in enumerate(network.passes):
            if layer and direction == "forward":
                x = outputs(network, found)
            done = {symbol: values[: first - 1] for symbol, values in before[place].items()} if before else {}
            weights = Weights(**blocks(parameters, network.cell, layer, direction))
            found.append(self._one_pass((layer, direction), weights, x, states[place], done))
        return found

    def _one_pass(
        self, lane: tuple[int, Direction], weights: Weights, x: Sequence, states: dict[str, Tensor], done: Values
    ) -> Values:
        """Every symbol of a pass, (T, H), rows are token positions; `done` holds those of the steps before."""
        cell, (layer, direction) = self.network.cell, lane
        skip = len(next(iter(done.values()))) if done else 0
        pieces = [done] if done else []
        states = {state: done[state][-1] for state in cell.states} if done else states
        ts = range(skip + 1, len(x) + 1) if direction == "forward" else range(len(x), 0, -1)
        settings = holds(self.settings.of(layer, direction), self.network.hidden, ts, x.dtype)
        count = max(1, min(MOST_STEPS, MOST_NUMBERS // x.size))
        chunks: Iterable[Sequence] = (x.reversed() if direction == "backward" else x).since(skip).chunks(count)
        for number, chunk in enumerate(chunks):
            pieces.append(explicit(cell, weights, chunk.rows(), states, settings[number * count :]))
            states = {state: pieces[-1][state][-1] for state in cell.states}
        whole = {symbol: torch.cat([piece[symbol] for piece in pieces]) for symbol in pieces[-1]}
        return whole if direction == "forward" else {symbol: values.flip(0) for symbol, values in whole.items()}
