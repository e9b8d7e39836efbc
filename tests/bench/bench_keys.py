"""From a key to the screen: stepping, and leaving auto-play over a slow line. `python tests/bench/bench_keys.py`."""

import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measure import SCENE, app, finish, percentile, report
from tests.terminal.terminal import Terminal

FRAME_END = "\x1b[?2026l"
STEP = re.compile(r"t = +(\d+) /")


def step(terminal: Terminal) -> int:
    """The t that the first lines show."""
    found = STEP.search("\n".join(terminal.screen.display[:4]))
    return int(found[1]) if found else -1


def stepping(rounds: int = 200) -> list[float]:
    """Seconds from each → or ← to the end of its frame."""
    terminal = app("explore", *SCENE)
    taken, seconds = [], 0.0
    try:
        terminal.ready()
        forward, at = True, 0
        for _ in range(rounds):
            if at in {0, 43}:
                forward = at == 0
            at += 1 if forward else -1
            start = time.perf_counter()
            terminal.send("right" if forward else "left")
            while step(terminal) != at:
                terminal.paused, mark = True, terminal.mark()
                terminal.wait_for(lambda mark=mark: FRAME_END in terminal.sent[mark:])
                seconds = time.perf_counter() - start
                terminal.paused = False
                terminal.settle(0.03)
            taken.append(seconds)
            terminal.settle(0.05)
    finally:
        terminal.kill()
    return taken


def slow_line() -> float:
    """Seconds until Space stops auto-play at 20 steps a second over 64 kB/s: until it is seen that nothing moves."""
    terminal = app("explore", SCENE[0] * 9, *SCENE[1:], limit=64_000)
    try:
        terminal.ready()
        terminal.send("+", "+", "+", "+", "+", "space")
        terminal.wait_for(lambda: step(terminal) > 20)
        start = time.perf_counter()
        terminal.send("home")
        terminal.wait_for(lambda: step(terminal) < 10)
        return time.perf_counter() - start
    finally:
        terminal.kill()


def speed() -> float:
    """Steps a second that auto-play at 20 reaches over 64 kB/s."""
    terminal = app("explore", SCENE[0] * 9, *SCENE[1:], limit=64_000)
    try:
        terminal.ready()
        terminal.send("+", "+", "+", "+", "+", "space")
        terminal.wait_for(lambda: step(terminal) > 20)
        start, at = time.perf_counter(), step(terminal)
        terminal.wait_for(lambda: step(terminal) >= at + 60)
        return (step(terminal) - at) / (time.perf_counter() - start)
    finally:
        terminal.kill()


def main() -> None:
    """Print every figure with its goal."""
    taken = stepping()
    print(f"key to screen: median {percentile(taken, 0.5) * 1e3:.0f} ms, p99 {percentile(taken, 0.99) * 1e3:.0f} ms")
    report("key to screen, stepping, hidden 32, 120x36, p95", percentile(taken, 0.95) * 1e3, 50, "ms")
    report("auto-play 20 Hz at 64 kB/s answers a key, worst of 5", max(slow_line() for _ in range(5)), 0.5, "s")
    print(f"auto-play at 20 steps a second reaches {speed():.1f} over 64 kB/s")
    finish()


if __name__ == "__main__":
    main()
