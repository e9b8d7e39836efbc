"""From Enter under `=` to the screen: changing what is set by hand. `python tests/bench/bench_clamp.py [--check]`.

Beside it, in turns, a step of the same app: what any key takes on this machine now. And the trace of 10,000 touched
steps, beside the same equations called in a plain loop: CPU time.
"""

from __future__ import annotations

import sys
import time
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import torch

from rnntui import lab
from rnntui.cli.threads import one_thread
from rnntui.core.parameters import blocks
from rnntui.core.prepare import prepare
from rnntui.core.weights import Weights
from rnntui.scene import Scene
from tests.bench.measure import app, finish, medians, percentile, report, until_shown
from tests.terminal.terminal import Terminal

TEXT = "the quick brown fox jumps over the lazy dog " * 250
CLEAR = "\x15"
"""Ctrl+U, which empties a line."""
ROUNDS = 20


def seen(terminal: Terminal, words: str) -> float:
    """Seconds until a frame has ended that shows these words in the first two lines."""
    seconds = until_shown(
        terminal, time.perf_counter(), lambda: words in " ".join(" ".join(terminal.screen.display[:2]).split())
    )
    terminal.settle(0.05)
    return seconds


def changing() -> tuple[list[float], list[float]]:
    """Seconds from Enter until another clamp's numbers are on the screen, and from a key until the next step is."""
    terminal, numbers, steps = app("explore", TEXT[:200], "--hidden", "32"), count(1), count(1)
    clamps: list[float] = []
    keys: list[float] = []

    def clamp() -> float:
        setting = f"f[3]@2=0.{next(numbers):03d}"
        terminal.send("=")
        terminal.wait_for("Set by hand")
        terminal.send(CLEAR, setting)
        terminal.wait_for(setting)
        terminal.settle(0.05)
        terminal.send("enter")
        clamps.append(seen(terminal, f"by hand {setting}"))
        return clamps[-1]

    def step() -> float:
        terminal.send("right")
        keys.append(seen(terminal, f"t = {next(steps)} / 200"))
        return keys[-1]

    try:
        terminal.ready()
        medians({"clamp": clamp, "step": step}, ROUNDS)
        return clamps[1:], keys[1:]
    finally:
        terminal.kill()


LONG = Scene(text=TEXT[:10_000], hidden=32, set="f[3]=1")


def touched() -> float:
    """Seconds of the processor for a trace of 10,000 steps that are touched from the first on."""
    start = time.process_time()
    lab.trace(LONG)
    return time.process_time() - start


@torch.inference_mode()
def loop() -> float:
    """Seconds of the processor for as many calls of the cell, untouched, that keep nothing."""
    prepared = prepare(LONG)
    weights = Weights(**blocks(prepared.parameters, prepared.network.cell, 0, "forward"))
    rows, h = prepared.read.rows().unbind(0), torch.zeros(32)
    states = h, h
    start = time.process_time()
    for x in rows:
        states = prepared.network.cell.step(x, *states, weights)
    return time.process_time() - start


def main() -> None:
    """Print every figure with its goal."""
    one_thread()
    clamps, keys = changing()
    middle, step = percentile(clamps, 0.5) * 1e3, percentile(keys, 0.5) * 1e3
    print(f"medians of {ROUNDS}: a clamp {middle:.0f} ms, a step {step:.0f} ms")
    report("changing a clamp at T = 200, hidden 32, 120x36, p95", percentile(clamps, 0.95) * 1e3, 100, "ms")
    report("  a clamp / a step", middle / step, 4, "x")
    taken = medians({"touched": touched, "loop": loop}, 5)
    report("10,000 touched steps, hidden 32", taken["touched"], 1.5, "s")
    report("  as a multiple of their equations in a plain loop", taken["touched"] / taken["loop"], 2.0, "x")
    finish()


if __name__ == "__main__":
    main()
