"""What is in a cell of the terminal: a text and an ink, comparable by what can be seen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from sys import intern
from typing import NamedTuple
from unicodedata import category

from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class Ink(NamedTuple):
    """How a cell looks, in the codes the terminal is sent; what cannot be seen, like `meta`, is left out."""

    attributes: tuple[str, ...] = ()
    foreground: str = ""
    background: str = ""
    link: str = ""


PLAIN = Ink()


@lru_cache(4096)
def ink_of(style: Style | None, colours: ColorSystem) -> Ink:
    """How a style looks on a terminal with so many colours."""
    if style is None:
        return PLAIN

    def codes(colour: Color | None, foreground: bool) -> str:
        shown = None if colour is None or colour.is_default else colour.downgrade(colours)
        return ";".join(shown.get_ansi_codes(foreground)) if shown else ""

    attributes = tuple(filter(None, Strip.render_ansi(style.without_color, colours).split(";")))
    link = f"id={style.link_id};{style.link}" if style.link else ""
    return Ink(attributes, codes(style.color, True), codes(style.bgcolor, False), link)


@lru_cache(4096)
def change(pen: Ink | None, ink: Ink) -> str:
    """The shortest escape sequence from one ink to another; `None` is an ink nobody knows."""
    choices = [["0", *ink.attributes, ink.foreground, ink.background]]
    if pen is not None and ink.attributes[: len(pen.attributes)] == pen.attributes:
        foreground = "" if ink.foreground == pen.foreground else ink.foreground or "39"
        background = "" if ink.background == pen.background else ink.background or "49"
        choices.append([*ink.attributes[len(pen.attributes) :], foreground, background])
    codes = min((";".join(filter(None, choice)) for choice in choices), key=len)
    link = f"\x1b]8;{ink.link or ';'}\x1b\\" if ink.link != (pen or PLAIN).link else ""
    return link + (f"\x1b[{codes}m" if codes else "")


@lru_cache(4096)
def _stands_alone(char: str) -> bool:
    """Whether a character fills one cell, whatever stands beside it."""
    half_a_flag = "\U0001f1e6" <= char <= "\U0001f1ff"
    return cell_len(char) == 1 and not half_a_flag and category(char)[0] not in "CM"


@lru_cache(1024)
def split(text: str) -> tuple[str, tuple[str, ...]]:
    """Marks that belong to the character before the text, and what stands in each cell as in `cells`."""
    if all(map(_stands_alone, text)):
        return "", tuple(map(intern, text))  # else each cell of a curve would be a string of its own
    marks, wholes = "", list[str]()
    for char in text:
        if category(char) == "Cc":  # would move the terminal's cursor away from where we think it is
            continue
        last = wholes[-1] if wholes else ""
        flag = len(last) == 1 and all("\U0001f1e6" <= half <= "\U0001f1ff" for half in last + char)
        if last and (flag or last.endswith("\u200d") or not cell_len(char)) and cell_len(last + char) <= 2:
            wholes[-1] += char
        elif cell_len(char):
            wholes.append(char)
        else:
            marks += char
    return marks, tuple(cell for whole in wholes for cell in (whole, *[""] * (cell_len(whole) - 1)))


@lru_cache(1024)
def columns(text: str) -> int:
    """How many cells a text fills in `cells`."""
    return len(text) if text.isascii() and text.isprintable() else len(split(text)[1])


def joins(segment: Segment) -> bool:
    """Whether a segment begins with marks, which stand in the cell of the character before it."""
    text, _, control = segment
    return not (control or text.isascii()) and bool(split(text)[0])


def cells(segments: Iterable[Segment], colours: ColorSystem) -> tuple[list[str], list[Ink]]:
    """Text and ink of each cell; a wide character stands whole in its first cell, its second is the empty string."""
    texts, inks = list[str](), list[Ink]()
    for text, style, control in segments:
        if control:
            continue
        if text.isascii() and text.isprintable():
            texts += text
        else:
            marks, wholes = split(text)
            if marks and texts:
                texts[-1 if texts[-1] else -2] += marks
            texts += wholes
        inks += [ink_of(style, colours)] * (len(texts) - len(inks))
    return texts, inks
