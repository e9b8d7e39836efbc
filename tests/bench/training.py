"""Two trainings that are compared: in the app with its Train screen open, and the same loop alone."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.bench.measure import FRAME_END, app
from tests.terminal.terminal import Terminal

TURN_SECONDS = 1.5
STEP = re.compile(r"step ([\d,]+) of")
BARE = """
import sys, time
from rnntui.engine.preload import quieten
quieten()
import torch
torch.set_num_threads(1)
from rnntui import lab
from rnntui.training.spec import PRESETS
from dataclasses import replace
training = lab.train(replace(PRESETS[300], steps=10**6), sys.argv[1])
next(training)
print("ready", flush=True)
for line in sys.stdin:
    before, start, computed = next(training).step, time.perf_counter(), time.process_time()
    while (spent := time.perf_counter() - start) < float(line):
        after = next(training).step
    print((after - before) / spent, (after - before) / (time.process_time() - computed), flush=True)
"""
"""The same loop with nobody who looks: a line of seconds in, updates a second and a CPU second out."""


class Bare:
    """The loop alone, which trains when it is told to."""

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="rnntui-bench-")) / "run"
        self.process = subprocess.Popen(
            [sys.executable, "-c", BARE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.told, self.said = self.process.stdin, self.process.stdout
        assert self.said.readline() == "ready\n"

    def turn(self) -> tuple[float, float]:
        """Updates a second and a CPU second."""
        print(TURN_SECONDS, file=self.told, flush=True)
        each, computed = self.said.readline().split()
        return float(each), float(computed)


class Training:
    """The app with a training in it."""

    def __init__(self, length: str = "") -> None:
        self.terminal = app()
        self.terminal.ready()
        self.terminal.send("3")
        self.terminal.wait_for("It will write here")
        if length:
            self.terminal.send("d")
            self.terminal.wait_for("About how long")
            self.terminal.send("end", "enter")
            self.terminal.wait_for(f"for {length}")
        self.ui = psutil.Process(self.terminal.pid)
        self.go()

    def go(self) -> None:
        """Start, or go on, and wait until it trains."""
        if "finished ·" in self.terminal.text:
            self.terminal.send("r")
            self.terminal.wait_for("paused ·")
        self.terminal.send("space")
        self.terminal.wait_for(lambda: " training · step" in self.terminal.text and self.step > 0)

    def pause(self) -> None:
        """Wait until it does not train."""
        if " training · step" in self.terminal.text:
            self.terminal.send("space")
            self.terminal.wait_for(lambda: "paused ·" in self.terminal.text or "finished ·" in self.terminal.text)

    @property
    def step(self) -> int:
        """The step that the screen shows."""
        found = STEP.search(self.terminal.text)
        return int(found[1].replace(",", "")) if found else 0

    @property
    def child(self) -> psutil.Process:
        """The process that trains."""
        return max(self.terminal.children(), key=computed)

    def turn(self) -> tuple[float, float]:
        """Updates a second and a CPU second of its process, from frame to frame."""
        self.go()
        terminal, child = self.terminal, self.child
        mark, start, before = terminal.mark(), time.perf_counter(), computed(child)
        sent = collected(terminal, TURN_SECONDS)
        spent = (computed(child) - before) / (time.perf_counter() - start)
        frames = [(at(sent, place - mark), self.step) for place in terminal.replay(FRAME_END)]
        terminal.paused = False
        self.pause()
        moved = [next(group) for _, group in itertools.groupby(frames, key=lambda frame: frame[1])][1:]
        each = (moved[-1][1] - moved[0][1]) / (moved[-1][0] - moved[0][0])
        return each, each / spent


def collected(terminal: Terminal, seconds: float) -> list[tuple[int, float]]:
    """Take in what is sent for so long without drawing it: how much it was, and when it had come."""
    terminal.paused, mark, found = True, terminal.mark(), []
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        terminal.pump(left)
        found.append((terminal.mark() - mark, time.perf_counter()))
    return found


def at(sent: list[tuple[int, float]], place: int) -> float:
    """When so much had come."""
    return next(when for much, when in sent if much >= place)


def computed(process: psutil.Process) -> float:
    """Seconds that a process has computed until now."""
    times = process.cpu_times()
    return float(times.user + times.system)
