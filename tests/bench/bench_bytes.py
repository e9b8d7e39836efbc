"""Bytes that a step sends to the terminal, and that stock Textual would. `python tests/bench/bench_bytes.py`."""

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measure import SCENE, app, finish, report
from tests.terminal.terminal import RNNTUI

STOCK = [
    sys.executable,
    "-c",
    "import sys; from rnntui.ui import frame; frame.supported = lambda: False;"
    "from rnntui.cli.main import main; sys.argv[0] = 'rnntui'; main()",
]


def steps(program: Sequence[str], key: str = "right", rounds: int = 40) -> list[int]:
    """Bytes that each press of a key sends."""
    terminal = app("explore", *SCENE, program=program)
    sent = []
    try:
        terminal.ready()
        for _ in range(rounds):
            mark = terminal.mark()
            terminal.send(key)
            terminal.wait_for(lambda mark=mark: terminal.mark() > mark)
            terminal.settle(0.1)
            sent.append(len(terminal.since(mark).encode()))
    finally:
        terminal.kill()
    return sent


def main() -> None:
    """Print every figure with its goal."""
    ours, stock = steps(RNNTUI), steps(STOCK)
    print(f"a step: median {statistics.median(ours):,.0f}, most {max(ours):,}; stock {statistics.median(stock):,.0f}")
    report("bytes a step, hidden 32, 120x36, truecolor, median", statistics.median(ours), 2500, "bytes")
    report("  as a share of stock Textual's", statistics.median(ours) / statistics.median(stock), 1.0, "x")
    for key in ("n", "down"):
        print(f"  {key}: median {statistics.median(steps(RNNTUI, key, 20)):,.0f} bytes")
    finish()


if __name__ == "__main__":
    main()
