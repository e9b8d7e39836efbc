"""What a model in training writes by itself; before there is one, which key starts it."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from rnntui.errors import counted
from rnntui.paint.cells import Brush
from rnntui.paint.cells import width as columns_of
from rnntui.paint.clusters import clusters
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.safe import safe_text
from rnntui.paint.wrap import wrap
from rnntui.scene import Cursor
from rnntui.training.progress import Progress
from rnntui.training.record import Sample
from rnntui.training.spec import CharModelSpec

CORPORA: Final = {"stdlib-docs": "Python's own docstrings", "stdlib-source": "Python's own source"}
SHOWN_PRIME: Final = 24


def title(progress: Progress, _cursor: Cursor) -> str:
    """How boldly it writes, and from what."""
    sample, snapshot = progress.sample, progress.snapshot
    if sample is None or snapshot is None:
        return "It will write here"
    knobs = snapshot.knobs
    taste = [f"temperature {knobs.temperature:g}"]
    taste += [f"top-k {knobs.top_k}"] * bool(knobs.top_k) + [f"top-p {knobs.top_p:g}"] * (knobs.top_p < 1)
    words = f"It writes ({', '.join(taste)})"
    prime = safe_text(sample.prime.strip("\n"), SHOWN_PRIME)
    return f"{words} after “{prime}”" if prime else words


def paint(progress: Progress, _cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The text with its line ends kept, what is copied from the training text dim, and how much that is.

    Above it stands why the training cannot go on, where that is so.
    """
    brush, sample = Brush(width, height), progress.sample
    if sample is None:
        for line in invitation(progress).split("\n"):
            for piece in wrap(line, width, height):
                brush.line().add(piece, palette.text)
        return brush.painting()
    if progress.snapshot is not None and progress.past is None:
        for piece in wrap(progress.snapshot.stopped, width, height - 2) if progress.snapshot.stopped else ():
            brush.line().add(piece, palette.notice)
    for runs in _lines(sample, width)[: max(0, brush.lines_left - 1)]:
        brush.line()
        for words, seen in runs:
            brush.add(words, palette.faint if seen else palette.text)
    while brush.lines_left > 1:
        brush.line()
    brush.line().add(f"new: {sample.new:.0%}".replace("%", " %"), palette.title)
    brush.add(f"   seen in training: {1 - sample.new:.0%}".replace("%", " %"), palette.faint)
    return brush.painting()


def invitation(progress: Progress) -> str:
    """What stands there before the first training, or while it begins."""
    spec = progress.spec
    if progress.state == "starting":
        return "Reading the text, and measuring how fast this machine learns…"
    if progress.offered is not None:
        return "Reading what the run has kept…"
    if progress.state != "idle":
        return "No step has been made yet."
    tiny = f"a tiny {spec.cell_title} ({counted(spec.hidden, 'unit')})"
    return (
        f"Press Space to train {tiny} on {subject(spec)} for {length(progress)}.\n\n"
        "It starts from random weights and writes noise. Every second or so, what it writes by then appears here."
    )


def subject(spec: CharModelSpec) -> str:
    """What is learned from, in a few words."""
    return safe_text(spec.file, 60) if spec.file else CORPORA.get(spec.corpus, spec.corpus)


def length(progress: Progress) -> str:
    """About how long a training is to take."""
    return f"{progress.seconds} s" if progress.seconds < 120 else f"{progress.seconds // 60} minutes"


@lru_cache(maxsize=2)
def _lines(sample: Sample, width: int) -> list[list[tuple[str, bool]]]:
    """The text in lines of at most so many columns, broken at spaces; what is copied and what is not by turns."""
    lines: list[list[tuple[str, bool]]] = [[]]
    place, used = 0, 0
    for cluster in clusters(sample.text):
        mark = sample.seen[place]
        place += len(cluster)
        if cluster == "\n":
            lines.append([])
            used = 0
            continue
        lines[-1].append((safe_text(cluster), mark))
        used += columns_of(lines[-1][-1][0])
        if cluster != " " and used > width:
            at = _break(lines[-1])
            lines[-1:] = [lines[-1][:at], lines[-1][at:]]
            used = sum(columns_of(shown) for shown, _ in lines[-1])
    for line in lines:
        while sum(columns_of(shown) for shown, _ in line) > width and line[-1][0] == " ":
            line.pop()
    return [
        [("".join(shown for shown, _ in run), seen) for seen, run in groupby(line, key=itemgetter(1))] for line in lines
    ]


def _break(line: list[tuple[str, bool]]) -> int:
    """Where a line that has become too long goes on: after its last space, or else before its last character."""
    words = "".join(" " if shown == " " else "x" for shown, _ in line[:-1])
    return words.rindex(" ") + 1 if " " in words.lstrip(" ") else len(line) - 1
