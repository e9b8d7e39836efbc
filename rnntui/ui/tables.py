"""What the panes of the Train screen hold, as rows of numbers: for a file that another program reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rnntui.paint.painting import Painting
from rnntui.scene import Cursor
from rnntui.training.curve import Curve
from rnntui.training.neurons import Neurons
from rnntui.training.progress import Progress
from rnntui.training.record import Reading, Sample
from rnntui.ui.export import Table

Row = Sequence[object]


def table(progress: Progress, cursor: Cursor, pane: str, painting: Painting) -> Table:
    """The values that a pane shows, or the lines of its text where it shows no others."""
    curves = {"bits": bits, "norm": norms, "ratio": ratios}
    if pane in curves:
        return curves[pane](progress)
    if pane == "writing" and progress.sample is not None:
        return written(progress.sample)
    if pane == "neuron" and progress.neurons is not None:
        return neuron(progress.neurons, progress.clamp(cursor).unit)
    if progress.reading is not None and pane == "chances":
        return chances(progress.reading, progress.clamp(cursor).t)
    if progress.reading is not None and pane in ("sequence", "h", "gates"):
        return units(progress.reading, progress.clamp(cursor).layer)
    return Table(("text",), ((line,) for line in painting.text().split("\n")))


def _runs(progress: Progress) -> Iterator[tuple[str, Curve]]:
    """Every curve under a name of its own, the earlier runs first."""
    for number, curve in enumerate((*progress.earlier, progress.curve), 1):
        yield f"{number} {curve.name}", curve


def bits(progress: Progress) -> Table:
    """Every point of every curve, then what counting n-grams reaches."""

    def rows() -> Iterator[Row]:
        for run, curve in _runs(progress):
            for what, steps, values in (
                ("training", curve.steps, curve.training),
                ("validation", curve.val_steps, curve.validation),
            ):
                for step, value in zip(steps.tolist(), values.tolist(), strict=True):
                    yield run, what, int(step), value
        known = progress.snapshot.baselines if progress.snapshot is not None else {}
        for order, value in known.items():
            yield "", f"{order}-grams", "", value

    return Table(("run", "what", "step", "bits per character"), rows())


def norms(progress: Progress) -> Table:
    """The gradient's norm at every update that was measured, beside the largest that was allowed."""

    def rows() -> Iterator[Row]:
        for run, curve in _runs(progress):
            for step, norm, clip in zip(curve.steps.tolist(), curve.norms.tolist(), curve.clips.tolist(), strict=True):
                yield run, int(step), norm, clip

    return Table(("run", "step", "gradient norm", "clip"), rows())


def ratios(progress: Progress) -> Table:
    """How far each layer's weights moved at an update, against their own size; nothing for a layer a run has not."""
    layers = tuple(dict.fromkeys(layer for _, curve in _runs(progress) for layer in curve.ratios))

    def rows() -> Iterator[Row]:
        for run, curve in _runs(progress):
            for row, step in enumerate(curve.steps.tolist()):
                yield run, int(step), *(float(curve.ratios[one][row]) if one in curve.ratios else "" for one in layers)

    return Table(("run", "step", *layers), rows())


def written(sample: Sample) -> Table:
    """What the model writes, character by character."""
    places = range(1, len(sample.text) + 1)
    rows = zip(places, sample.text, map(int, sample.seen), strict=True)
    return Table(("place", "character", "seen in training"), rows)


def neuron(neurons: Neurons, unit: int) -> Table:
    """One unit along the text that the neuron view reads."""
    rows = zip(range(1, len(neurons.text) + 1), neurons.text, neurons.units[:, unit].tolist(), strict=True)
    return Table(("t", "character", f"{neurons.symbol} of unit {unit}"), rows)


def chances(reading: Reading, t: int) -> Table:
    """What is expected after a character, the likeliest first."""
    values: list[float] = reading.chances[t - 1].tolist()
    expected = sorted(zip(values, reading.characters, strict=True), reverse=True)
    return Table(("character", f"probability after t={t}"), ((character, chance) for chance, character in expected))


def units(reading: Reading, layer: int) -> Table:
    """Every gate and state of a layer, a row for each character and unit."""
    values = reading.layers[layer]
    columns = list(values.values())

    def rows() -> Iterator[Row]:
        for row, character in enumerate(reading.text):
            for unit in range(columns[0].shape[1]):
                yield row + 1, character, layer, unit, *(float(one[row, unit]) for one in columns)

    return Table(("t", "character", "layer", "unit", *values), rows())
