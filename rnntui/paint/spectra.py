"""How a step stretches: singular values of the recurrent weights and of the step Jacobians, and of their product."""

from __future__ import annotations

from typing import Final

import numpy as np

from rnntui.core.flow import Spectrum, Study
from rnntui.core.trace import Array
from rnntui.paint import diagram, magnitude, plot
from rnntui.paint.cells import Brush, clip, fit
from rnntui.paint.cells import width as columns_of
from rnntui.paint.grid import Grid
from rnntui.paint.magnitude import LN10, said
from rnntui.paint.painting import Line, Painting
from rnntui.paint.palette import Palette
from rnntui.paint.wrap import wrap
from rnntui.scene import Cursor

ABREAST: Final = 64
"""Columns from which two plots stand side by side."""
LEAST_PLOT: Final = 4
Named = tuple[str, Array]


def title(study: Study, cursor: Cursor) -> str:
    """What is shown, and of which lane where there are several."""
    return f"Spectrum · how much a step stretches{diagram.lane(study.trace, cursor)}"


def paint(
    spectrum: Spectrum | str | None, study: Study, cursor: Cursor, width: int, height: int, palette: Palette
) -> Painting:
    """The recurrent weights a line a gate, then the step Jacobians over time and their product over distance.

    Or why there is none, in words; None while it is being computed.
    """
    brush = Brush(width, height)
    if spectrum is None or isinstance(spectrum, str):
        brush.line()
        for line in wrap(spectrum or "computing…", width - 2, max(1, height - 1)):
            brush.line().add(clip(f" {line}", width), palette.notice)
        return brush.painting()
    rows = len(spectrum.recurrent)
    largest = max((float(values.max(initial=0.0)) for values in spectrum.recurrent.values()), default=1.0)
    for gate, values in spectrum.recurrent.items():
        name = f"W_h{gate}" if gate in study.trace.symbols else f"W_{gate}"
        _block(brush, name, values, spectrum.radius[gate], largest, palette)
    texts = _words(spectrum)
    words = next((text for text in texts if columns_of(text) < width), texts[-1])
    brush.line().add(clip(f" {words}", width), palette.notice)
    room = height - rows - 1
    if room < LEAST_PLOT + 1:
        return brush.painting()
    with np.errstate(divide="ignore"):
        sizes, noise = spectrum.jacobians, np.finfo(np.float64).eps * spectrum.jacobians[:, :1]
        jacobians = np.log10(np.where(sizes > noise, sizes, 0.0))
    steps = [("largest", jacobians[:, 0]), ("median", np.median(jacobians, axis=1)), ("smallest", jacobians[:, -1])]
    products = [("bound", spectrum.bound / LN10), ("product", spectrum.product / LN10)]
    times, distances = spectrum.steps.astype(np.float64), spectrum.distances.astype(np.float64)
    lines: list[Line]
    if width >= ABREAST:
        half = (width - 2) // 2
        left = _plot("σ of ∂state/∂before, by t", times, steps, half, room, palette, cursor.t)
        right = _plot("‖their product‖, by distance", distances, products, width - half - 2, room, palette)
        lines = [[*one, *Grid(2, 1, palette.text).lines()[0], *other] for one, other in zip(left, right, strict=True)]
    elif room >= 2 * (LEAST_PLOT + 2):
        upper = room // 2
        lines = _plot("σ of ∂state/∂before, by t", times, steps, width, upper, palette, cursor.t)
        lines += _plot("‖their product‖, by distance", distances, products, width, room - upper, palette)
    else:
        lines = _plot("‖product of the steps‖, by distance", distances, products, width, room, palette)
    return Painting([*brush.painting().lines, *lines])


def _block(brush: Brush, name: str, values: Array, radius: float, largest: float, palette: Palette) -> None:
    """The singular values of one block on a ruler from 0 to the largest of all, with a mark at 1."""
    brush.line().add(fit(f" {name} ", 8), palette.title)
    words = f"σ {values.max(initial=0.0):.2f}…{values.min(initial=np.inf):.2f}  ρ {radius:.2f}"
    room = brush.columns - brush.column - columns_of(words) - 2
    if room >= 10 and np.isfinite(values).all():
        end = max(largest, 1.0) * 1.02
        ruler = ["─"] * room
        ruler[round(1 / end * (room - 1))] = "┼"
        for value in values:
            ruler[round(float(value) / end * (room - 1))] = "●"
        brush.add("".join(ruler), palette.positive).add("  ", palette.text)
    brush.add(words, palette.text)


def _words(spectrum: Spectrum) -> list[str]:
    """What is to be seen, in every length, the longest first."""
    if not len(spectrum.product):
        return ["One step only: there is no product."]
    far = int(spectrum.distances[-1])
    product = f"over {far:,} {'step' if far == 1 else 'steps'} the product is {said(float(spectrum.product[-1]))}"
    bound = f"its bound {said(float(spectrum.bound[-1]))}"
    return [f"┼ is 1 · {product}, {bound}", f"{product}, {bound}", product]


def _plot(
    heading: str, x: Array, named: list[Named], width: int, height: int, palette: Palette, at: int | None = None
) -> list[Line]:
    """A small plot of decades: heading, lines, an axis at the left; the names stand in the order given, downwards."""
    grid = Grid(width, height, palette.text)
    ranged = f"{heading} {x[0]:,.0f}…{x[-1]:,.0f}"
    grid.put(1, 0, clip(ranged if len(x) > 1 and columns_of(ranged) < width else heading, width - 1), palette.dim)
    room = height - 1
    bounds = plot.frame(x, [y for _, y in named], 2, 2)
    if bounds is None:
        nothing = all(np.isneginf(y).all() for _, y in named)
        grid.put(1, 1, clip("0 everywhere" if nothing else "no finite number", width - 1), palette.notice)
        return grid.lines()
    ticks = magnitude.ticks(bounds.low, bounds.high, max(2, room // 2))
    gutter = max((columns_of(words) for _, words in ticks), default=1) + 2
    labels = max(columns_of(name) for name, _ in named) + 1
    frame = plot.frame(x, [y for _, y in named], width - gutter - labels, room)
    if frame is None:
        return grid.lines()
    for y in range(1, height):
        grid.put(gutter - 1, y, "│", palette.faint)
    for tick, words in ticks:
        y = 1 + frame.line(tick)
        grid.put(gutter - 1 - columns_of(words), y, words, palette.dim)
        grid.put(gutter - 1, y, "┤", palette.faint)
    if at is not None and frame.left <= at <= frame.right:
        for y in range(1, height):
            grid.put(gutter + frame.column(at), y, "│", palette.cursor)
    above = 0
    inks = (palette.series[0], palette.series[1], palette.series[3])
    for left, ink, (name, values) in zip(range(len(named) - 1, -1, -1), inks, named, strict=False):
        for y, row in enumerate(plot.raster(x, values, frame), start=1):
            grid.lay(gutter, y, row, ink)
        finite = np.flatnonzero(np.isfinite(values))
        if finite.size:
            above = max(above + 1, min(1 + frame.line(float(values[finite[-1]])), height - 1 - left))
            grid.put(width - labels + 1, above, name, ink)
    return grid.lines()
