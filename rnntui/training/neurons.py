"""What every unit does over a text, which property of it each one follows, and what a learner marks in it. No torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from rnntui.core.trace import Array
from rnntui.training.features import constants, pearson

MARKED: Final = "marked"
"""The property of lying in a stretch that the learner has marked."""

NOWHERE: Final = "is nowhere in this text"
EVERYWHERE: Final = "is everywhere in this text"


@dataclass(frozen=True)
class Marking:
    """Stretches of a text that a learner has marked, and the hand that marks them."""

    stretches: tuple[range, ...] = ()
    """The characters of each, in the order in which they were marked."""
    at: int = 0
    """The character at which the hand is, or was."""
    start: int | None = None
    """Where the stretch begins that is being marked."""
    active: bool = False
    """Whether somebody is marking."""

    @property
    def open(self) -> range:
        """The characters of the stretch that is being marked."""
        return range(0) if self.start is None else range(min(self.start, self.at), max(self.start, self.at) + 1)

    def pressed(self) -> Marking:
        """Take the hand; begin a stretch at its character; end the stretch there."""
        if not self.active:
            return replace(self, active=True)
        if self.start is None:
            return replace(self, start=self.at)
        return replace(self, stretches=(*self.stretches, self.open), start=None)

    def left(self) -> Marking:
        """Put the hand away; a stretch that is being marked ends where it is."""
        return replace(self if self.start is None else self.pressed(), active=False)

    def covers(self, length: int) -> list[bool]:
        """For every character of a text, whether it is marked, or is being marked."""
        found = [False] * length
        for stretch in (*self.stretches, self.open):
            found[stretch.start : stretch.stop] = [True] * len(stretch)
        return found


@dataclass(frozen=True, eq=False)
class Neurons:
    """What every unit of the last layer does over a stretch of text that was never learned from."""

    step: int
    text: str
    units: Array
    """(T, H) the values of the symbol."""
    features: tuple[str, ...]
    correlations: Array
    """(F, H) Pearson's r of each property of the text with each unit."""
    symbol: str = "h"
    """The state or gate that is looked at."""
    chosen: int = 0
    """The property by which units are ranked."""
    marking: Marking = Marking()

    def absence(self, feature: int) -> str:
        """Why no unit can follow a property in this text, in a few words; nothing where one can."""
        name = self.features[feature]
        if name == MARKED:
            return EVERYWHERE if all(self.marking.covers(len(self.text))) else ""
        value = constants(self.text).get(name)
        return "" if value is None else EVERYWHERE if value else NOWHERE

    def ranked(self, feature: int) -> list[int]:
        """The units by how closely they follow a property, in either direction, the closest first."""
        order: list[int] = np.argsort(-np.abs(self.correlations[feature]), kind="stable").tolist()
        return order

    def choosing(self, feature: int) -> Neurons:
        """The same, ranked by another property; after the last one comes the first."""
        return replace(self, chosen=feature % len(self.features))

    def marked(self, marking: Marking) -> Neurons:
        """The same with other marks; what is marked is the last property, and chosen where it has changed."""
        if marking.stretches == self.marking.stretches:
            return replace(self, marking=marking)
        built_in = len(self.features) - (MARKED in self.features)
        features, correlations = self.features[:built_in], self.correlations[:built_in]
        chosen = self.chosen % built_in
        if marking.stretches:
            mask = np.array(replace(marking, start=None).covers(len(self.text)), dtype=np.float64)
            correlations = np.concatenate((correlations, pearson(mask[:, None], self.units)))
            features, chosen = (*features, MARKED), built_in
        return replace(self, features=features, correlations=correlations, chosen=chosen, marking=marking)

    def again(self, fresh: Neurons) -> Neurons:
        """The units of another step or symbol, with the marks and the choice of this one where the text is the same."""
        return fresh.marked(self.marking).choosing(self.chosen) if fresh.text == self.text else fresh
