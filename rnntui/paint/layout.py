"""Panes on one sheet: boxes with titles, beside or below each other, for the command line's picture of a step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.segment import Segment

from rnntui.core.lockstep import follow
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
BETWEEN = 2
"""Columns between two networks."""
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
    lines = _text(trace, cursor, width, palette)
    for panes in _shelves(trace, cursor, width, palette):
        lines += beside(panes, palette)
    return Painting([*lines, *_words(trace, cursor, width, palette)])


def lockstep(
    traces: tuple[Trace, Trace], names: tuple[str, str], cursor: Cursor, width: int, palette: Palette
) -> Painting:
    """Two networks at one cursor: pane beside pane where both have room, else one network below the other."""
    abreast = width >= 2 * NARROWEST + BETWEEN
    side = (width - BETWEEN) // 2 if abreast else width
    cursors = [trace.clamp(follow(trace, traces[0], cursor)) for trace in traces]
    heads: list[Line] = [[Segment(clip(name, side), palette.title)] for name in names]
    if not abreast:
        one, other = (screen(trace, at, side, palette).lines for trace, at in zip(traces, cursors, strict=True))
        return Painting([heads[0], *one, [], heads[1], *other])
    both = list(zip(traces, cursors, strict=True))
    texts, words = ([part(trace, at, side, palette) for trace, at in both] for part in (_text, _words))
    lines = _joined([heads[0], *texts[0]], [heads[1], *texts[1]], side)
    shelves = (_shelves(trace, at, side, palette) for trace, at in both)
    for ours, theirs in zip_longest(*shelves, fillvalue=()):
        height = max(_height(ours), _height(theirs))
        lines += _joined(beside(ours, palette, height), beside(theirs, palette, height), side)
    return Painting([*lines, *_joined(words[0], words[1], side)])


def _text(trace: Trace, cursor: Cursor, width: int, palette: Palette) -> list[Line]:
    return list(sequence.paint(trace, cursor, width, sequence.height(trace), palette).lines)


def _words(trace: Trace, cursor: Cursor, width: int, palette: Palette) -> list[Line]:
    return [[Segment(" "), *line] for line in sentence.paint(trace, cursor, width - 2, 3, palette).lines]


def _shelves(trace: Trace, cursor: Cursor, width: int, palette: Palette) -> list[list[Pane]]:
    """The panes, those that stand side by side together."""
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
    return rows if width >= ABREAST else [[pane] for row in rows for pane in row]


def _joined(one: Sequence[Line], other: Sequence[Line], side: int) -> list[Line]:
    """The lines of two columns, the first of them so wide."""
    nothing: Line = []
    pairs = zip_longest(one, other, fillvalue=nothing)
    return [[*Segment.adjust_line_length(left, side + BETWEEN), *right] for left, right in pairs]


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


def beside(panes: Sequence[Pane], palette: Palette, height: int = 0) -> list[Line]:
    """Framed panes side by side, so high, or as high as the highest of them needs; none are no lines."""
    height = (height or _height(panes)) if panes else 0
    blocks = [boxed(pane.title, pane.painting, pane.width, height, palette) for pane in panes]
    return [[segment for block in blocks for segment in block[y]] for y in range(height)]


def _height(panes: Sequence[Pane]) -> int:
    return 2 + max((len(pane.painting.lines) for pane in panes), default=0)


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
