"""A scene says completely what is looked at, in one line of text that a shell, a chat and a lesson can carry.

`explore:cell=lstm,text=hello,hidden=8,seed=0,t=3`: an activity, a colon, then key=value pairs between commas (`pairs`
says how they are written). Same scene, same numbers. Standard library only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Final, Literal

from rnntui import pairs
from rnntui.cellname import own_cell
from rnntui.checked import choose, shown, within, writable
from rnntui.errors import BadInput
from rnntui.names import cell_names

Direction = Literal["forward", "backward"]
Walk = Literal["back", "forward"]

ACTIVITIES: Final = ("explore", "gradients")
TOKENS: Final = ("char", "word", "number")
INPUTS: Final = ("onehot", "random")
DTYPES: Final = ("float32", "float64")
DIRECTIONS: Final[tuple[Direction, ...]] = ("forward", "backward")
WALKS: Final = ("back", "forward")
LARGEST: Final = {"hidden": 1024, "layers": 16, "seed": 2**63 - 1, "length": 100_000}
ALWAYS_WRITTEN: Final = ("cell", "text", "hidden", "seed", "t")
PAST_THE_END: Final = LARGEST["seed"]
"""A t past any text's end: there a gradients scene begins that says no t, at the loss."""
_CLIP: Final = re.compile(r"(value:)?(?=[0-9.]*[1-9])([0-9]{1,9}(\.[0-9]{1,9})?|\.[0-9]{1,9})")


@dataclass(frozen=True)
class Cursor:
    """The one place that every pane looks at: a layer, a direction, a step, a symbol and a unit.

    `t` is the t of the equations: array row = t - 1. The forward lane starts at t = 0 and reads upwards; the backward
    lane starts at t = T + 1 and reads downwards, so after k steps it stands at T + 1 - k.
    """

    layer: int = 0
    direction: Direction = "forward"
    t: int = 0
    symbol: str = ""
    """The sub-step that is lit; empty means the cell's first."""
    unit: int = 0
    partial: bool = False
    """True while going sub-step by sub-step: what comes after `symbol` in this step is not yet computed."""
    walk: Walk = "back"
    """Which pass the gradients activity steps: the gradient's, from the loss back, or the forward one before it."""


