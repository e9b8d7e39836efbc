"""Colour ramps whose lightness alone carries the amount: blue is minus, orange is plus, teal is a share from 0 to 1.

Interpolated in OKLab (Ottosson 2020), where equal steps look equal; blue against orange survives every common colour
blindness. Each colour comes with the text colour that reads best on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import cos, radians, sin
from typing import Final

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.style import Style

Lch = tuple[float, float, float]
"""Lightness 0…1, chroma, hue in degrees, in OKLab."""

SIGNED_STEPS: Final = 15
"""Levels on each side of zero."""
SHARE_STEPS: Final = 24
QUIET: Final = 6.0
"""The contrast of a number on its cell: well above the 4.5 that WCAG 2 asks for, below what would shout."""

SIGNED_ENDS: Final[dict[str, tuple[Lch, Lch, Lch]]] = {
    "dark": ((0.80, 0.115, 245.0), (0.25, 0.008, 260.0), (0.80, 0.145, 62.0)),
    "light": ((0.44, 0.165, 258.0), (0.955, 0.004, 260.0), (0.50, 0.125, 52.0)),
    "contrast": ((0.86, 0.09, 235.0), (0.12, 0.0, 260.0), (0.86, 0.15, 75.0)),
}
SHARE_ENDS: Final[dict[str, tuple[Lch, Lch]]] = {
    "dark": ((0.25, 0.012, 190.0), (0.88, 0.125, 172.0)),
    "light": ((0.955, 0.008, 190.0), (0.43, 0.085, 182.0)),
    "contrast": ((0.12, 0.0, 190.0), (0.93, 0.12, 165.0)),
}
SIGNED_256: Final = {
    "dark": ((117, 110, 74, 67, 31, 25, 24, 18, 17), 233, (52, 94, 130, 166, 172, 208, 214, 215, 222)),
    "light": ((18, 25, 26, 68, 75, 111, 117, 153, 189), 255, (223, 216, 215, 209, 173, 166, 130, 94, 52)),
}
"""Numbers in the 256-colour table: below zero, zero, above zero."""
SHARE_256: Final = {
    "dark": (233, 22, 23, 29, 30, 36, 37, 43, 79, 86, 158),
    "light": (231, 195, 158, 122, 116, 79, 73, 37, 30, 29, 23),
}
SIGNED_16: Final = {
    "dark": ((14, 0), (12, 15), (4, 15), None, (1, 15), (3, 0), (11, 0)),
    "light": ((4, 15), (12, 15), (14, 0), None, (11, 0), (3, 0), (1, 15)),
}
"""(background, text) of ANSI colours from -1 to +1; None is the terminal's own background."""
SHARE_16: Final = {
    "dark": (None, (8, 0), (6, 0), (14, 0), (15, 0)),
    "light": (None, (7, 0), (6, 0), (8, 0), (0, 15)),
}


@cache
def signed(theme: str, colours: str) -> tuple[Style, ...]:
    """Styles from -1 to +1, an odd number of them, the neutral one in the middle."""
    if colours == "none":
        up = (Style(dim=True), Style(), Style(bold=True), Style(bold=True, reverse=True))
        return (*reversed(up[1:]), *up)
    if colours == "16":
        return tuple(_ansi(pair) for pair in SIGNED_16["light" if theme == "light" else "dark"])
    if colours == "256":
        below_zero, neutral, above_zero = SIGNED_256["light" if theme == "light" else "dark"]
        return tuple(_numbered(number) for number in (*below_zero, neutral, *above_zero))
    minus, zero, plus = SIGNED_ENDS[theme]
    steps = [step / SIGNED_STEPS for step in range(1, SIGNED_STEPS + 1)]
    below = [_between(zero, minus, step) for step in reversed(steps)]
    above = [_between(zero, plus, step) for step in steps]
    return tuple(_cell(rgb) for rgb in (*below, _between(zero, plus, 0.0), *above))


@cache
def share(theme: str, colours: str) -> tuple[Style, ...]:
    """Styles from 0 to 1."""
    if colours == "none":
        return (Style(dim=True), Style(), Style(bold=True), Style(bold=True, reverse=True))
    if colours == "16":
        return tuple(_ansi(pair) for pair in SHARE_16["light" if theme == "light" else "dark"])
    if colours == "256":
        return tuple(_numbered(number) for number in SHARE_256["light" if theme == "light" else "dark"])
    low, high = SHARE_ENDS[theme]
    return tuple(_cell(_between(low, high, step / (SHARE_STEPS - 1))) for step in range(SHARE_STEPS))


def luminance(rgb: Sequence[int]) -> float:
    """Relative luminance, 0…1, as WCAG 2 defines it."""
    red, green, blue = ((v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4) for v in (c / 255 for c in rgb))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """How well one colour reads on another, 1…21, as WCAG 2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _ansi(pair: tuple[int, int] | None) -> Style:
    if pair is None:
        return Style()
    background, text = pair
    return Style(color=Color.from_ansi(text), bgcolor=Color.from_ansi(background))


def _numbered(number: int) -> Style:
    background = Color.from_ansi(number)
    black = contrast(background.get_truecolor(), (0, 0, 0)) > contrast(background.get_truecolor(), (255, 255, 255))
    return Style(color=Color.from_ansi(16 if black else 231), bgcolor=background)


def _cell(rgb: ColorTriplet) -> Style:
    """A background and its text: as quiet as can be read well where little happens, stronger where much does."""
    target = max((ColorTriplet(0, 0, 0), ColorTriplet(255, 255, 255)), key=lambda candidate: contrast(candidate, rgb))
    for share in range(30, 101, 5):
        ink = ColorTriplet(*(round(c + (t - c) * share / 100) for c, t in zip(rgb, target, strict=True)))
        if contrast(ink, rgb) >= QUIET:
            break
    return Style(color=Color.from_triplet(ink), bgcolor=Color.from_triplet(rgb))


def _between(start: Lch, end: Lch, share: float) -> ColorTriplet:
    one, other = _lab(start), _lab(end)
    lightness, a, b = (p + (q - p) * share for p, q in zip(one, other, strict=True))
    while (rgb := _rgb(lightness, a, b)) is None:  # outside what a screen can show: less colourful, just as light
        a, b = a * 0.97, b * 0.97
    return rgb


def _lab(colour: Lch) -> tuple[float, float, float]:
    lightness, chroma, hue = colour
    return lightness, chroma * cos(radians(hue)), chroma * sin(radians(hue))


def _rgb(lightness: float, a: float, b: float) -> ColorTriplet | None:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    if any(not -0.0005 <= value <= 1.0005 for value in linear):
        return None
    clipped = (min(max(value, 0.0), 1.0) for value in linear)
    return ColorTriplet(
        *(round(255 * (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055)) for v in clipped)
    )
