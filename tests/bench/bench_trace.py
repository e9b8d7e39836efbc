"""How long a whole trace takes, as a multiple of torch's bare forward over the same vectors, in one run.

`python tests/bench/bench_trace.py [--check]`: medians of 15, interleaved, one thread; with --check a miss exits with 1.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping

import torch
from torch import nn

from rnntui.core.equations import load
from rnntui.core.initial import draw
from rnntui.core.parameters import Network
from rnntui.core.sequence import Dense, OneHot, Sequence
from rnntui.core.unroll import run

ROUNDS = 15
HIDDEN = (8, 32, 128)
STEPS = (200, 2000, 10_000)
MODULES: dict[str, Callable[..., nn.RNNBase]] = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


def goal(cell: str, steps: int) -> float:
    """The largest multiple that is good enough."""
    if cell == "lstm":
        return 2.3 if steps >= 2000 else 3.0
    return 1.4


def medians(contestants: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """CPU seconds each, all of them in turn, round after round."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for round_ in range(-2, ROUNDS):
        for name, contestant in contestants.items():
            start = time.thread_time()
            contestant()
            if round_ >= 0:
                times[name].append(time.thread_time() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def inputs(kind: str, steps: int) -> Sequence:
    generator = torch.Generator().manual_seed(0)
    if kind == "onehot":
        return OneHot(torch.randint(40, (steps,), generator=generator), 40, torch.float32)
    return Dense(torch.randn(steps, 16, generator=generator))


@torch.inference_mode()
def measure(cell: str, kind: str, steps: int, hidden: int) -> tuple[float, float]:
    """Seconds of torch's forward, and how many times that the whole trace takes."""
    x = inputs(kind, steps)
    vectors = x.rows()
    network = Network(load(cell), vectors.shape[1], hidden)
    parameters = {name: values.float() for name, values in draw(network, 0, None).items()}
    module = MODULES[cell](vectors.shape[1], hidden)
    module.load_state_dict(parameters)
    taken = medians({"bare": lambda: module(vectors[:, None]), "trace": lambda: run(network, parameters, x, "fused")})
    return taken["bare"], taken["trace"] / taken["bare"]


def main() -> int:
    torch.set_num_threads(1)
    missed = 0
    print("cell  inputs  hidden  steps   torch ms   goal  measured")
    for cell in MODULES:
        for kind in ("random", "onehot"):
            for hidden in HIDDEN:
                for steps in STEPS:
                    bare, ratio = measure(cell, kind, steps, hidden)
                    over = ratio > goal(cell, steps)
                    missed += over
                    row = f"{cell:5} {kind:7} {hidden:6} {steps:6} {bare * 1e3:10.2f}  {goal(cell, steps):5.1f}"
                    print(f"{row} {ratio:9.2f}{'  missed' if over else ''}", flush=True)
    print(f"{missed} missed")
    return 1 if missed and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
