"""A learner's own cell in a training: its file is run once, when its name is given, and never for a run that exists.

What a run keeps of it is its equations (`core.plaincell`), which can do nothing but compute; they are what trains.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from rnntui.cellname import own_cell
from rnntui.core.cellfile import LARGEST, cell_of, kept
from rnntui.core.parameters import Network
from rnntui.core.regular import read
from rnntui.errors import BadInput, counted
from rnntui.models.learnable import unreached
from rnntui.scene import Scene
from rnntui.training.learner import shape_of
from rnntui.training.spec import MOST, CharModelSpec

LARGEST_SHARE: Final = 8
"""How many symbols' values an update may keep for each of the states that `MOST` counts."""
SOME: Final = tuple("abcdefgh")
"""Characters, where it does not matter which."""


def adopted(spec: CharModelSpec) -> CharModelSpec:
    """The spec with the equations of its own cell, as its file says them now; any other as it is.

    The file is run, so this is for one that a person has named. Raises BadInput, with the line where there is one, for
    a file that is no cell, and for a cell that cannot learn.
    """
    own = own_cell(spec.cell)
    if own is None:
        return spec
    cell, scene, _ = cell_of(Scene(cell=str(own.absolute)))
    shape = shape_of(spec, SOME)
    unreached(Network(cell, shape.embedding or len(SOME), spec.hidden, spec.layers))
    count = spec.batch * spec.sequence * spec.hidden * spec.layers * len(cell.equations)
    if count > LARGEST_SHARE * MOST:
        raise BadInput(
            f"With {counted(len(cell.equations), 'equation')}, {count:,} numbers would have to be kept for the way "
            f"back, more than {LARGEST_SHARE * MOST:,}; make batch, sequence, hidden or layers smaller."
        )
    return replace(spec, cell=scene.cell, cell_sha256=scene.cell_sha256, equations=kept(cell))


def slower(spec: CharModelSpec) -> tuple[str, ...]:
    """What to say where training takes longer than somebody may expect; measured with 256 units."""
    if not spec.slow:
        return ()
    about = "about 3" if own_cell(spec.cell) is None else "1.5 to 4"
    return (
        f"{spec.cell_title} learns by its equations, step by step: an update takes {about} times as long as a gru's.",
    )


def said(spec: CharModelSpec) -> tuple[str, ...]:
    """What has to be said when a run with an own cell begins: which weights stay as they are drawn."""
    if own_cell(spec.cell) is None:
        return ()
    alone = unreached(shape_of(spec, SOME).network)
    if not alone:
        return ()
    stay = ", ".join(name for name in alone if name != "x")
    words = [f"no gradient reaches {', '.join(alone)}"] + ([f"so {stay} will stay as drawn"] if stay else [])
    return (f"In {spec.cell_title} {', '.join(words)}.",)


def changed(spec: CharModelSpec) -> tuple[str, ...]:
    """What has to be said where the file of an own cell is another one by now; it is looked at and not run."""
    own = own_cell(spec.cell)
    if own is None:
        return ()
    try:
        data, _ = read(own.file, LARGEST)
    except BadInput:
        return ()
    if hashlib.sha256(data).hexdigest() == spec.cell_sha256:
        return ()
    return (f"{spec.cell_title} has changed since this run began, which goes on with the equations that it kept.",)
