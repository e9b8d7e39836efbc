"""What is set by hand instead of computed: `f=1`, `h[3]@5=0`, `h@0=0.5`, `L1.reverse.f[2]=1`, `weight_hh_l0[5,2]=0.3`.

Several of them are one line of text, a semicolon between. Later ones win over earlier ones. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from rnntui.errors import BadInput
from rnntui.names import nearest
from rnntui.scene import DIRECTIONS, Direction

FORM: Final = "[L<layer>.][reverse.]NAME[UNIT]@STEP=VALUE"
LONGEST: Final = 200
"""Characters of one setting."""
_LEFT: Final = re.compile(
    r"(?:L(?P<layer>[0-9]{1,9})\.)?(?P<lane>reverse\.)?(?P<name>[^\W\d]\w*)"
    r"(?:\[(?P<index>[0-9]{1,9}(?:,[0-9]{1,9})?)\])?(?:@(?P<t>[0-9]{1,9}))?"
)
_PARAMETER: Final = re.compile(r"\w+_l[0-9]+(_reverse)?")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Clamp:
    """A symbol that is held at a value, in one unit or in all, at one step or at all."""

    layer: int
    direction: Direction
    symbol: str
    unit: int | None
    t: int | None
    """The t of the equations; at the initial state (0, or T + 1 in the backward lane) it sets that state."""
    value: float

    def __str__(self) -> str:
        """As it is written."""
        where = f"L{self.layer}." if self.layer else ""
        where += "reverse." if self.direction == "backward" else ""
        unit = "" if self.unit is None else f"[{self.unit}]"
        step = "" if self.t is None else f"@{self.t}"
        return f"{where}{self.symbol}{unit}{step}={self.value:g}"


@dataclass(frozen=True)
class WeightEdit:
    """A weight that is another number, under torch's name and index."""

    name: str
    index: tuple[int, ...]
    value: float

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.name}[{','.join(map(str, self.index))}]={self.value:g}"


