"""From a key to the screen: stepping, and leaving auto-play over a slow line. `python tests/bench/bench_keys.py`."""

import contextlib
import re
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measure import ROUNDS, SCENE, app, finish, medians, percentile, report, until_shown
from tests.terminal.terminal import RNNTUI, Terminal

STEP = re.compile(r"t = +(\d+) /")
PLAIN = [
    sys.executable,
    "-c",
    """
from textual.app import App
from textual.reactive import reactive
from textual.widgets import Static

class Plain(App):
    BINDINGS = [("right", "by(1)"), ("left", "by(-1)")]
    t = reactive(0)

    def compose(self):
        yield Static("t = 0 / 43")

    def watch_t(self, t):
        self.query_one(Static).update(f"t = {t} / 43")

    def action_by(self, by):
        self.t += by

Plain().run()
""",
]
"""The reference: a Textual app of one line that a key changes."""
LONG = (SCENE[0] + " ") * 228


def step(terminal: Terminal) -> int:
    """The t that the first lines show."""
    found = STEP.search("\n".join(terminal.screen.display[:4]))
    return int(found[1]) if found else -1


class Stepping:
    """An app that is open, and where it stands."""

    def __init__(self, *arguments: str, program: Sequence[str] = RNNTUI) -> None:
        self.terminal = app(*arguments, program=program)
        self.terminal.ready()
        self.at, self.forward = 0, True
        self.taken: list[float] = []
        """Seconds until each step was on the screen."""
        self.before = self.computed()

    def press(self) -> float:
        """Seconds from → or ← to the end of the frame that shows the next step."""
        terminal = self.terminal
        if self.at in {0, 43}:
            self.forward = self.at == 0
        self.at += 1 if self.forward else -1
        start = time.perf_counter()
        terminal.send("right" if self.forward else "left")
        seconds = until_shown(terminal, start, lambda: step(terminal) == self.at)
        terminal.settle(0.05)
        self.taken.append(seconds)
        return seconds

    def computed(self) -> float:
        """Seconds that the app's own process has computed until now, without its children."""
        times = psutil.Process(self.terminal.pid).cpu_times()
        return times.user + times.system

    @property
    def each(self) -> float:
        """Seconds that it has computed for a key, until all was quiet again."""
        return (self.computed() - self.before) / len(self.taken)


def stepping() -> tuple[dict[str, float], list[float], dict[str, float]]:
    """The medians of the reference, of a short text and of one of 10,000 characters; each step of the short one; and
    what each computes for a key."""
    apps = {
        "plain": Stepping(program=PLAIN),
        "43": Stepping("explore", *SCENE),
        "10,000": Stepping("explore", LONG[:10_000], *SCENE[1:]),
    }
    try:
        rounds = {name: lambda one=one: statistics.median(one.press() for _ in range(6)) for name, one in apps.items()}
        middle = medians(rounds)
        return middle, apps["43"].taken[6:], {name: one.each for name, one in apps.items()}
    finally:
        for one in apps.values():
            one.terminal.kill()


@contextlib.contextmanager
def playing() -> Iterator[Terminal]:
    """Auto-play at 20 steps a second over 64 kB/s."""
    terminal = app("explore", SCENE[0] * 9, *SCENE[1:], limit=64_000)
    try:
        terminal.ready()
        terminal.send("+", "+", "+", "+", "+", "space")
        terminal.wait_for(lambda: step(terminal) > 20)
        yield terminal
    finally:
        terminal.kill()


def slow_line() -> float:
    """Seconds until a key is answered while it plays: until it is seen at the first step again."""
    with playing() as terminal:
        start = time.perf_counter()
        terminal.send("home")
        terminal.wait_for(lambda: step(terminal) < 10)
        return time.perf_counter() - start


def speed() -> float:
    """Steps a second that it reaches."""
    with playing() as terminal:
        start, at = time.perf_counter(), step(terminal)
        terminal.wait_for(lambda: step(terminal) >= at + 60)
        return (step(terminal) - at) / (time.perf_counter() - start)


def main() -> None:
    """Print every figure with its goal."""
    middle, taken, computed = stepping()
    print(f"key to screen: T = 43 p99 {percentile(taken, 0.99) * 1e3:.0f} ms; medians of {ROUNDS} rounds of 6 keys:")
    for name, seconds in middle.items():
        print(f"  {name:8} {seconds * 1e3:6.1f} ms; the app computes {computed[name] * 1e3:.1f} ms a key")
    report("key to screen, stepping, hidden 32, 120x36, p95", percentile(taken, 0.95) * 1e3, 50, "ms")
    report("  T = 43 / a Textual app of one line that a key changes", middle["43"] / middle["plain"], 4.0, "x")
    report("  T = 10,000 / T = 43", middle["10,000"] / middle["43"], 1.5, "x")
    report("auto-play 20 Hz at 64 kB/s answers a key, worst of 3", max(slow_line() for _ in range(3)), 0.5, "s")
    print(f"auto-play at 20 steps a second reaches {speed():.1f} over 64 kB/s")
    finish()


if __name__ == "__main__":
    main()
