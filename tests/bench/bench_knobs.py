"""From a knob of the Gradients screen to its curves, in a real terminal. `python tests/bench/bench_knobs.py`.

Three cells of 200 steps are computed anew, walked back, drawn and sent. On a busy machine the fastest turns tell most.
"""

import statistics
import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measure import app, finish, medians, percentile, report, until_shown

SCENE = "gradients:cell=lstm,text=the%20quick%20brown%20fox,length=200,hidden={hidden},init=forget-bias%3D1"
SIZES = {"120x36": (120, 36), "200x50": (200, 50)}
HIDDEN = (8, 32)
ROUNDS = 10
EACH = 4
"""Knobs turned in a round; the first round does not count."""


class Turning:
    """An app with the gradients of 200 steps of three cells, whose forget bias goes from 1 to 2 and back."""

    def __init__(self, hidden: int, size: tuple[int, int]) -> None:
        self.terminal = app("explore", "--scene", SCENE.format(hidden=hidden), size=size)
        self.terminal.wait_for("forget bias of 1 ", 60)
        self.terminal.settle()
        self.bias = 1
        self.taken: list[float] = []
        """Seconds until each turn was on the screen."""
        self.computed: list[float] = []
        """Seconds of a processor that each turn took, of the app and of all its children."""

    def turn(self) -> float:
        """Seconds from the key to the end of the frame with the new sentence, which comes with the new curves."""
        terminal = self.terminal
        self.bias = 3 - self.bias
        before, start = self.processor(), time.perf_counter()
        terminal.send("f" if self.bias == 2 else "F")
        seconds = until_shown(terminal, start, lambda: f"forget bias of {self.bias} " in terminal.text, rest=0)
        terminal.wait_for(lambda: "computing…" not in terminal.text)  # the spectrum, where it is on the screen
        terminal.settle(0.1)
        self.taken.append(seconds)
        self.computed.append(self.processor() - before)
        return seconds

    def processor(self) -> float:
        """Seconds of a processor so far."""
        times = [one.cpu_times() for one in (psutil.Process(self.terminal.pid), *self.terminal.children())]
        return sum(one.user + one.system for one in times)


def main() -> None:
    """Print every figure with its goal."""
    apps = {(hidden, name): Turning(hidden, size) for hidden in HIDDEN for name, size in SIZES.items()}
    try:
        rounds = {
            f"{hidden} {name}": lambda one=one: statistics.median(one.turn() for _ in range(EACH))
            for (hidden, name), one in apps.items()
        }
        middle = medians(rounds, ROUNDS)
    finally:
        for one in apps.values():
            one.terminal.kill()
    for (hidden, name), one in apps.items():
        taken, computed = sorted(one.taken[EACH:]), statistics.median(one.computed[EACH:])
        print(
            f"fastest {taken[0] * 1e3:.0f} ms, p95 {percentile(taken, 0.95) * 1e3:.0f} ms, "
            f"{computed * 1e3:.0f} ms of a processor a turn"
        )
        report(f"knob to curves, 3 cells, T 200, hidden {hidden}, {name}", middle[f"{hidden} {name}"] * 1e3, 150, "ms")
    finish()


if __name__ == "__main__":
    main()
