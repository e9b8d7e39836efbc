"""Every colour of rnntui, by role: a palette for each theme and each depth of colour that a terminal can have.

No role depends on colour alone: what is lit is also bold, signs are also written, amounts are also numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import isfinite, isnan
from typing import Final

from rich.color import Color, ColorSystem
from rich.style import Style

from rnntui import looks
from rnntui.paint import ramps

Theme = looks.Theme
Colours = looks.Colours

THEMES: Final = looks.THEMES
COLOURS: Final = looks.COLOURS
ROLES: Final = ("text", "dim", "faint", "lit", "title", "cursor", "positive", "negative", "notice", "rail")

_TRUECOLOR: Final[dict[Theme, dict[str, str]]] = {
    "dark": {
        "text": "#d9dee8",
        "dim": "#98a2b5",
        "faint": "#66708a",
        "lit": "bold #14161c on #ffd84d",
        "title": "bold #f2f5fb",
        "cursor": "bold #ffd84d",
        "positive": "#ffb066",
        "negative": "#7cc4ff",
        "notice": "italic #c9b6ff",
        "rail": "#3a4152",
    },
    "light": {
        "text": "#1d222c",
        "dim": "#59616f",
        "faint": "#8d94a1",
        "lit": "bold #ffffff on #6d28d9",
        "title": "bold #0b0e14",
        "cursor": "bold #6d28d9",
        "positive": "#9a4a00",
        "negative": "#1a56b8",
        "notice": "italic #7a1fa2",
        "rail": "#cfd4dc",
    },
    "contrast": {
        "text": "#ffffff",
        "dim": "#d0d0d0",
        "faint": "#a8a8a8",
        "lit": "bold #000000 on #ffff00",
        "title": "bold #ffffff",
        "cursor": "bold #ffff00",
        "positive": "bold #ffc04d",
        "negative": "bold #8fd3ff",
        "notice": "bold #e4d4ff",
        "rail": "#6a6a6a",
    },
}
_ANSI_DARK: Final = {
    "text": "",
    "dim": "white",
    "faint": "bright_black",
    "lit": "bold black on bright_yellow",
    "title": "bold",
    "cursor": "bold bright_yellow",
    "positive": "bright_yellow",
    "negative": "bright_cyan",
    "notice": "bright_magenta",
    "rail": "bright_black",
}
_ANSI_LIGHT: Final = {
    "text": "",
    "dim": "bright_black",
    "faint": "bright_black",
    "lit": "bold bright_white on magenta",
    "title": "bold",
    "cursor": "bold magenta",
    "positive": "red",
    "negative": "blue",
    "notice": "magenta",
    "rail": "white",
}
_SERIES: Final[dict[Theme, tuple[str, ...]]] = {
    "dark": ("#7cc4ff", "#ffb066", "#d9a066", "#8fe0b0", "#c9b6ff", "#f2a0c0"),
    "light": ("#1a56b8", "#9a4a00", "#8a6a3a", "#0f6b45", "#7a1fa2", "#a3174f"),
    "contrast": ("#8fd3ff", "#ffc04d", "#ffe0a0", "#80ff80", "#e4d4ff", "#ffb0d0"),
}
_ANSI_SERIES_DARK: Final = ("bright_cyan", "bright_yellow", "yellow", "bright_green", "bright_magenta", "bright_red")
_ANSI_SERIES_LIGHT: Final = ("blue", "red", "yellow", "green", "magenta", "cyan")
_NONE: Final = {
    "text": "",
    "dim": "",
    "faint": "dim",
    "lit": "bold reverse",
    "title": "bold",
    "cursor": "bold underline",
    "positive": "",
    "negative": "",
    "notice": "italic",
    "rail": "dim",
}


@dataclass(frozen=True, eq=False)
class Palette:
    """The styles of one theme at one depth of colour: a style for each role and two ramps for amounts."""

    theme: Theme
    colours: Colours
    text: Style
    dim: Style
    """Not yet computed, or less important."""
    faint: Style
    """Not yet read; rulers and scales."""
    lit: Style
    """The current sub-step."""
    title: Style
    cursor: Style
    positive: Style
    negative: Style
    notice: Style
    rail: Style
    """What a bar can grow along; grid and guide lines."""
    series: tuple[Style, ...]
    """The lines of a plot, each a little different; their marks differ too."""
    signed_ramp: tuple[Style, ...]
    """From -1 to +1, an odd number of styles."""
    share_ramp: tuple[Style, ...]
    """From 0 to 1."""

    def signed(self, level: float) -> Style:
        """The cell of an amount from -1 to +1; what is larger looks like the end, what is no number like zero."""
        half = len(self.signed_ramp) // 2
        return self.signed_ramp[half if isnan(level) else half + round(min(max(level, -1.0), 1.0) * half)]

    def share(self, level: float) -> Style:
        """The cell of a share from 0 to 1, such as an open gate."""
        last = len(self.share_ramp) - 1
        return self.share_ramp[0 if isnan(level) else round(min(max(level, 0.0), 1.0) * last)]

    def sign(self, value: float) -> Style:
        """The text of a number: positive or negative, plain when it is neither."""
        if not isfinite(value):
            return self.notice
        return self.positive if value > 0 else self.negative if value < 0 else self.text

    def bar(self, value: float, share: bool) -> Style:
        """The ink of a bar: a share's, or that of the value's sign."""
        if self.colours == "none":
            return self.text
        end = self.share_ramp[-2] if share else self.signed_ramp[0 if value < 0 else -1]
        return _ink(end)


@cache
def _ink(cell: Style) -> Style:
    """The background of a cell as the colour of text."""
    return Style(color=cell.bgcolor)


@cache
def palette(theme: Theme = "dark", colours: Colours = "truecolor") -> Palette:
    """The palette of a theme at a depth of colour; `none` uses bold, dim and reverse only."""
    if colours == "none":
        definitions = _NONE
    elif colours == "16":
        definitions = _ANSI_LIGHT if theme == "light" else _ANSI_DARK
    else:
        definitions = _TRUECOLOR[theme]
    roles = {role: Style.parse(definitions[role]) for role in ROLES}
    series = tuple(Style.parse(words) for words in _series(theme, colours))
    if colours == "256":
        roles = {role: _downgraded(style) for role, style in roles.items()}
        series = tuple(map(_downgraded, series))
    return Palette(
        theme,
        colours,
        **roles,
        series=series,
        signed_ramp=ramps.signed(theme, colours),
        share_ramp=ramps.share(theme, colours),
    )


def _series(theme: Theme, colours: Colours) -> tuple[str, ...]:
    if colours == "none":
        return ("", "bold", "", "bold", "", "bold")
    if colours == "16":
        return _ANSI_SERIES_LIGHT if theme == "light" else _ANSI_SERIES_DARK
    return _SERIES[theme]


def _downgraded(style: Style) -> Style:
    def numbered(colour: Color | None) -> Color | None:
        number = colour.downgrade(ColorSystem.EIGHT_BIT).number if colour else None
        return Color.from_ansi(number) if number is not None else None

    return Style(color=numbered(style.color), bgcolor=numbered(style.bgcolor), bold=style.bold, italic=style.italic)
