"""How far a training is: one line on stderr that is drawn anew, or a line now and then where stderr is no terminal."""

from __future__ import annotations

import math
import shutil
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rnntui.training.record import Snapshot

WIDTH: Final = 12
LINES: Final = 10
"""How many lines a whole training says where they cannot be drawn over."""


class Bar:
    """Draws snapshots. A terminal that is gone changes nothing."""

    def __init__(self) -> None:
        self._drawn = False
        self._said = -1
        self._live = False
        with suppress(OSError, ValueError):
            self._live = sys.stderr.isatty()

    def show(self, snapshot: Snapshot) -> None:
        """Draw where the training stands."""
        tenth = LINES * snapshot.step // snapshot.spec.steps
        if self._live:
            columns = shutil.get_terminal_size().columns
            self._write(f"\r{line(snapshot)[: columns - 1]:<{columns - 1}}")
            self._drawn = True
        elif tenth > self._said:
            self._said = tenth
            self._write(f"{line(snapshot)}\n")

    def done(self) -> None:
        """Leave the line to whoever writes next."""
        if self._drawn:
            self._write("\n")
            self._drawn = False

    def _write(self, text: str) -> None:
        encoding = sys.stderr.encoding or "utf-8"
        with suppress(OSError, ValueError):
            sys.stderr.write(text.encode(encoding, "replace").decode(encoding))
            sys.stderr.flush()


def line(snapshot: Snapshot) -> str:
    """Where a training stands, in one line."""
    share = snapshot.step / snapshot.spec.steps
    filled = round(WIDTH * share)
    left = f"{snapshot.seconds_left:.0f} s left" if snapshot.step else "starting"
    best = min(snapshot.baselines.values())
    parts = [
        f"[{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%} {left}",
        f"step {snapshot.step:,}/{snapshot.spec.steps:,}",
        f"bits/char: train {_number(snapshot.train_bpc)} val {_number(snapshot.val_bpc)} n-gram {best:.2f}",
        f"{snapshot.characters_per_second / 1000:.0f}k chars/s",
    ]
    return "  ".join(parts)


def _number(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "-"
