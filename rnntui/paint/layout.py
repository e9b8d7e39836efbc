"""Panes on one sheet: boxes with titles, beside or below each other, for the command line's picture of a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment

from rnntui.core.trace import Trace
from rnntui.paint import diagram, equation, gates, heat, sentence, sequence
from rnntui.paint.cells import clip
from rnntui.paint.cells import width as columns_of
from rnntui.paint.painting import Line, Painting
from rnntui.paint.palette import Palette
from rnntui.paint.wrap import whole
from rnntui.scene import Cursor

ABREAST = 100
"""Columns from which panes stand side by side."""
NARROWEST = 58
"""Columns that the panes of one of two networks need."""
MOST_UNITS = 16
MOST_LINES = 24
GATES_SHARE = 0.28


class Pane(NamedTuple):
    """A painting that waits for its frame."""

    title: str
    painting: Painting
    width: int


def screen(trace: Trace, cursor: Cursor, width: int, palette: Palette) -> Painting:
    """What the Explore screen shows at a cursor: sequence, cell, equations, gates, states and one sentence."""
    cursor = trace.clamp(cursor)
    wanted = diagram.width(trace) + 2
    cell_columns = min(max(width // 2, wanted), wanted + 2) if width >= ABREAST else width
    equation_columns = width - cell_columns if width >= ABREAST else width
    states = _states(trace)
    shares = _shares(width, len(states)) if width >= ABREAST else [width] * (1 + len(states))
    rows = [
        [
            Pane(
                diagram.title(trace, cursor),
                diagram.paint(trace, cursor, cell_columns - 2, MOST_LINES, palette),
                cell_columns,
            ),
            Pane(
                equation.title(trace, cursor),
                equation.paint(trace, cursor, equation_columns - 2, MOST_LINES, palette),
                equation_columns,
            ),
        ],
        [
            Pane(
                gates.title(trace, cursor),
                gates.paint(trace, cursor, shares[0] - 2, min(trace.hidden, MOST_UNITS) + 2, palette),
                shares[0],
            ),
            *(_state(trace, cursor, share, palette, state) for state, share in zip(states, shares[1:], strict=True)),
        ],
    ]
    lines = list(sequence.paint(trace, cursor, width, sequence.height(trace), palette).lines)
    for row in rows:
        for panes in [row] if width >= ABREAST else [[pane] for pane in row]:
            lines += beside(panes, palette)
    words = sentence.paint(trace, cursor, width - 2, 3, palette)
    return Painting([*lines, *([Segment(" "), *line] for line in words.lines)])


def lockstep(
    traces: tuple[Trace, Trace], names: tuple[str, str], cursor: Cursor, width: int, palette: Palette
) -> Painting:
    """Two networks at one cursor: side by side where both have room, else one below the other."""
    side = (width - 2) // 2 if width >= 2 * NARROWEST + 2 else width
    sheets = []
    for trace, name in zip(traces, names, strict=True):
        head: Line = [Segment(clip(name, side), palette.title)]
        sheets.append([head, *screen(trace, trace.beside(traces[0], cursor), side, palette).lines])
    if side == width:
        return Painting([*sheets[0], [], *sheets[1]])
    height = max(map(len, sheets))
    left, right = ([*sheet, *([[]] * (height - len(sheet)))] for sheet in sheets)
    return Painting(
        [[*Segment.adjust_line_length(one, side + 2), *other] for one, other in zip(left, right, strict=True)]
    )


def boxed(title: str, painting: Painting, width: int, height: int, palette: Palette) -> list[Line]:
    """The painting in a frame with its title, exactly so wide and high, frame included."""
    inner = width - 2
    room = max(0, inner - 4)
    name = clip(whole(title, room), room)
    frame = palette.faint
    rest = "─" * max(0, inner - 3 - columns_of(name))
    top: Line = [Segment("╭─ ", frame), Segment(name, palette.title), Segment(f" {rest}╮", frame)]
    body: list[Line] = []
    for y in range(height - 2):
        line = Segment.adjust_line_length(painting.lines[y] if y < len(painting.lines) else [], inner)
        body.append([Segment("│", frame), *line, Segment("│", frame)])
    return [top, *body, [Segment(f"╰{'─' * inner}╯", frame)]]


def beside(panes: Sequence[Pane], palette: Palette) -> list[Line]:
    """Framed panes side by side, as high as the highest of them needs."""
    height = 2 + max(len(pane.painting.lines) for pane in panes)
    blocks = [boxed(pane.title, pane.painting, pane.width, height, palette) for pane in panes]
    return [[segment for block in blocks for segment in block[y]] for y in range(height)]


def _states(trace: Trace) -> tuple[str, ...]:
    """The states that get a heat map of their own, the output first."""
    return trace.states


def _shares(width: int, states: int) -> list[int]:
    """Columns for the gates and for each state; together exactly the width."""
    gates_columns = max(30, round(width * GATES_SHARE))
    each = (width - gates_columns) // states
    return [width - each * states, *[each] * states]


def _state(trace: Trace, cursor: Cursor, width: int, palette: Palette, state: str) -> Pane:
    lanes = 2 if trace.bidirectional else 1
    height = lanes * min(trace.hidden, MOST_UNITS // lanes) + 2
    return Pane(heat.title(trace, cursor, state), heat.paint(trace, cursor, width - 2, height, palette, state), width)
