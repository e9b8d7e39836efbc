"""How long until something is seen: the first paint, the first trace, the help."""

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measure import app, finish, medians, report
from tests.terminal.terminal import RNNTUI

EMPTY = [sys.executable, "-c", "from textual.app import App; App().run()"]
PAINTED = "\x1b[?2026l"
TRACED = re.compile(r"t = +\d+ /")
IMPORT = [sys.executable, "-c", "import torch"]


def first_paint(program: Sequence[str], *arguments: str) -> float:
    """Seconds from the start of a program to its first frame."""
    start = time.perf_counter()
    terminal = app(*arguments, program=program)
    try:
        terminal.wait_for(lambda: PAINTED in terminal.sent)
        return time.perf_counter() - start
    finally:
        terminal.kill()


def first_trace() -> float:
    """Seconds from the start of the app to the first trace on the screen."""
    start = time.perf_counter()
    terminal = app("explore", "the quick brown fox")
    try:
        terminal.wait_for(lambda: TRACED.search(terminal.text))
        return time.perf_counter() - start
    finally:
        terminal.kill()


def run(*command: str) -> float:
    """Seconds that a command takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print every figure with its goal."""
    paint = medians({"empty": lambda: first_paint(EMPTY), "app": lambda: first_paint(RNNTUI, "explore", "hello")})
    print(f"an empty Textual app {paint['empty']:.3f} s, rnntui {paint['app']:.3f} s")
    report("first paint / an empty Textual app's", paint["app"] / paint["empty"], 1.4, "x")
    help_ = medians({"click": lambda: run(sys.executable, "-c", "import click"), "app": lambda: run(*RNNTUI, "--help")})
    print(f"import click {help_['click']:.3f} s, rnntui --help {help_['app']:.3f} s")
    report("--help / python -c 'import click'", help_["app"] / help_["click"], 2.0, "x")
    trace = medians({"torch": lambda: run(*IMPORT), "app": first_trace})
    print(f"import torch {trace['torch']:.3f} s, first trace on the screen after {trace['app']:.3f} s")
    report("first trace - import torch alone", trace["app"] - trace["torch"], 0.4, "s")
    print(f"first trace / import torch alone {trace['app'] / trace['torch']:.2f} x")
    finish()


if __name__ == "__main__":
    main()
