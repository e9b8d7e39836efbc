from collections.abc import Iterator
from itertools import pairwise

import pytest
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from rnntui.paint.palette import COLOURS, ROLES, THEMES, Palette, palette
from rnntui.paint.ramps import contrast, luminance

XTERM = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
]  # fmt: skip
GROUNDS = {"dark": (22, 24, 29), "contrast": (0, 0, 0), "light": (255, 255, 255)}
COLOURED = [(theme, colours) for theme in THEMES for colours in COLOURS if colours != "none"]

# Machado, Oliveira & Fernandes 2009, severity 1, applied to linear RGB
BLINDNESS = {
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}


def rgb(style: Style, ground: tuple[int, int, int], back: bool = True) -> tuple[int, ...]:
    colour = style.bgcolor if back else style.color
    if colour is None:
        return ground if back else (255, 255, 255) if luminance(ground) < 0.5 else (0, 0, 0)
    return tuple(colour.get_truecolor(TerminalTheme((0, 0, 0), (255, 255, 255), XTERM[:8], XTERM[8:])))


def halves(shown: Palette) -> Iterator[tuple[Style, ...]]:
    middle = len(shown.signed_ramp) // 2
    yield shown.signed_ramp[middle:]
    yield shown.signed_ramp[middle::-1]
    yield shown.share_ramp


@pytest.mark.parametrize(("theme", "colours"), COLOURED)
def test_a_larger_amount_is_always_further_from_the_background_in_luminance(theme, colours):
    ground = GROUNDS[theme]
    for ramp in halves(palette(theme, colours)):
        levels = [luminance(rgb(style, ground)) for style in ramp]
        ordered = levels if theme != "light" else [-level for level in levels]
        assert all(low < high for low, high in pairwise(ordered)), levels


@pytest.mark.parametrize(("theme", "colours"), COLOURED)
def test_every_level_looks_different_and_there_are_enough_and_not_too_many(theme, colours):
    shown = palette(theme, colours)
    wanted = {"truecolor": (31, 24), "256": (19, 11), "16": (7, 5)}[colours]
    for ramp, count in zip((shown.signed_ramp, shown.share_ramp), wanted, strict=True):
        assert len({rgb(style, GROUNDS[theme]) for style in ramp}) == count <= 32


@pytest.mark.parametrize(("theme", "colours"), COLOURED)
def test_what_is_written_on_a_cell_can_be_read(theme, colours):
    ground = GROUNDS[theme]
    shown = palette(theme, colours)
    for style in (*shown.signed_ramp, *shown.share_ramp, shown.lit):
        assert contrast(rgb(style, ground), rgb(style, ground, back=False)) >= 4.5, style


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("colours", ["truecolor", "256"])
def test_every_role_can_be_read_on_the_background(theme, colours):
    for role in ROLES:
        style = getattr(palette(theme, colours), role)
        least = {"faint": 3.0, "rail": 1.3}.get(role, 4.5)
        back = rgb(style, GROUNDS[theme])
        assert contrast(rgb(style, GROUNDS[theme], back=False), back) >= least, role


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize(("theme", "colours"), COLOURED)
def test_plus_and_minus_differ_for_the_colour_blind(theme, colours, blindness):
    def seen(style: Style) -> list[float]:
        linear = [(c / 255) ** 2.2 for c in rgb(style, GROUNDS[theme])]
        return [
            255 * min(max(sum(m * v for m, v in zip(row, linear, strict=True)), 0), 1) ** (1 / 2.2)
            for row in BLINDNESS[blindness]
        ]

    shown = palette(theme, colours)
    for level in (0.5, 0.75, 1.0):
        plus, minus = seen(shown.signed(level)), seen(shown.signed(-level))
        assert sum((p - m) ** 2 for p, m in zip(plus, minus, strict=True)) ** 0.5 > 40


@pytest.mark.parametrize("theme", THEMES)
def test_without_colour_there_is_no_colour_and_amounts_still_differ(theme):
    shown = palette(theme, "none")
    styles = [getattr(shown, role) for role in ROLES] + [*shown.signed_ramp, *shown.share_ramp]
    assert all(style.color is None and style.bgcolor is None for style in styles)
    assert len({shown.signed(level) for level in (0, 0.4, 0.7, 1)}) == 4
    assert shown.lit.reverse


def test_what_is_no_number_or_beyond_the_end_has_a_style():
    shown = palette("dark", "truecolor")
    assert shown.signed(float("inf")) == shown.signed(7.0) == shown.signed_ramp[-1]
    assert shown.signed(float("-inf")) == shown.signed_ramp[0]
    assert shown.signed(float("nan")) == shown.signed(0.0)
    assert shown.share(float("nan")) == shown.share(-1.0) == shown.share_ramp[0]
    assert shown.share(float("inf")) == shown.share_ramp[-1]
    assert shown.sign(float("nan")) == shown.notice
    assert shown.sign(0.5) == shown.positive != shown.negative == shown.sign(-0.5)
