import math
from collections import Counter

import numpy as np
import pytest

from rnntui.models.ngram import bits, mean

TRAINING = "the cat sat on the mat and the rat sat on the cat; " * 3 + "that was that. "
VALIDATION = "the rat on the mat zat"
KNOWN = sorted({*TRAINING, *VALIDATION})


def numbers(text):
    return np.array([KNOWN.index(character) for character in text], dtype=np.int64)


def chance(context, character, order):
    """Witten-Bell, as the book writes it."""
    below = chance(context[1:], character, order - 1) if order > 1 else 1 / len(KNOWN)
    after = Counter(
        TRAINING[place + order - 1]
        for place in range(len(TRAINING) - order + 1)
        if TRAINING[place : place + order - 1] == context
    )
    if not after:
        return below
    return (after[character] + len(after) * below) / (after.total() + len(after))


@pytest.mark.parametrize("order", [1, 2, 3, 6])
def test_bits_are_those_of_the_formula_applied_character_by_character(order):
    total = 0.0
    for place, character in enumerate(VALIDATION):
        used = min(order, place + 1)
        total -= math.log2(chance(VALIDATION[place - used + 1 : place], character, used))
    found = mean(bits(numbers(TRAINING), numbers(VALIDATION), len(KNOWN)))
    assert found[order] == pytest.approx(total / len(VALIDATION), abs=1e-12)


def test_the_chances_of_all_characters_sum_up_to_one():
    for context in ("", "t", "th", "the c", "zzz"):
        assert sum(chance(context, one, len(context) + 1) for one in KNOWN) == pytest.approx(1)


@pytest.mark.parametrize("validation", ["a", "at", "ata"])
@pytest.mark.parametrize("text", ["a", "at", "aaaaaaa"])
def test_a_tiny_text_has_finite_bits(text, validation):
    found = mean(bits(numbers(text), numbers(validation), len(KNOWN)))
    assert all(math.isfinite(bits) for bits in found.values())
    assert set(found) == {1, 2, 3, 4, 5, 6}
