"""Formulas and sentences broken into lines at their spaces, with a hanging indent."""

from __future__ import annotations

from collections.abc import Sequence

from rnntui.paint.cells import clip, width


def wrap(text: str, columns: int, lines: int, indent: str = "") -> list[str]:
    """The text in at most so many lines of so many columns, later ones indented; what is cut ends in `…`."""
    if lines <= 0 or columns <= 0:
        return []
    body = text.lstrip(" ")
    words = body.split(" ")
    done: list[str] = []
    current = text[: len(text) - len(body)] + words[0]
    used = width(current)
    for place, word in enumerate(words[1:], start=1):
        if used + 1 + width(word) <= columns:
            current += f" {word}"
            used += 1 + width(word)
        elif len(done) == lines - 1:
            return [*done, clip(" ".join((current, *words[place:])), columns)]
        else:
            done.append(current)
            current = f"{indent}{word}"
            used = width(current)
    return [clip(line, columns) for line in (*done, current)]


def whole(pieces: str, columns: int) -> str:
    """As many of the pieces between ` · ` as fit whole, at least the first: so a title ends in no half word."""
    kept = pieces.split(" · ")
    while len(kept) > 1 and width(" · ".join(kept)) > columns:
        kept.pop()
    return " · ".join(kept)


def wrap_chain(steps: Sequence[str], columns: int, lines: int) -> list[str]:
    """`= step = step …` in at most so many lines, a line begun at an equal sign where it can be; the last is kept.

    When there is too little room, the steps between are left out first, then the first one is cut.
    """
    if lines <= 0 or columns <= 0 or not steps:
        return []
    steps = tuple(steps)
    while True:
        done: list[str] = []
        for step in steps:
            piece = f"= {step}"
            if done and width(done[-1]) + 1 + width(piece) <= columns:
                done[-1] += f" {piece}"
            else:
                done += wrap(piece, columns, columns, "  ")
        if len(done) <= lines:
            return done
        if len(steps) <= 2:
            break
        steps = (*steps[:-2], steps[-1])
    end = f" = {steps[-1]}"
    if len(steps) == 1:
        return done[:lines]
    kept = wrap(f"= {steps[0]}", columns, lines, "  ")
    if width(kept[-1]) + width(end) <= columns and not kept[-1].endswith("…"):
        return [*kept[:-1], kept[-1] + end]
    room = columns - width(end)
    if room < 3:
        return [*kept[:-1], clip(end[1:], columns)]
    last = kept[-1] if kept[-1].endswith("…") else f"{kept[-1]}…"
    last = last if width(last) <= room else f"{clip(last.removesuffix('…'), room).removesuffix('…')}…"
    return [*kept[:-1], last + end]