@dataclass(frozen=True)
class Scene:
    """What is looked at: a text, the network that reads it, and where the cursor stands.

    Raises BadInput for a value outside its range; whether text, file and weights can be read is the lab's to find out.
    """

    activity: str = "explore"
    cell: str = "lstm"
    """One of ours, or a learner's own as FILE.py:FUNCTION; `cell_sha256` says which content of the file was meant."""
    cell_sha256: str = ""
    text: str = ""
    file: str = ""
    """A file to read instead of `text`; `sha256` says which content was meant."""
    sha256: str = ""
    tokens: str = "char"
    inputs: str = "onehot"
    hidden: int = 8
    layers: int = 1
    bidirectional: bool = False
    length: int = 0
    """So many tokens, drawn by the seed from those of the text (a to z without one); 0 reads the text as it is."""
    seed: int = 0
    init: str = "torch"
    """A comma list of changes to torch's initialisation, applied in order."""
    loss: str = "last"
    """Whose gradient flows back: last, mean, token:T or lm (core.losses says what each is)."""
    truncate: int = 0
    """k2 of truncated backpropagation: so many steps back and no further; 0 goes all the way."""
    every: int = 0
    """k1: how many steps apart the backward passes start; 0 is as many as `truncate`."""
    clip: str = ""
    """The limit of the gradient's norm, such as 1, or with value: of each number, value:0.1; empty is none."""
    set: str = ""
    """What is set by hand instead of computed, a semicolon between: f=1;h[3]@5=0 (core.byhand)."""
    versus: str = ""
    """What stands beside it, stepped together: gru, seed=1, init=orthogonal, untouched (rnntui.versus)."""
    dtype: str = "float32"
    weights: str = ""
    """FILE or FILE:PREFIX, a file with the parameters under torch's names, used instead of seed and init."""
    weights_sha256: str = ""
    embedding: str = ""
    """FILE:TENSOR, a matrix whose rows are the vectors of the tokens of `vocab`."""
    embedding_sha256: str = ""
    vocab: str = ""
    """A file that says which token has which number; without one, tokens are numbered as they appear in the text."""
    vocab_sha256: str = ""
    inputs_sha256: str = ""
    """Of the file that `inputs` may name instead: an .npy or .csv with one vector a step."""
    readout: str = ""
    """The name, in the file of the weights, of a linear layer that turns the output into next-token scores."""
    layer: int = 0
    direction: Direction = "forward"
    t: int = 0
    symbol: str = ""
    unit: int = 0
    partial: bool = False
    walk: Walk = "back"

    def __post_init__(self) -> None:
        """Refuse what could never be drawn, naming the field, the value and what would do."""
        choose("activity", self.activity, ACTIVITIES)
        if own_cell(self.cell) is None:
            choose("cell", self.cell, cell_names(), " Or a file of your own: FILE.py:FUNCTION.")
        choose("tokens", self.tokens, TOKENS)
        if not self.reads_file:
            choose("inputs", self.inputs, INPUTS)
        choose("dtype", self.dtype, DTYPES)
        choose("direction", self.direction, DIRECTIONS)
        choose("walk", self.walk, WALKS)
        within("hidden", self.hidden, 1, LARGEST["hidden"])
        within("layers", self.layers, 1, LARGEST["layers"])
        within("seed", self.seed, 0, LARGEST["seed"])
        within("layer", self.layer, 0, self.layers - 1)
        within("unit", self.unit, 0, self.hidden - 1)
        within("t", self.t, 0, LARGEST["seed"])
        within("length", self.length, 0, LARGEST["length"])
        within("truncate", self.truncate, 0, LARGEST["length"])
        within("every", self.every, 0, LARGEST["length"])
        if self.every and not self.truncate:
            raise BadInput("every= says how far apart truncated backward passes start; give truncate= too.")
        if not re.fullmatch(r"last|mean|lm|token:[1-9][0-9]{0,8}", self.loss):
            raise BadInput(f"Unknown loss {shown(self.loss)}; choose last, mean, lm or token:T, such as token:3.")
        if self.clip and not _CLIP.fullmatch(self.clip):
            raise BadInput(
                f"The clip {shown(self.clip)} is no limit above 0 of at most nine digits; write 1 or value:0.1."
            )
        if self.direction == "backward" and not self.bidirectional:
            raise BadInput("direction=backward needs bidirectional=yes: a one-way network has no backward lane.")
        if self.tokens == "number" and self.inputs == "random":
            raise BadInput("inputs=random does not fit tokens=number: a number is its own input; use inputs=onehot.")
        if self.embedding and not self.vocab:
            raise BadInput("An embedding needs a vocabulary, which says which row is which token; give vocab= too.")
        if self.vocab and (self.reads_file or self.tokens == "number"):
            raise BadInput("A vocabulary is for tokens; numbers and vectors from a file have none, so leave it out.")
        if self.embedding and self.inputs != "onehot":
            raise BadInput(f"The vectors are those of the embedding or inputs={self.inputs}, not both; keep one.")
        if self.readout and not self.weights:
            raise BadInput("A read-out is read from the file of the weights; give weights= too.")
        for field in fields(self):
            writable(field.name, getattr(self, field.name))

    @property
    def reads_file(self) -> bool:
        """True when the vectors come from a file instead of tokens."""
        return self.inputs.lower().endswith((".npy", ".csv"))

    @property
    def unpinned(self) -> tuple[str, ...]:
        """The fields that should say which content of a file of tensors is meant, and do not."""
        named = ("weights", "embedding")
        return tuple(f"{name}_sha256" for name in named if getattr(self, name) and not getattr(self, f"{name}_sha256"))

    @property
    def cell_title(self) -> str:
        """The cell as a screen names it: lstm, or mgu.py:mgu without its folder."""
        own = own_cell(self.cell)
        return own.title if own is not None else self.cell

    @property
    def cursor(self) -> Cursor:
        """Where the cursor stands."""
        return Cursor(self.layer, self.direction, self.t, self.symbol, self.unit, self.partial, self.walk)

    def at(self, cursor: Cursor) -> Scene:
        """The same scene with the cursor somewhere else."""
        return replace(self, **vars(cursor))

    def __str__(self) -> str:
        """One line of text from which `parse` makes the same scene again; defaults that say nothing are left out."""
        said = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "activity" or (value == field.default and field.name not in ALWAYS_WRITTEN):
                continue
            if field.name == "text" and self.file:
                continue
            said[field.name] = value
        return f"{self.activity}:{pairs.write(said)}"


def parse(line: str) -> Scene:
    """The scene that a line of text says.

    Raises BadInput naming the key or the value that cannot be read, and the nearest that could.
    """
    activity, colon, rest = line.strip().partition(":")
    if not colon:
        raise BadInput("A scene line looks like explore:cell=lstm,text=hello,t=3; this one has no colon.")
    choose("activity", activity, ACTIVITIES)
    found = pairs.read(rest, {field.name: type(field.default) for field in fields(Scene) if field.name != "activity"})
    if activity == "gradients" and found.get("direction") != "backward":
        found.setdefault("t", PAST_THE_END)
    if found.get("file") and found.get("text"):
        raise BadInput("A scene has either text= or file=, not both; remove one.")
    return Scene(activity=activity, **found)  # type: ignore[arg-type]


FALLBACK: Final = Scene(text="hello world")
"""What is shown when nothing else can be."""