@dataclass(frozen=True)
class ByHand:
    """Everything that is set by hand in one trace."""

    clamps: tuple[Clamp, ...] = ()
    weights: tuple[WeightEdit, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is."""
        return bool(self.clamps or self.weights)

    def __str__(self) -> str:
        """As it is written."""
        return ";".join(map(str, (*self.clamps, *self.weights)))

    def of(self, layer: int, direction: Direction) -> tuple[Clamp, ...]:
        """The clamps of one layer in one direction."""
        return tuple(clamp for clamp in self.clamps if (clamp.layer, clamp.direction) == (layer, direction))

    def held(self, layer: int, direction: Direction, symbol: str, unit: int, t: int, start: int) -> Clamp | None:
        """The clamp that made a value, if one did; at the initial state `start` only those that name it do."""
        for clamp in reversed(self.of(layer, direction)):
            at = clamp.t == t or (clamp.t is None and t != start)
            if clamp.symbol == symbol and at and clamp.unit in {None, unit}:
                return clamp
        return None


def read(line: str) -> ByHand:
    """What a line of settings says. Raises BadInput for the first that cannot be read."""
    clamps: list[Clamp] = []
    weights: list[WeightEdit] = []
    for words in filter(None, (part.strip() for part in line.split(";"))):
        one = _one(words)
        clamps += [one] if isinstance(one, Clamp) else []
        weights += [one] if isinstance(one, WeightEdit) else []
    return ByHand(tuple(clamps), tuple(weights))


def _one(words: str) -> Clamp | WeightEdit:
    if len(words) > LONGEST:
        raise BadInput(f"'{words[:20]}…' is too long for a setting; write {FORM}, such as f=1.")
    left, equals, right = (part.strip() for part in words.partition("="))
    found = _LEFT.fullmatch(left)
    if found is None or not equals:
        raise BadInput(f"'{words}' sets nothing; write {FORM}, such as f=1, h[3]@5=0 or weight_hh_l0[5,2]=0.3.")
    right = right.replace("−", "-")  # the minus that the screen writes
    if not _NUMBER.fullmatch(right) or not isfinite(float(right)):
        raise BadInput(f"'{words}' needs a finite number after the =, such as {left}=0.5.")
    value, name = float(right), found["name"]
    index = tuple(map(int, found["index"].split(","))) if found["index"] else ()
    if _PARAMETER.fullmatch(name):
        if found["layer"] or found["lane"] or found["t"] or not index:
            raise BadInput(f"'{words}' names a weight: write NAME[ROW,COLUMN]=VALUE, or NAME[ROW]=VALUE for a bias.")
        return WeightEdit(name, index, value)
    if len(index) > 1:
        raise BadInput(
            f"'{words}': {name} is no weight, and a value has one index, its unit; write f[3]=VALUE or "
            "weight_hh_l0[5,2]=VALUE."
        )
    t = int(found["t"]) if found["t"] else None
    direction = DIRECTIONS[1] if found["lane"] else DIRECTIONS[0]
    return Clamp(int(found["layer"] or 0), direction, name, index[0] if index else None, t, value)


@dataclass(frozen=True)
class Bounds:
    """What there is to set: a network's symbols, states, sizes, parameters, and how large a number can be."""

    symbols: Sequence[str]
    states: Sequence[str]
    layers: int
    bidirectional: bool
    hidden: int
    steps: int
    shapes: Mapping[str, tuple[int, ...]]
    largest: float

    def check(self, by_hand: ByHand) -> None:
        """Raises BadInput for the first setting of what is not there, naming the nearest that is."""
        for clamp in by_hand.clamps:
            self._check_clamp(clamp)
            self._check_size(clamp, clamp.value)
        for edit in by_hand.weights:
            self._check_weight(edit)
            self._check_size(edit, edit.value)

    def _check_size(self, one: Clamp | WeightEdit, value: float) -> None:
        if abs(value) > self.largest:
            raise BadInput(f"'{one}': the largest number of this precision is {self.largest:.2g}; set a smaller.")

    def _check_clamp(self, clamp: Clamp) -> None:
        if clamp.layer >= self.layers:
            raise BadInput(f"'{clamp}': there is no layer {clamp.layer}, the last is {self.layers - 1}.")
        if clamp.direction == "backward" and not self.bidirectional:
            raise BadInput(
                f"'{clamp}': this network reads forward only; leave out 'reverse.' or make it bidirectional."
            )
        if clamp.symbol not in self.symbols:
            raise BadInput(f"'{clamp}': unknown name '{clamp.symbol}', {_known(clamp.symbol, self.symbols)}.")
        if clamp.unit is not None and clamp.unit >= self.hidden:
            raise BadInput(f"'{clamp}': there is no unit {clamp.unit}; units count from 0 to {self.hidden - 1}.")
        start = 0 if clamp.direction == "forward" else self.steps + 1
        if clamp.t is not None and not 1 <= clamp.t <= self.steps:
            if clamp.t != start:
                raise BadInput(f"'{clamp}': there is no step {clamp.t}; steps count from 1 to {self.steps}.")
            if clamp.symbol not in self.states:
                states = " and ".join(self.states)
                raise BadInput(f"'{clamp}': before reading only {states} can be set; name a step from 1.")

    def _check_weight(self, edit: WeightEdit) -> None:
        if edit.name not in self.shapes:
            raise BadInput(f"'{edit}': unknown weight '{edit.name}', {_known(edit.name, self.shapes)}.")
        shape = self.shapes[edit.name]
        fits = len(edit.index) == len(shape) and all(i < size for i, size in zip(edit.index, shape, strict=True))
        if not fits:
            raise BadInput(f"'{edit}': {edit.name} has the shape {shape}, and indices count from 0.")


def _known(name: str, names: Iterable[str]) -> str:
    return nearest(name, names).replace("Known: ", "known: ")
