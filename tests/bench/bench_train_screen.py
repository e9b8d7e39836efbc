"""The app while it trains, its Train screen open: speed, keys, memory. `python tests/bench/bench_train_screen.py`.

`--long` looks for ten minutes, else for one and a half; `--minutes M` for as long as one likes. The speed is compared
with the same loop alone in a bare process, by turns; of every key it is waited for what it shows.
"""

from __future__ import annotations

import itertools
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measure import FRAME_END, finish, percentile, report
from tests.bench.training import Bare, Training, at, collected, computed
from tests.terminal.terminal import PATIENCE, Terminal

MIB = 1 << 20
TURNS = 33
"""Many short ones: on a virtual machine one turn differs from the next by a fifth, whoever trains."""
LOOK_SECONDS = 0.25
"""How long what a key sends is collected before it is looked at, so that looking is not timed."""
FIRST_STEPS = 24
"""After so many there are checkpoints to go back to."""
CHARACTERS = 32 * 64
"""In an update of what the app trains in five minutes."""


def speed() -> None:
    """By turns: the app's training with its screen open, and the loop alone."""
    training, bare = Training("5 minutes"), Bare()
    try:
        turns = []
        for turn in range(TURNS):
            with_app, alone = training.turn(), bare.turn()
            if turn:
                turns.append((with_app, alone))
            print(f"  {turn}: {with_app[0] * CHARACTERS:,.0f} / {alone[0] * CHARACTERS:,.0f} characters/s")
    finally:
        training.terminal.kill()
        bare.process.kill()
    for kind, unit in enumerate(("second", "CPU second")):
        ratio = statistics.median(alone[kind] / with_app[kind] for with_app, alone in turns)
        report(f"the loop alone / with the screen, characters a {unit}", ratio, 1 / 0.9, "x")


def shown(terminal: Terminal, pattern: str) -> str:
    """What a pattern finds on the screen, or nothing."""
    found = re.search(pattern, terminal.text)
    return found[0] if found else ""


def corners(terminal: Terminal) -> list[object]:
    """The frames of the panes: where and whose they are, and how drawn, by which the one with the focus is seen."""
    lines = terminal.screen.cells()
    cells = ((x, line, y, cell) for y, line in enumerate(lines) for x, cell in enumerate(line))
    return [(x, y, cell[1], [one[0] for one in line[x + 3 : x + 7]]) for x, line, y, cell in cells if cell[0] == "╭"]


KEYS: dict[str, tuple[tuple[str, ...], Callable[[Terminal], object], tuple[str, ...]]] = {
    "character": (("right", "right", "right", "left"), lambda one: one.text.split("\n")[2].find("▲"), ()),
    "unit": (("down", "down", "down", "up"), lambda one: shown(one, r"▲ unit \d+"), ()),
    "pane": (("tab", "tab", "shift+tab"), corners, ()),
    "time": (("<", "<", ">", "space"), lambda one: shown(one, "as it was after [0-9,]+"), ()),
    "help": (("?",), lambda one: "Help" in one.text, ("\x1b",)),
    "screens": (("1", "3", "2", "3"), lambda one: one.text.split("\n")[3][:12], ()),
}
"""What is done → its keys, what each of them changes on the screen, and what is pressed after them untimed."""


def pressed(terminal: Terminal, key: str, look: Callable[[Terminal], object]) -> float:
    """Seconds from a key to the end of the frame that shows what it does."""
    before, start, mark, sent = look(terminal), time.perf_counter(), terminal.mark(), []
    terminal.send(key)
    while time.perf_counter() < start + PATIENCE:
        already, place = terminal.mark() - mark, None
        sent += [(already + much, when) for much, when in collected(terminal, LOOK_SECONDS)]
        for end in terminal.replay(FRAME_END):
            if place is None and look(terminal) != before:
                place = end - mark
        if place is not None:
            terminal.paused = False
            return at(sent, place) - start
    raise AssertionError(f"{key} changed nothing:\n{terminal.text}")


def keys(training: Training, rounds: int) -> dict[str, list[float]]:
    """Seconds of every key of each kind; the first round, in which screens are loaded, does not count."""
    terminal = training.terminal
    found: dict[str, list[float]] = {what: [] for what in KEYS}
    terminal.wait_for(lambda: training.step > FIRST_STEPS, 3 * PATIENCE)
    for round_ in range(rounds + 1):
        for what, (pressed_keys, look, after) in KEYS.items():
            if "finished ·" in terminal.text:
                training.go()
            taken = [pressed(terminal, key, look) for key in pressed_keys]
            for key in after:
                terminal.write(key)  # what trains never comes to rest, for which `send` would wait
                terminal.wait_for(lambda: "Help" not in terminal.text)
            if round_:
                found[what] += taken
    return found


def say_keys(found: dict[str, list[float]]) -> None:
    """Every kind's figures, then those of all."""
    for what, taken in found.items():
        median, slow = statistics.median(taken), percentile(taken, 0.95)
        print(f"  {what:10} {len(taken):4} keys: median {median * 1e3:5.1f} ms, p95 {slow * 1e3:5.1f} ms")
    taken = list(itertools.chain(*found.values()))
    for share, goal in ((0.95, 80), (0.99, 150)):
        report(f"key to screen while it trains, p{100 * share:.0f}", percentile(taken, share) * 1e3, goal, "ms")


def samples(training: Training, minutes: float) -> Iterator[tuple[float, float, float]]:
    """For so long, once a second: the app's resident memory, its CPU seconds, and the child's memory, in MiB."""
    end = time.perf_counter() + 60 * minutes
    while time.perf_counter() < end:
        until = time.perf_counter() + 1.0
        while (left := until - time.perf_counter()) > 0:
            training.terminal.pump(left)
        if "finished ·" in training.terminal.text:
            training.go()
        yield training.ui.memory_info().rss / MIB, computed(training.ui), training.child.memory_info().rss / MIB


def memory(training: Training, minutes: float) -> None:
    """How the app's memory goes, and how large the child becomes."""
    found = list(samples(training, minutes))
    part, half = min(60, len(found) // 4), len(found) // 2
    pieces = found[:part], found[half : half + part], found[-part:]
    first, middle, last = (statistics.median(one for one, _, _ in piece) for piece in pieces)
    spent = found[-1][1] - found[0][1]
    print(f"the app computes {100 * spent / (60 * minutes):.0f} % of a core")
    print(f"  {first:.1f} MiB at first, {middle:.1f} half-way, when what is remembered is full, {last:.1f} at last")
    grown = (last / middle - 1) / max(1.0, minutes / 2 - part / 60)
    report("the app's memory, growth a minute of the second half", 100 * grown, 0.5, "%")
    report("  at last, of the first minute's", last / first, 1.1, "x")
    report("resident memory of the process that trains", max(one for _, _, one in found), 400, "MiB")


def main() -> None:
    """Print every figure with its goal."""
    long = "--long" in sys.argv
    minutes = float(sys.argv[sys.argv.index("--minutes") + 1]) if "--minutes" in sys.argv else 10.0 if long else 1.5
    speed()
    training = Training("5 minutes")
    try:
        say_keys(keys(training, 30 if long else 10))
        memory(training, minutes)
    finally:
        training.terminal.kill()
    finish()


if __name__ == "__main__":
    main()
