"""What the panes of the Train screen hold, as rows of numbers: for a file that another program reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rnntui.core.trace import Array
from rnntui.paint.painting import Painting
from rnntui.scene import Cursor
from rnntui.training.curve import Curve
from rnntui.training.progress import Progress
from rnntui.ui.export import Table

Row = Sequence[object]


def table(progress: Progress, cursor: Cursor, pane: str, painting: Painting) -> Table:
    """The values that a pane shows, or the lines of its text where it shows no others."""
    reading = progress.reading
    if pane == "bits":
        return Table(("run", "what", "step", "bits per character"), _bits(progress))
    if pane == "norm":
        return Table(("run", "step", "gradient norm", "clip"), _norms(progress))
    if pane == "ratio":
        layers = tuple(dict.fromkeys(layer for _, curve in _runs(progress) for layer in curve.ratios))
        return Table(("run", "step", *layers), _ratios(progress, layers))
    if pane == "writing" and (sample := progress.sample) is not None:
        written = zip(range(1, len(sample.text) + 1), sample.text, map(int, sample.seen), strict=True)
        return Table(("place", "character", "seen in training"), written)
    if pane == "chances" and reading is not None:
        row = progress.clamp(cursor).t - 1
        chances: list[float] = reading.chances[row].tolist()
        expected = sorted(zip(chances, reading.characters, strict=True), reverse=True)
        names = "character", f"probability after t={row + 1}"
        return Table(names, ((character, chance) for chance, character in expected))
    if pane == "neuron" and (neurons := progress.neurons) is not None:
        unit = progress.clamp(cursor).unit
        read = zip(range(1, len(neurons.text) + 1), neurons.text, neurons.units[:, unit].tolist(), strict=True)
        return Table(("t", "character", f"unit {unit}"), read)
    if pane in ("sequence", "h", "gates") and reading is not None:
        layer = progress.clamp(cursor).layer
        values = reading.layers[layer]
        return Table(("t", "character", "layer", "unit", *values), _units(reading.text, layer, list(values.values())))
    return Table(("text",), ((line,) for line in painting.text().split("\n")))


def _runs(progress: Progress) -> Iterator[tuple[str, Curve]]:
    """Every curve under a name of its own, the earlier runs first."""
    for number, curve in enumerate((*progress.earlier, progress.curve), 1):
        yield f"{number} {curve.name}", curve


def _bits(progress: Progress) -> Iterator[Row]:
    """Every point of every curve, then what counting n-grams reaches."""
    for run, curve in _runs(progress):
        yield from _points(run, curve)
    known = progress.snapshot.baselines if progress.snapshot is not None else {}
    for order, bits in known.items():
        yield "", f"{order}-grams", "", bits


def _points(run: str, curve: Curve) -> Iterator[Row]:
    for what, steps, bits in (
        ("training", curve.steps, curve.training),
        ("validation", curve.val_steps, curve.validation),
    ):
        for step, value in zip(steps.tolist(), bits.tolist(), strict=True):
            yield run, what, int(step), value


def _norms(progress: Progress) -> Iterator[Row]:
    for run, curve in _runs(progress):
        for step, norm, clip in zip(curve.steps.tolist(), curve.norms.tolist(), curve.clips.tolist(), strict=True):
            yield run, int(step), norm, clip


def _ratios(progress: Progress, layers: Sequence[str]) -> Iterator[Row]:
    for run, curve in _runs(progress):
        for row, step in enumerate(curve.steps.tolist()):
            yield run, int(step), *(float(curve.ratios[one][row]) if one in curve.ratios else "" for one in layers)


def _units(text: str, layer: int, columns: Sequence[Array]) -> Iterator[Row]:
    """A row for each character and unit."""
    for row, character in enumerate(text):
        for unit in range(columns[0].shape[1]):
            yield row + 1, character, layer, unit, *(float(values[row, unit]) for values in columns)
