"""What the benchmarks share: medians of interleaved rounds, and one line a figure: the goal and what was measured."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.chdir(Path(__file__).parents[2])

from tests.terminal.terminal import PATIENCE, RNNTUI, Terminal  # noqa: E402

FRAME_END = "\x1b[?2026l"
ROUNDS = 15
SCENE = ("the quick brown fox jumps over the lazy dog", "--hidden", "32")

missed: list[str] = []


def medians(contestants: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, float]:
    """Each contestant's median, all of them in turn, round after round; the first round does not count."""
    figures: dict[str, list[float]] = {name: [] for name in contestants}
    for round_ in range(rounds + 1):
        for name, contestant in contestants.items():
            figure = contestant()
            if round_:
                figures[name].append(figure)
    return {name: statistics.median(values) for name, values in figures.items()}


def percentile(figures: Sequence[float], share: float) -> float:
    """The figure below which this share of the figures lies."""
    return sorted(figures)[min(len(figures) - 1, int(share * len(figures)))]


def until_shown(terminal: Terminal, start: float, holds: Callable[[], bool], rest: float = 0.03) -> float:
    """Seconds from a start to the end of the frame with which something holds of the screen; a rest after each."""
    seconds = 0.0
    while not holds():
        terminal.paused, mark = True, terminal.mark()
        while FRAME_END not in terminal.since(mark):  # nothing else is done here, so that nothing else is timed
            assert terminal.pump(PATIENCE), terminal.text
        seconds = time.perf_counter() - start
        terminal.paused = False
        terminal.settle(rest)
    return seconds


def report(what: str, measured: float, goal: float, unit: str) -> None:
    """Say one figure and whether it is good enough."""
    over = measured > goal
    if over:
        missed.append(what)
    print(f"{what:58} goal {goal:8.2f} {unit:6} measured {measured:8.2f}{'  MISSED' if over else ''}", flush=True)


def finish() -> None:
    """End; with --check a goal that was missed is exit code 1."""
    sys.exit(1 if missed and "--check" in sys.argv else 0)


def app(
    *arguments: str, program: Sequence[str] = RNNTUI, size: tuple[int, int] = (120, 36), limit: int | None = None
) -> Terminal:
    """The app in a terminal and with a home of its own, in which the first minute was seen."""
    home = Path(tempfile.mkdtemp(prefix="rnntui-bench-"))
    (home / "state").mkdir()
    (home / "state" / "state.json").write_text('{"format": 1, "welcomed": true}', encoding="utf-8")
    return Terminal(arguments, environ={"RNNTUI_HOME": str(home)}, program=program, size=size, limit=limit)
