"""What a unit may have learned to follow: properties of a text, computed for every character, never assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import numpy as np

from rnntui.core.trace import Array

PAIRS: Final = {"(": ")", "[": "]", "{": "}"}


def inside_quotes(text: str) -> list[float]:
    """1 from an opening " or ' up to the one that closes it, on one line; the ' of it's opens nothing."""
    found, quote = [], ""
    for before, character in zip(f" {text}", text, strict=False):
        if character in {"\n", quote}:
            quote = ""
        elif not quote and (character == '"' or (character == "'" and not (before.isalnum() or before == "_"))):
            quote = character
        found.append(float(bool(quote)))
    return found


def inside_brackets(text: str) -> list[float]:
    """1 while a bracket is open."""
    found, closing = [], list[str]()
    for character in text:
        if character in PAIRS:
            closing.append(PAIRS[character])
        elif closing and character == closing[-1]:
            closing.pop()
        found.append(float(bool(closing)))
    return found


def line_position(text: str) -> list[float]:
    """How many characters of the line came before."""
    found, place = [], 0
    for character in text:
        found.append(float(place))
        place = 0 if character == "\n" else place + 1
    return found


def indentation(text: str) -> list[float]:
    """1 for the blanks that a line begins with."""
    found, leading = [], True
    for character in text:
        leading = character in " \t" and leading
        found.append(float(leading))
        leading = leading or character == "\n"
    return found


def after_a_capital(text: str) -> list[float]:
    """1 right after a capital letter."""
    return [float(before.isupper()) for before in f" {text}"[:-1]]


FEATURES: Final[dict[str, Callable[[str], list[float]]]] = {
    "inside quotes": inside_quotes,
    "inside brackets": inside_brackets,
    "line position": line_position,
    "after a capital": after_a_capital,
    "digit": lambda text: [float(character.isdigit()) for character in text],
    "vowel": lambda text: [float(character in "aeiouAEIOU") for character in text],
    "indentation": indentation,
}
"""The name of a property → its value at every character."""


@lru_cache(maxsize=2)
def constants(text: str) -> Mapping[str, float]:
    """The properties that are the same at every character of a text, so that no unit can follow them → their value."""
    measured = ((name, set(measure(text))) for name, measure in FEATURES.items())
    return {name: values.pop() for name, values in measured if len(values) == 1}


def correlations(text: str, units: Array) -> Array:
    """Pearson's r of every property with every unit over the text, (F, H); 0 where one of them never changes."""
    return pearson(np.array([measure(text) for measure in FEATURES.values()]).T, units)


def pearson(wanted: Array, units: Array) -> Array:
    """Pearson's r of every column of (T, F) with every column of (T, H), (F, H); 0 where one of them never changes."""
    found: Array = _standard(wanted).T @ _standard(units.astype(np.float64)) / len(wanted)
    return found


def _standard(values: Array) -> Array:
    """Each column with mean 0 and deviation 1; zeros where it does not change."""
    centred = values - values.mean(0)
    deviation = centred.std(0)
    found: Array = np.divide(centred, deviation, out=np.zeros_like(centred), where=deviation > 1e-9)
    return found
