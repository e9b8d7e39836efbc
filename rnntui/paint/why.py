"""Where a number comes from: its formula, the numbers put in, and its parts as signed bars, the largest first.

A part that leads somewhere carries ↵. A click sets `part`, the place in the list.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rich.style import Style

from rnntui.core.notation import subscript
from rnntui.core.parts import Part
from rnntui.core.provenance import Explanation
from rnntui.core.trace import Trace
from rnntui.core.worked import figure
from rnntui.paint.cells import Brush, clip, fit, token, width
from rnntui.paint.equation import LARGEST_INDEX
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette, palette
from rnntui.paint.safe import safe_text
from rnntui.paint.window import window
from rnntui.paint.wrap import wrap, wrap_chain

MARK, BLANK, FOLLOWS, AXIS = "▸ ", "  ", " ↵", "│"
WIDEST_BAR: Final = 61
VALUE_COLUMNS: Final = 8


def title(explanation: Explanation) -> str:
    """What the pane is called: Why f₃[2] is 0.58."""
    return f"Why {explanation.name} is {figure(explanation.value)}"


def text(explanation: Explanation, trace: Trace, columns: int = 100) -> str:
    """The whole explanation as plain text, every part on its line; safe to print."""
    height = len(explanation.parts) + 12
    return _paint(explanation, trace, -1, columns, height, palette(colours="none")).text()


def paint(
    explanation: Explanation, trace: Trace, selected: int, columns: int, height: int, palette: Palette
) -> Painting:
    """The explanation with one part selected; a long list shows the page that holds it."""
    return _paint(stepped(explanation, trace), trace, selected, columns, height, palette)


def stepped(explanation: Explanation, trace: Trace) -> Explanation:
    """The explanation with its step in the indices, as the equations beside it have them: h₄ for hₜ₋₁ at t = 5."""
    if trace.steps > LARGEST_INDEX:
        return explanation
    t = explanation.ref.t

    def written(text: str) -> str:
        text = text.replace("ₜ₋₁", subscript(t - 1)).replace("ₜ₊₁", subscript(t + 1))
        return text.replace("ₜ", subscript(t))

    inside = explanation.inside
    if inside is not None:
        inside = replace(inside, parts=tuple(replace(part, label=written(part.label)) for part in inside.parts))
    return replace(explanation, formula=written(explanation.formula), inside=inside)


def _paint(
    explanation: Explanation, trace: Trace, selected: int, columns: int, height: int, palette: Palette
) -> Painting:
    parts = explanation.parts
    selected = min(selected, len(parts) - 1)
    head = _head(explanation, trace, columns, height, palette)
    chosen = parts[selected] if 0 <= selected < len(parts) else None
    detail = [_detail(chosen, columns)] if chosen is not None and height >= len(head) + 5 else []
    foot = 1 if parts else 0
    room = max(1 if parts else 0, height - len(head) - len(detail) - foot)
    shown = window(max(selected, 0), room, len(parts))
    brush = Brush(columns, height)
    for line, style in head:
        brush.line().add(line, style)
    _bars(brush, explanation, shown, selected, palette)
    for line in detail:
        brush.line().add(line, palette.notice)
    if foot:
        brush.line().add(_foot(explanation, shown, columns), palette.title)
    return brush.painting()


def _head(
    explanation: Explanation, trace: Trace, columns: int, height: int, palette: Palette
) -> list[tuple[str, Style]]:
    """The title, the formula and its numbers, in fewer lines when there are few."""
    ref = explanation.ref
    where = [explanation.meaning]
    if trace.layers > 1:
        where.append(f"layer {ref.layer}")
    if trace.bidirectional:
        where.append(f"{ref.direction} lane")
    if 1 <= ref.t <= trace.steps:
        where.append(f'reading "{token(trace.tokens[ref.t - 1])}"')
    first = f"{explanation.name} = {exact(explanation.value)}   {safe_text(' · '.join(filter(None, where)))}"
    head = [(clip(first, columns), palette.title)]
    spare = height - 2 - min(len(explanation.parts), 3)
    numbers = wrap_chain(explanation.chain, columns - 2, max(1, min(4, spare - 1))) if spare > 0 else []
    if explanation.formula and spare > len(numbers):
        room = min(2, spare - len(numbers))
        head += [(line, palette.text) for line in wrap(f"  {explanation.formula}", columns, room, "      ")]
    head += [(f"  {line}", palette.text) for line in numbers]
    if explanation.note:
        head += [(line, palette.notice) for line in wrap(f"  {safe_text(explanation.note)}", columns, 2, "  ")]
    return head[:height]


def exact(value: float) -> str:
    """A value with more digits than its formula shows, a true minus sign."""
    return f"{value:.6g}".replace("-", "−").replace("inf", "∞")


def _bars(brush: Brush, explanation: Explanation, shown: range, selected: int, palette: Palette) -> None:
    """The parts that are shown, one a line: bar, number, label, what makes it, torch's name, whether it leads on."""
    parts = explanation.parts
    fixed = len(MARK) + VALUE_COLUMNS + 2 + len(FOLLOWS)
    labels = max((width(parts[place].label) for place in shown), default=0)
    made = max((width(_made(parts[place])) for place in shown), default=0) + 2
    names = max((width(parts[place].weight) for place in shown), default=0) + 2
    spare = brush.columns - fixed - labels
    made = made if 2 < made <= spare - 13 else 0
    names = names if 2 < names <= spare - 13 - made else 0
    bar = max(7, min(WIDEST_BAR, spare - made - names))
    bar -= 1 - bar % 2
    largest = max((abs(part.value) for part in parts if abs(part.value) < float("inf")), default=0.0)
    for place in shown:
        part = parts[place]
        lit = place == selected
        move = {"part": place}
        sign = palette.sign(part.value)
        base = palette.cursor if lit else palette.text
        brush.line().add(MARK if lit else BLANK, palette.cursor, move)
        left, right = signed_bar(part.value, largest, bar // 2)
        brush.add(left, sign, move).add(AXIS, palette.faint, move).add(right, sign, move)
        brush.add(fit(f"{_glyph(part.value)}{figure(abs(part.value))}", VALUE_COLUMNS, ">"), sign, move)
        room = brush.columns - brush.column - 2 - len(FOLLOWS)
        label = fit(part.label, min(labels, room)) if room > 0 else ""
        brush.add(f"  {label}", base, move)
        brush.add(fit(f"  {_made(part)}", made), palette.dim, move)
        brush.add(fit(f"  {part.weight}", names), palette.dim, move)
        brush.add(FOLLOWS if leads_on(part) else BLANK, palette.cursor, move)


def leads_on(part: Part) -> bool:
    """True for a part that can be followed to where it came from, or opened."""
    return part.source is not None or part.inside is not None


def signed_bar(value: float, largest: float, half: int) -> tuple[str, str]:
    """What stands left and right of the axis, each `half` columns wide; half blocks double what can be told apart."""
    size = abs(value) / largest if largest and abs(value) < float("inf") else float(value != 0)
    steps = min(2 * half, round(size * 2 * half)) or int(value != 0)
    full, rest = divmod(steps, 2)
    blank = " " * half
    if value < 0:
        return (("▐" if rest else "") + "█" * full).rjust(half), blank
    return blank, ("█" * full + ("▌" if rest else "")).ljust(half)


def _made(part: Part) -> str:
    """What makes a part, where that says more than its value."""
    return part.numbers if part.numbers != figure(part.value) else ""


def _glyph(value: float) -> str:
    return "−" if value < 0 else "+" if value > 0 else " "


def _detail(part: Part, columns: int) -> str:
    """The selected part in words: torch's name of its weight, where it comes from, what Enter does."""
    leads = "↵ goes there" if part.source is not None else "↵ opens it" if part.inside is not None else ""
    words = (f"{part.label} = {part.numbers}" if not part.weight else part.weight, safe_text(part.note), leads)
    return clip("  " + " · ".join(filter(None, words)), columns)


def _foot(explanation: Explanation, shown: range, columns: int) -> str:
    """What is not shown, and how all parts make the value."""
    hidden = [part.value for place, part in enumerate(explanation.parts) if place not in shown]
    if not hidden:
        return clip(f"  {explanation.reduction}", columns)
    sums = explanation.inside is not None and explanation.inside.joined == "sum"
    others = f"{len(hidden)} not shown" + (f" sum to {figure(sum(hidden))}" if sums else "")
    line = f"  {others} · all: {explanation.reduction}"
    return line if width(line) <= columns else clip(f"  {explanation.reduction} · {len(hidden)} not shown", columns)
