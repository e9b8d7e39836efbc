"""What the Gradients screen shows, on one sheet: for the command line's picture of a gradient on its way back."""

from __future__ import annotations

from rich.segment import Segment

from rnntui.core.flow import Study
from rnntui.paint import backflow, clipping, curve, highway, shares, walk, ways
from rnntui.paint.layout import ABREAST, Pane, beside
from rnntui.paint.painting import Line, Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor

CURVE_LINES = 20
LEAST_WAYS = 40
MOST_LINES = 24
SENTENCE_LINES = 3


def screen(study: Study, cursor: Cursor, width: int, palette: Palette) -> Painting:
    """The walk, the curves, the way through the cell, the weights' gradients, clipping if there is any, a sentence."""
    cursor = study.clamp(cursor)
    columns, drawing = backflow.wanted(study.trace)
    drawn = columns + 6
    abreast = width >= max(ABREAST, drawn + LEAST_WAYS)
    cell, rest = (drawn, width - drawn) if abreast else (width, width)
    rows = [
        [Pane(curve.title(study, cursor), curve.paint(study, cursor, width - 2, CURVE_LINES, palette), width)],
        [
            Pane(backflow.title(study, cursor), backflow.paint(study, cursor, cell - 2, drawing, palette), cell),
            Pane(ways.title(study, cursor), ways.paint(study, cursor, rest - 2, MOST_LINES, palette), rest),
        ],
    ]
    if study.gradients.clipped is not None:
        half = width // 2 if width >= ABREAST else width
        first = width - half if width >= ABREAST else width
        rows.append(
            [
                Pane(clipping.title(study, cursor), clipping.paint(study, cursor, first - 2, 12, palette), first),
                Pane(shares.title(study, cursor), shares.paint(study, cursor, half - 2, 12, palette), half),
            ]
        )
    else:
        rows.append([Pane(shares.title(study, cursor), shares.paint(study, cursor, width - 2, 12, palette), width)])
    lines: list[Line] = list(walk.paint(study, cursor, width, walk.height(study, walk.HIGH), palette).lines)
    for row in rows:
        for panes in [row] if sum(pane.width for pane in row) == width else [[pane] for pane in row]:
            lines += beside(panes, palette)
    words = highway.paint(study, cursor, width - 2, SENTENCE_LINES, palette)
    return Painting([*lines, *([Segment(" "), *line] for line in words.lines)])
