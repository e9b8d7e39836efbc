"""Bytes that a step sends to the terminal, and that stock Textual would. `python tests/bench/bench_bytes.py`."""

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measure import SCENE, app, finish, medians, report
from tests.terminal.terminal import RNNTUI

STOCK = [
    sys.executable,
    "-c",
    "import sys; from rnntui.ui import frame; frame.supported = lambda: False;"
    "from rnntui.cli.main import main; sys.argv[0] = 'rnntui'; main()",
]


class Sending:
    """An app that is open, and how many bytes a key makes it send."""

    def __init__(self, program: Sequence[str]) -> None:
        self.terminal = app("explore", *SCENE, program=program)
        self.terminal.ready()
        self.most: dict[str, int] = {}

    def press(self, key: str) -> int:
        """Bytes sent until it is quiet again."""
        mark = self.terminal.mark()
        self.terminal.send(key)
        self.terminal.wait_for(lambda: self.terminal.mark() > mark)
        self.terminal.settle(0.1)
        sent = len(self.terminal.since(mark).encode())
        self.most[key] = max(sent, self.most.get(key, 0))
        return sent


def main() -> None:
    """Print every figure with its goal: the same app as it is, and as it is when Textual alone sends its frames."""
    apps = {"ours": Sending(RNNTUI), "stock": Sending(STOCK)}
    try:
        for key, what in (("right", "a step"), ("n", "a sub-step"), ("down", "a unit")):
            middle = medians({name: lambda one=one, key=key: one.press(key) for name, one in apps.items()})
            print(
                f"{what}: median {middle['ours']:,.0f}, most {apps['ours'].most[key]:,}; stock {middle['stock']:,.0f}"
            )
            if key == "right":
                report("bytes a step, hidden 32, 120x36, truecolor, median", middle["ours"], 2500, "bytes")
            report(f"  {what} / the same app, sent by stock Textual", middle["ours"] / middle["stock"], 1.0, "x")
    finally:
        for one in apps.values():
            one.terminal.kill()
    finish()


if __name__ == "__main__":
    main()
