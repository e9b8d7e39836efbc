"""How much of a core the app and its children use while nobody does anything. `python tests/bench/bench_idle.py`."""

import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.bench_start import EMPTY, PAINTED
from tests.bench.measure import app, finish, report
from tests.terminal.terminal import Terminal

SECONDS = 10.0


def share(terminal: Terminal) -> tuple[float, float, int]:
    """Percent of a core that the program and its children use, and the bytes that it sends meanwhile."""
    processes = [psutil.Process(terminal.pid), *terminal.children()]

    def used() -> list[float]:
        return [sum(process.cpu_times()[:2]) for process in processes]

    before, mark, start = used(), terminal.mark(), time.monotonic()
    while time.monotonic() - start < SECONDS:
        terminal.pump(SECONDS / 10)
    spent = [after - was for after, was in zip(used(), before, strict=True)]
    return 100 * spent[0] / SECONDS, 100 * sum(spent[1:]) / SECONDS, terminal.mark() - mark


def main() -> None:
    """Print every figure with its goal."""
    terminal, empty = app("explore"), app(program=EMPTY)
    try:
        empty.wait_for(lambda: PAINTED in empty.sent)
        terminal.ready()
        for one in (empty, terminal):
            one.settle(1.0)
        print(f"an empty Textual app: {share(empty)[0]:.2f} % of a core")
        own, children, sent = share(terminal)
        print(f"the app {own:.2f} %, its children {children:.2f} %, {sent} bytes sent in {SECONDS:g} s")
        report("idle, the app and its children", own + children, 1.0, "%")
    finally:
        terminal.kill()
        empty.kill()
    finish()


if __name__ == "__main__":
    main()
