"""Two networks in lockstep: what a scene says stands beside it, on the same input.

`gru` or `cell=gru`: another cell, with nothing set by hand but what `set=` says, for its symbols are its own. `seed=1`,
`init=orthogonal`, `set=f=1;h[3]@5=0`: another network of the same kind; several have a semicolon between. `untouched`:
the same without what is set by hand. Standard library only.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from rnntui.cellname import OwnCell, own_cell
from rnntui.errors import BadInput
from rnntui.names import cell_names, nearest
from rnntui.pairs import whole_number
from rnntui.scene import Scene

UNTOUCHED: Final = "untouched"
FIELDS: Final = ("cell", "seed", "init", "weights", "set")
"""What may differ; the text and how it is read may not."""


def other(scene: Scene) -> Scene:
    """The scene that stands beside this one. Raises BadInput for what cannot, and for a scene that says none."""
    if not scene.versus:
        raise BadInput("The scene says nothing to compare with; write versus=gru, versus=seed=1 or versus=untouched.")
    if scene.versus == UNTOUCHED:
        if not scene.set:
            raise BadInput(
                "Nothing is set by hand, so there is nothing untouched to compare with; set something first."
            )
        return replace(scene, set="", versus="")
    changes: dict[str, str | int] = {}
    key = ""
    for words in scene.versus.split(";"):
        if key == "set" and words.partition("=")[0] not in FIELDS:
            changes["set"] = f"{changes['set']};{words}"
            continue
        key, equals, value = words.partition("=")
        if not equals:
            key, value = "cell", words
            if own_cell(value) is None and value not in cell_names():
                known = (*cell_names(), UNTOUCHED, *(f"{field}=" for field in FIELDS[1:]))
                raise BadInput(f"Cannot compare with {value!r}: {nearest(value, known)}.")
        if key not in FIELDS:
            raise BadInput(f"Cannot compare with another {key!r}: {nearest(key, FIELDS)}.")
        if key in changes:
            raise BadInput(f"What stands beside it has one {key}, and {scene.versus!r} says two; keep one.")
        changes[key] = value
    return _changed(scene, changes)


def _changed(scene: Scene, changes: dict[str, str | int]) -> Scene:
    if "seed" in changes:
        changes["seed"] = whole_number("seed", str(changes["seed"]))
    if "cell" in changes:
        changes |= {"cell_sha256": "", "symbol": "", "set": changes.get("set", "")}
    if {"cell", "seed", "init"} & changes.keys():
        changes.setdefault("weights", "")
    if "weights" in changes:
        changes["weights_sha256"] = ""
    if not changes.get("weights", scene.weights):
        changes["readout"] = ""
    return replace(scene, versus="", **changes)  # type: ignore[arg-type]


def absolute(scene: Scene) -> Scene:
    """The same scene wherever one stands: with the whole paths of the files that it runs, and of those beside it."""
    own = own_cell(scene.cell)
    cell = str(own.absolute) if own is not None else scene.cell
    return replace(scene, cell=cell, versus=";".join(map(_absolute, scene.versus.split(";"))))


def _absolute(words: str) -> str:
    own, file = _own(words), words.removeprefix("weights=")
    if file not in ("", words):
        return f"weights={Path(file).absolute()}"
    return f"cell={own.absolute}" if own is not None else words


def _own(words: str) -> OwnCell | None:
    """The file of one's own that is named by `cell=FILE.py:FUNCTION`, or by the file alone."""
    named = words.removeprefix("cell=")
    return own_cell(named) if named != words or "=" not in words else None


def spoken(versus: str) -> str:
    """What stands beside a scene in a few words: a cell of one's own without its folder."""
    return ", ".join(own.title if (own := _own(words)) is not None else words for words in versus.split(";"))


def own_cells(scene: Scene) -> tuple[OwnCell, ...]:
    """The files of one's own that a scene runs: its cell's, and that of what stands beside it."""
    found = (own_cell(scene.cell), *map(_own, scene.versus.split(";")))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def names(scene: Scene) -> tuple[str, str]:
    """What the two are called where they stand side by side: what differs between them."""
    if scene.versus == UNTOUCHED:
        return "set by hand", UNTOUCHED
    one = other(scene)
    fields = [field for field in FIELDS if getattr(scene, field) != getattr(one, field)] or ["cell"]
    return _name(scene, fields), _name(one, fields)


def _name(scene: Scene, fields: list[str]) -> str:
    words = {"cell": scene.cell_title, "set": scene.set or "nothing set"}
    return " · ".join(words.get(field, f"{field} {getattr(scene, field)}") for field in fields)
