"""The text as a model in training reads it: rows side by side, each going on where it stopped."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rnntui.core.initial import generator
from rnntui.errors import BadInput, counted
from rnntui.models.ngram import bits, mean
from rnntui.tasks import corpora
from rnntui.tasks.characters import ids, vocabulary
from rnntui.tasks.corpus import Corpus, split
from rnntui.training.copies import Copies
from rnntui.training.spec import CharModelSpec

GLANCE: Final = 16_384
"""How many characters of the validation text are read while a training goes on; all are at its end."""
VALIDATION_ROWS: Final = 32
VALIDATION_STEPS: Final = 128
ANEW: Final = "start a new run"
UNDER_THE_SAME_PYTHON: Final = (
    f"the run has no copy of it and this is Python {platform.python_version()}: go on under the one that it began "
    f"with, or {ANEW}"
)


@dataclass(frozen=True, eq=False)
class Text:
    """A corpus as numbers."""

    characters: tuple[str, ...]
    """The vocabulary: V characters; a character's id is its place here."""
    sha256: str
    training_text: str
    training: Tensor
    """(N,) ids"""
    validation: Tensor
    notices: tuple[str, ...]

    @property
    def baselines(self) -> Mapping[int, float]:
        """Order → bits per character of an n-gram model of the training text on all of the validation text.

        Of that, on the very characters that the model in training has to guess.
        """
        return self._baselines[0]

    @property
    def glance_baselines(self) -> Mapping[int, float]:
        """The same on those characters that are read while a training goes on."""
        return self._baselines[1]

    @cached_property
    def _baselines(self) -> tuple[Mapping[int, float], Mapping[int, float]]:
        found = bits(self.training.numpy(), self.validation.numpy(), len(self.characters))
        places = torch.arange(len(self.validation))
        whole, glance = (side_by_side(one)[1:].flatten().numpy() for one in (places, places[:GLANCE]))

        def counted_at(guessed: NDArray[np.int64]) -> Mapping[int, float]:
            return mean({order: each[guessed] for order, each in found.items()})

        return counted_at(whole), counted_at(glance)

    @cached_property
    def copies(self) -> Copies:
        """What knows the stretches of the training text."""
        return Copies(self.training_text)


def prepare(spec: CharModelSpec, corpus: Corpus | None = None) -> tuple[CharModelSpec, Text]:
    """The text of a spec, read unless it is given, and the spec with the sha256 of it.

    Raises BadInput for a text that cannot be read, is too short for one sequence, or is not the one that the spec
    remembers.
    """
    corpus = corpus or corpora.read(spec.corpus, spec.file)
    name = repr(spec.file) if spec.file else spec.corpus
    if spec.sha256 and spec.sha256 != corpus.sha256:
        raise BadInput(
            f"The text {name} has changed since this run began, and with it perhaps the characters that the model "
            f"knows; {ANEW if spec.file else UNDER_THE_SAME_PYTHON}."
        )
    text = _numbered(corpus)
    if len(text.training) <= spec.sequence or len(text.validation) < 2:
        raise BadInput(
            f"The text {name} has {counted(len(text.training), 'character')} to learn from, and one sequence is "
            f"{spec.sequence}; give a longer text or a smaller --sequence."
        )
    return replace(spec, sha256=corpus.sha256), text


def side_by_side(ids: Tensor) -> Tensor:
    """A text to be validated on in B rows, (L, B); the first character of each has none before it to be guessed from.

    What is left over at the end is left out.
    """
    rows = max(1, min(VALIDATION_ROWS, (len(ids) - 1) // VALIDATION_STEPS))
    return ids[: len(ids) // rows * rows].view(rows, -1).t()


def get_ready() -> None:
    """Do what the next training of this process would wait for, if no other text is named."""
    _, text = prepare(CharModelSpec())
    text.baselines, text.copies  # noqa: B018  from now on they are there


@lru_cache(maxsize=1)
def _numbered(corpus: Corpus) -> Text:
    """A corpus in two parts, as numbers; the last one is kept. Raises BadInput as `split` does."""
    parts = split(corpus)
    known = vocabulary(parts.training + parts.validation)
    places = {character: place for place, character in enumerate(known)}
    training, validation = (torch.tensor(ids(part, places)) for part in (parts.training, parts.validation))
    return Text(known, corpus.sha256, parts.training, training, validation, corpus.notices)


@dataclass(frozen=True)
class Place:
    """Where in the text the next update reads."""

    epoch: int = 0
    position: int = 0


class Stream:
    """The training text in B rows, cut anew each time it was read to its end."""

    def __init__(self, ids: Tensor, rows: int, sequence: int, seed: int) -> None:
        self._ids = ids
        self.rows = max(1, min(rows, (len(ids) - 1) // sequence))
        """B, fewer than asked for where the text is short."""
        self._seed = seed
        self._epoch = -1
        self._table = ids

    def read(self, place: Place, steps: int) -> tuple[Tensor, Tensor, bool, Place]:
        """What is read, (T, B), what comes next, (T, B), whether it goes on from before, and the place after it."""
        table = self._at(place.epoch)
        if place.position + 1 >= len(table):
            place = Place(place.epoch + 1, 0)
            table = self._at(place.epoch)
        end = min(place.position + steps, len(table) - 1)
        x, y = table[place.position : end], table[place.position + 1 : end + 1]
        return x, y, place.position > 0, replace(place, position=end)

    def _at(self, epoch: int) -> Tensor:
        """The text of one time through, (L, B), begun at a random place, so that rows never meet at the same words."""
        if epoch != self._epoch:
            source = generator(self._seed, "epoch", epoch)
            start = int(torch.randint(len(self._ids), (), generator=source))
            whole = self._ids.roll(-start)[: len(self._ids) // self.rows * self.rows]
            self._table, self._epoch = whole.view(self.rows, -1).t().contiguous(), epoch
        return self._table
