"""Says completely which character model is trained, on what and how: the same spec, the same run.

Standard library only, so that what is seen may read it. The numbers of the presets were measured on stdlib-docs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from rnntui.cellname import own_cell
from rnntui.errors import BadInput, one_line
from rnntui.names import nearest

CELLS: Final = ("lstm", "gru", "rnn", "rnn-relu", "gru-reset-before")
"""The cells of ours that can be trained."""
GATED: Final = frozenset({"lstm", "gru", "gru-reset-before"})
SLOW: Final = frozenset({"gru-reset-before"})
"""Those that are trained by their equations, step by step: nobody has written a faster way back through time."""
LONGEST_TITLE: Final = 40
FORMAT: Final = 1
RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "hidden": (1, 1024),
    "layers": (1, 8),
    "embedding": (0, 1024),
    "dropout": (0, 0.9),
    "batch": (1, 1024),
    "sequence": (1, 2048),
    "learning_rate": (1e-8, 1e3),
    "warm_up": (0, 1e6),
    "decay": (0, 1),
    "clip": (0, 1e6),
    "weight_decay": (0, 10),
    "seed": (0, 2**63 - 1),
    "steps": (1, 10**9),
}
"""Field → the smallest and the largest value that makes sense."""
MOST: Final = 2**24
"""How many states one update may keep: about a gigabyte with everything that belongs to them."""


@dataclass(frozen=True)
class CharModelSpec:
    """A character model and its training. Raises BadInput for a value that does not fit, naming the field."""

    corpus: str = "stdlib-docs"
    file: str = ""
    """A file to learn from instead of the corpus."""
    sha256: str = ""
    """Of the text that the run started with; empty before it has."""
    cell: str = "lstm"
    """One of ours, or a learner's own as FILE.py:FUNCTION, where it was read from."""
    cell_sha256: str = ""
    """Of the file of an own cell when its equations were read."""
    equations: str = ""
    """Those of an own cell, as `core.cellfile.kept` writes them: what trains is these, whatever becomes of the file."""
    hidden: int = 128
    layers: int = 1
    embedding: int = 64
    """The length of a character's vector; 0 is one-hot."""
    dropout: float = 0.0
    """The share of units left out between layers and before the read-out."""
    tied: bool = False
    """Whether the read-out uses the embedding's matrix; needs embedding = hidden."""
    init: str = "orthogonal,forget-bias=1"
    batch: int = 16
    """B, rows of text that are read side by side."""
    sequence: int = 64
    """T, steps that the gradient flows back (truncated backpropagation through time)."""
    learning_rate: float = 0.012
    warm_up: int = 20
    """Steps in which the learning rate rises to its full value."""
    decay: float = 0.02
    """The share of the learning rate that is left at the end; on the way it falls as half a cosine."""
    clip: float = 1.0
    """The largest norm of the gradient; 0 is no limit."""
    weight_decay: float = 0.0
    seed: int = 0
    steps: int = 2000

    def __post_init__(self) -> None:
        """Refuse what could not be trained, naming the field, the value and what would do."""
        for field in fields(self):
            value = getattr(self, field.name)
            kind = type(field.default)
            fits = isinstance(value, kind | int if kind is float else kind) and (kind is bool or value is not True)
            if not fits or isinstance(value, bool) is not (kind is bool):
                raise BadInput(f"{field.name} = {value!r} is no {_KIND[kind]}; give one.")
            if field.name in RANGES:
                low, high = RANGES[field.name]
                if not low <= value <= high:
                    bounds = f"{_number(low)}…{_number(high)}"
                    raise BadInput(f"{field.name} = {value} is outside {bounds}; choose a number between them.")
            if kind is float:
                object.__setattr__(self, field.name, float(value))
        if (count := self.batch * self.sequence * self.hidden * self.layers) > MOST:
            raise BadInput(
                f"batch x sequence x hidden x layers would be {count:,} states to keep for the way back, "
                f"more than {MOST:,}; make one of them smaller."
            )
        if self.cell not in CELLS and own_cell(self.cell) is None:
            raise BadInput(
                f"The cell '{self.cell}' cannot be trained here: {nearest(self.cell, CELLS)}. "
                "Or a file of your own: FILE.py:FUNCTION."
            )
        if self.tied and self.embedding != self.hidden:
            raise BadInput(
                f"A tied read-out needs an embedding as long as the hidden state ({self.hidden}), "
                f"not {self.embedding}; make them equal."
            )

    @property
    def title(self) -> str:
        """What a run of it is called: stdlib-docs-lstm, file-mgu."""
        own = own_cell(self.cell)
        cell = self.cell if own is None else own.function or "own"
        return f"{'file' if self.file else self.corpus}-{cell}"

    @property
    def cell_title(self) -> str:
        """The cell as a screen names it: lstm, or mgu.py:mgu without its folder."""
        own = own_cell(self.cell)
        return self.cell if own is None else one_line(own.title, LONGEST_TITLE)

    @property
    def slow(self) -> bool:
        """Whether its cell is trained by its equations, step by step."""
        return self.cell in SLOW or own_cell(self.cell) is not None

    def to_json(self) -> str:
        """One line from which `from_json` makes the same spec again, to the last bit."""
        return json.dumps({"format": FORMAT, **asdict(self)})

    @classmethod
    def from_json(cls, text: str | bytes) -> CharModelSpec:
        """The spec in a line of JSON. Raises BadInput when there is none, or one of another version."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or "format" not in found:
            raise BadInput("This is no spec of a character model, or it was cut short.")
        return cls.from_fields(found)

    @classmethod
    def from_fields(cls, found: Mapping[str, Any]) -> CharModelSpec:
        """The spec that a JSON object says. Raises BadInput as `from_json` does."""
        found = dict(found)
        version = found.pop("format", None)
        if version != FORMAT:
            raise BadInput(f"This spec has format {version!r}, and {FORMAT} can be read; it is of another version.")
        known = {field.name for field in fields(cls)}
        for name in found:
            if name not in known:
                raise BadInput(f"Unknown field {name!r} in the spec: {nearest(name, known)}.")
        return cls(**found)

    def rate(self, step: int, peak: float | None = None) -> float:
        """The learning rate of a step, counted from 1: a straight rise, then half a cosine down.

        `peak` replaces the spec's learning rate where a knob was turned.
        """
        peak = self.learning_rate if peak is None else peak
        if step <= self.warm_up:
            return peak * step / self.warm_up
        done = min(1.0, (step - self.warm_up) / max(1, self.steps - self.warm_up))
        return peak * (self.decay + (1 - self.decay) * (1 + math.cos(math.pi * done)) / 2)


def _number(value: float) -> str:
    """A bound to the last digit, as one would type it."""
    return str(value) if isinstance(value, int) else f"{value:g}"


_KIND: Final = {str: "text", int: "whole number", float: "number", bool: "yes or no"}

PRESETS: Final[Mapping[int, CharModelSpec]] = {
    10: CharModelSpec(cell="rnn", hidden=256, init="orthogonal", sequence=32, learning_rate=0.006, steps=1900),
    30: CharModelSpec(steps=3000),
    60: CharModelSpec(hidden=256, learning_rate=0.008, steps=2300),
    300: CharModelSpec(hidden=256, learning_rate=0.008, batch=32, weight_decay=0.1, steps=6000),
}
"""Seconds on one core of 2023 → what to train in them."""
UNITS_OF_OWN: Final = 128
"""Units for a cell of one's own: in a minute, mgu.py gets as far with them as with 256, and each update is shorter."""


def preset(seconds: float, cell: str | None = None) -> CharModelSpec:
    """What is worth training in so many seconds, with a cell of one's own choice or the one that does best.

    A cell in a file of one's own is slow, so it gets fewer units, and it need not have a gate that keeps.
    """
    found = PRESETS[max((known for known in PRESETS if known <= seconds), default=min(PRESETS))]
    if cell is None or cell == found.cell:
        return found
    if own_cell(cell) is not None:
        return replace(found, cell=cell, hidden=UNITS_OF_OWN, learning_rate=0.008, init="orthogonal")
    gated = cell in GATED
    rate = found.learning_rate if gated is (found.cell in GATED) else (0.008 if gated else 0.004)
    return replace(found, cell=cell, learning_rate=rate, init="orthogonal,forget-bias=1" if gated else "orthogonal")
