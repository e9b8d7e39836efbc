"""How long `rnntui --help` takes, as a multiple of `python -c "import click"`, in one run.

`python tests/bench/bench_help.py [--check]`: medians of 15, interleaved; with --check a miss exits with 1.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
GOAL = 2.0
PYTHON = sys.executable
RNNTUI = str(Path(PYTHON).with_name("rnntui"))
CONTESTANTS = {
    "import click": [PYTHON, "-c", "import click"],
    "--help": [RNNTUI, "--help"],
    "--version": [RNNTUI, "--version"],
    "step --help": [RNNTUI, "step", "--help"],
}


def seconds(command: list[str]) -> float:
    """How long one run of a command takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Measure, print, and with --check judge."""
    times: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for round_ in range(-1, ROUNDS):
        for name, command in CONTESTANTS.items():
            took = seconds(command)
            if round_ >= 0:
                times[name].append(took)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    base = medians["import click"]
    missed = False
    for name, median in medians.items():
        ratio = median / base
        missed |= ratio > GOAL
        print(f"{name:<14} {median * 1000:6.1f} ms  {ratio:4.2f} x  {'MISSED' if ratio > GOAL else ''}".rstrip())
    return int(missed and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
