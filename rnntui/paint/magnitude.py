"""How large a gradient is, in words of a few columns, from its natural logarithm: it may be no float64 any more."""

from __future__ import annotations

from math import ceil, floor, isinf, isnan, log10
from typing import Final

from rnntui.paint import plot
from rnntui.paint.cells import fit
from rnntui.paint.numbers import SHORT

LN10: Final = 2.302585092994046


def decade(ln: float) -> float:
    """The logarithm to the base of ten."""
    return ln / LN10


def power(exponent: int) -> str:
    """A power of ten as on an axis: 1e−6, and 1 for the zeroth."""
    return "1" if exponent == 0 else f"1e{exponent}".replace("-", "−")


def ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """Where an axis from 10^low to 10^high has its numbers: at decades, and at 2 and 5 between where those are few."""
    whole = [(float(tick), power(tick)) for tick in plot.ticks(low, high, most)]
    if len(whole) > 1 or most < 2:
        return whole
    parts = [(tick + log10(digit), f"{digit}e{tick}") for tick in range(floor(low), ceil(high)) for digit in (2, 5)]
    between = [(at, words.replace("-", "−").removesuffix("e0")) for at, words in parts if low <= at <= high]
    return sorted([*whole, *between])


def said(ln: float) -> str:
    """A norm in a sentence, to two digits: 0.031, 12, 4.0e−13, 0, ∞."""
    if isnan(ln):
        return "—"
    if isinf(ln):
        return "0" if ln < 0 else "∞"
    digit, exponent = _parts(ln)
    if -4 < exponent < 5:
        value = 10 ** decade(ln)
        return f"{value:.0f}" if exponent >= 1 else f"{value:.{1 - exponent}f}"
    return f"{digit:.1f}e{exponent}".replace("-", "−")


def short(ln: float, columns: int) -> str:
    """A norm in less than so many columns, with one digit or none where more are too many: 1.7e−21, 2e−213, e−15323."""
    text = said(ln)
    if len(text) < columns:
        return text
    digit, exponent = _parts(ln, digits=1)
    text = f"{digit:.0f}e{exponent}".replace("-", "−")
    return text if len(text) < columns else text[1:]


def brief(ln: float) -> str:
    """A norm in four columns: .031, 1.24, 12.4, 4e−6, e−13."""
    if isnan(ln) or isinf(ln):
        return fit(said(ln), SHORT, ">")
    _, exponent = _parts(ln)
    value = 10 ** decade(ln) if -4 < exponent < 4 else 0.0
    if 0.0095 <= value < 0.9995:
        text = f"{value:.3f}"[1:]
    elif 0.9995 <= value < 999.5:
        text = f"{value:.{max(0, 2 - exponent)}f}"[:SHORT].rstrip(".")
    else:
        digit, exponent = _parts(ln, digits=1)
        text = f"{digit:.0f}e{exponent}" if -10 < exponent < 100 else f"e{exponent}" if exponent > -100 else "≈0"
    return fit(text.replace("-", "−"), SHORT, ">")


def signed(value: float) -> str:
    """One number of a gradient with its sign, to two digits: +0.031, −4.0e−13, 0."""
    if value == 0:
        return "0"
    if isnan(value):
        return "—"
    sign = "−" if value < 0 else "+"
    return sign + ("∞" if isinf(value) else said(log10(abs(value)) * LN10))


def _parts(ln: float, digits: int = 2) -> tuple[float, int]:
    """A number between 1 and 10 and the power of ten, already rounded to so many digits."""
    exponent = floor(decade(ln) + 1e-12)
    digit = round(10 ** (decade(ln) - exponent), digits - 1)
    return (digit / 10, exponent + 1) if digit >= 10 else (digit, exponent)
