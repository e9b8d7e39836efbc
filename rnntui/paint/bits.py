"""Bits per character over the steps of a training: what is learned from, what is not, n-grams, and earlier runs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnntui.paint import learning, plot
from rnntui.paint.learning import DASH, MARKS, UNMARKED, Line, ink
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor
from rnntui.training.progress import Progress


def title(_progress: Progress, _cursor: Cursor) -> str:
    """What is drawn."""
    return "Bits per character"


def best(progress: Progress) -> tuple[int, float] | None:
    """The order of the n-gram model that best predicts what the validation curve reads, and its bits per character."""
    return lowest(progress.snapshot.baselines if progress.snapshot is not None else {})


def lowest(known: Mapping[int, float]) -> tuple[int, float] | None:
    """The order with the fewest bits per character, and these."""
    return min(known.items(), key=lambda one: one[1], default=None)


def paint(progress: Progress, _cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The lines over the steps, and a legend with where each of them stands now."""
    return learning.paint(progress, _lines(progress, palette), "{:.2f}".format, _scale, width, height, palette)


def _scale(low: float, high: float, most: int) -> dict[float, str]:
    return {bits: str(bits) for bits in plot.ticks(low, high, most)}


def _lines(progress: Progress, palette: Palette) -> list[Line]:
    """The newest run's two lines, the n-grams, then the validation of the earlier runs, the newest first."""
    curve, baseline = progress.curve, best(progress)
    found: list[Line] = []
    if curve.steps.size:
        found.append(Line(UNMARKED, "training", curve.steps, curve.training, palette.dim))
    if curve.val_steps.size:
        found.append(Line(MARKS[0], "validation", curve.val_steps, curve.validation, ink(palette, 0)))
    if baseline is not None:
        found.append(Line(DASH, "best n-gram", np.zeros(1), np.array([baseline[1]]), palette.notice))
    for place, one in enumerate(reversed(progress.earlier), start=1):
        if one.val_steps.size:
            found.append(Line(MARKS[place], f"before: {one.name}", one.val_steps, one.validation, ink(palette, place)))
    return found
