"""The honest baseline: how well one can guess a character by counting what followed the last few.

Interpolated Witten-Bell smoothing (Witten & Bell 1991): an order trusts its counts as much as they are worth,
n(context) against the number of different characters seen after it, and asks the order below for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

ORDERS: Final = 6
"""Order n guesses from the n - 1 characters before."""
Ids = NDArray[np.int64]
Bits = NDArray[np.float64]


def mean(found: Mapping[int, Bits]) -> dict[int, float]:
    """Order → bits per character, of the bits that each costs."""
    return {order: float(each.mean()) for order, each in found.items()}


def bits(training: Ids, validation: Ids, characters: int, orders: int = ORDERS) -> dict[int, Bits]:
    """Order → how many bits each character of the validation text costs a model that counted the training text, (N,).

    Both are ids below `characters`. p(x | context) = (n(context, x) + d p(x | shorter context)) / (n(context) + d),
    d the number of different characters seen after the context; below order 1 all are equally likely.
    """
    seen_contexts, asked_contexts = np.zeros_like(training), np.zeros_like(validation)
    chance = np.full(len(validation), 1 / characters)  # (N,)
    found: dict[int, Bits] = {}
    for order in range(1, orders + 1):
        width = order - 1
        if width:
            seen_contexts, asked_contexts = _contexts(training, validation, seen_contexts, asked_contexts, width)
        seen, asked = slice(width, None), slice(width, None)
        pairs, counts = np.unique(seen_contexts[seen] * characters + training[seen], return_counts=True)
        contexts, first, after = np.unique(pairs // characters, return_index=True, return_counts=True)
        totals = np.add.reduceat(counts, first) if len(first) else counts
        times = _looked_up(pairs, counts, asked_contexts[asked] * characters + validation[asked])
        total = _looked_up(contexts, totals, asked_contexts[asked])
        different = _looked_up(contexts, after, asked_contexts[asked])
        known = total > 0
        better = chance[asked].copy()
        better[known] = (times + different * better)[known] / (total + different)[known]
        chance[asked] = better
        found[order] = -np.log2(chance)
    return found


def _contexts(training: Ids, validation: Ids, seen: Ids, asked: Ids, width: int) -> tuple[Ids, Ids]:
    """A number for the `width` characters before each place: equal where they are equal, in both texts.

    `seen` and `asked` are those for one character fewer. Numbers are given anew each time, so that they stay small.
    """
    grown = []
    base = int(max(training.max(initial=0), validation.max(initial=0))) + 1
    for text, narrower in ((training, seen), (validation, asked)):
        wider = np.zeros_like(text)
        wider[width:] = narrower[width:] * base + text[: max(0, len(text) - width)]
        grown.append(wider)
    _, numbers = np.unique(np.concatenate(grown), return_inverse=True)
    return numbers[: len(training)], numbers[len(training) :]


def _looked_up(keys: Ids, values: Ids, asked: Ids) -> Ids:
    """The value of each key that is asked for, 0 where there is none; keys are sorted."""
    if not len(keys):
        return np.zeros_like(asked)
    places = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[places] == asked, values[places], 0)
