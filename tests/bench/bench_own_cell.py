"""A learner's own cell against the same equations called as a plain loop, in the same run: T = 200, hidden 32.

`python tests/bench/bench_own_cell.py [--check]`: medians of interleaved rounds, CPU time, one thread.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path

import torch

from rnntui.cellname import OwnCell
from rnntui.core.cellfile import read_cell
from rnntui.core.initial import draw
from rnntui.core.parameters import Network, bind
from rnntui.core.sequence import Dense
from rnntui.core.unroll import run
from tests.bench.measure import finish, medians, report

STEPS, HIDDEN, SIZE, ROUNDS = 200, 32, 16, 101
CELLS = Path(__file__).parents[2] / "lessons" / "cells"


def timed(contestant: Callable[[], object]) -> Callable[[], float]:
    def call() -> float:
        start = time.thread_time()
        contestant()
        return time.thread_time() - start

    return call


@torch.inference_mode()
def compare(name: str) -> float:
    file = CELLS / f"{name}.py"
    network = Network(read_cell(OwnCell(str(file)), file.read_bytes()), SIZE, HIDDEN)
    parameters = {key: values.float() for key, values in draw(network, 0, None).items()}
    weights = bind(parameters, network.cell, 0, "forward")
    x = torch.randn(STEPS, SIZE, generator=torch.Generator().manual_seed(0))
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    step = getattr(module, name)

    def loop() -> list[object]:
        states = tuple(torch.zeros(HIDDEN) for _ in network.cell.states)
        outputs: list[object] = []
        for row in x.unbind(0):
            found = step(row, *states, weights)
            states = found if isinstance(found, tuple) else (found,)
            outputs.append(states[0])
        return outputs

    rounds = medians({"loop": timed(loop), "own": timed(lambda: run(network, parameters, Dense(x)))}, ROUNDS)
    return rounds["own"] / rounds["loop"]


torch.set_num_threads(1)
for cell in ("mgu", "peephole"):
    report(f"{cell}: every symbol of {STEPS} steps, as a plain loop's time", compare(cell), 1.3, "x")
finish()
