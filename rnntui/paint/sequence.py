"""The tokens in a row, with the cursor under the one just read; for a bidirectional network, between its two lanes."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from rnntui.core.trace import Trace
from rnntui.paint import progress
from rnntui.paint.cells import Brush, fit, token
from rnntui.paint.cells import width as columns_of
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.paint.window import window
from rnntui.scene import Cursor, Direction

LARGEST_CELL = 12
GUTTER = 3
_cells: WeakKeyDictionary[Trace, int] = WeakKeyDictionary()


def height(trace: Trace) -> int:
    """How many lines the painting wants: tokens and cursor, or two lanes, tokens between them, and what is joined."""
    return 4 if trace.bidirectional else 2


def tokens_line(trace: Trace) -> int:
    """On which line of the painting the tokens stand."""
    return 1 if trace.bidirectional else 0


def paint(trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    """The tokens around the cursor; read ones clear, unread ones faint, the current one lit."""
    cursor = trace.clamp(cursor)
    brush = Brush(width, height)
    size = _cell(trace)
    where = _where(trace, cursor)
    room = max(size, width - GUTTER - columns_of(_where(trace, cursor, widest=True)) - 2)
    shown = window(min(max(cursor.t, 1), trace.steps) - 1, max(1, room // size), trace.steps)
    lanes = trace.bidirectional and height >= 3
    if lanes:
        _lane(brush, trace, cursor, "forward", shown, size, palette)
    _tokens(brush, trace, cursor, shown, size, palette)
    brush.to(width - columns_of(where), palette.text).add(where, palette.title)
    if lanes:
        _lane(brush, trace, cursor, "backward", shown, size, palette)
        if height >= 4:
            _joined(brush, trace, cursor, shown, size, palette)
    elif height >= 2:
        _pointer(brush, cursor, shown, size, palette)
    return brush.painting()


def _tokens(brush: Brush, trace: Trace, cursor: Cursor, shown: range, size: int, palette: Palette) -> None:
    read = _read(trace, cursor)
    standing = {progress.stand(trace, cursor, "forward") - 1}
    if trace.bidirectional:
        standing.add(progress.stand(trace, cursor, "backward") - 1)
    brush.line().add(fit(" …" if shown.start else "", GUTTER), palette.faint)
    for row in shown:
        text = fit(token(trace.tokens[row]), size - 1)
        body = text.rstrip(" ")
        if row == cursor.t - 1:
            brush.add(body, palette.lit, {"t": row + 1})
        else:
            style = (
                palette.cursor
                if row in standing
                else palette.text
                if any(row in rows for rows in read)
                else palette.faint
            )
            brush.add(body, style, {"t": row + 1})
        brush.add(" " * (size - columns_of(body)), palette.text, {"t": row + 1})
    brush.add("…" if shown.stop < trace.steps else "", palette.faint)


def _pointer(brush: Brush, cursor: Cursor, shown: range, size: int, palette: Palette) -> None:
    brush.line()
    if cursor.t - 1 in shown:
        brush.to(GUTTER + (cursor.t - 1 - shown.start) * size, palette.text).add("▲", palette.cursor, {"t": cursor.t})
    elif cursor.t < 1:
        brush.to(GUTTER - 2, palette.text).add("▲", palette.cursor, {"t": 0})


def _lane(
    brush: Brush, trace: Trace, cursor: Cursor, direction: Direction, shown: range, size: int, palette: Palette
) -> None:
    """One reading direction: a state at each position read so far, an arrow head where it stands."""
    forward = direction == "forward"
    stand = progress.stand(trace, cursor, direction) - 1
    selected = direction == cursor.direction
    style = palette.positive if forward else palette.negative
    style = style + palette.title if selected else style
    brush.line().add(fit(" →" if forward else " ←", GUTTER), palette.cursor if selected else palette.dim)
    for row in shown:
        move: dict[str, object] = {"t": row + 1, "direction": direction}
        if row == stand:
            head = "▶" if forward else "◀"
            behind = "━" if not forward and row + 1 < trace.steps else " "
            brush.add(head, palette.cursor if selected else style, move).add(behind * (size - 1), style, move)
        elif (row < stand) if forward else (row > stand):
            brush.add("●", style, move).add(
                ("━" if forward or row + 1 < trace.steps else " ") * (size - 1), style, move
            )
        else:
            brush.add("·" + " " * (size - 1), palette.faint, move)


def _joined(brush: Brush, trace: Trace, cursor: Cursor, shown: range, size: int, palette: Palette) -> None:
    """Which positions both lanes have read: there the output is both states side by side."""
    forward = progress.rows(trace, cursor, "forward", trace.states[0])
    backward = progress.rows(trace, cursor, "backward", trace.states[0])
    both = range(backward.start, forward.stop)
    brush.line().add(fit(" ⇄" if both else "", GUTTER), palette.dim)
    for row in shown:
        brush.add("◆" if row in both else " ", palette.title).add(" " * (size - 1), palette.text)
    note = f"joined {len(both)} of {trace.steps}" if both else "not yet met"
    brush.to(brush.columns - columns_of(note), palette.dim).add(note, palette.dim)


def _read(trace: Trace, cursor: Cursor) -> tuple[range, ...]:
    forward = range(0, progress.stand(trace, cursor, "forward"))
    if not trace.bidirectional:
        return (forward,)
    return forward, range(progress.stand(trace, cursor, "backward") - 1, trace.steps)


def _where(trace: Trace, cursor: Cursor, widest: bool = False) -> str:
    def number(t: int) -> str:
        return str(trace.steps + 1 if widest else t).rjust(len(str(trace.steps)))

    if not trace.bidirectional:
        return f"t = {number(cursor.t)} / {trace.steps}"
    lanes: tuple[Direction, Direction] = ("forward", "backward")
    forward, backward = (number(progress.stand(trace, cursor, direction)) for direction in lanes)
    return f"→ t = {forward}  ← t = {backward}  of {trace.steps}"


def _cell(trace: Trace) -> int:
    """Columns of one token, the blank after it included: equal for all tokens, so that nothing shifts."""
    if trace not in _cells:
        widest = max((columns_of(token(text[:64])) for text in set(trace.tokens)), default=1)
        _cells[trace] = min(widest + 1, LARGEST_CELL)
    return _cells[trace]
