"""The scene that the options of a command say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnntui.cli.incoming import characters, read_stdin

if TYPE_CHECKING:
    from rnntui.scene import Scene

GRADIENTS = ("loss", "truncate", "every", "clip")
NAMED = ("cell", "hidden", "layers", "bidirectional", "seed", "init", "tokens", "inputs", "length", "dtype", "readout")
"""The options that are fields of a scene, under the same names."""
FILES = {"load_weights": "weights", "embedding": "embedding", "vocab": "vocab"}
"""The options that name a file, or a part of one after a colon, and the fields of a scene that they are."""


def scene_from(given: dict[str, Any], fallback: Scene | None = None) -> tuple[Scene | None, tuple[str, ...]]:
    """The scene that the options say, and what had to be said about the text; None when nothing names a text.

    `fallback` is what the options change when they name no text themselves. Raises BadInput.
    """
    from rnntui.errors import BadInput
    from rnntui.scene import Scene, parse

    text, file, line = given["text"], given["file"], given["scene"]
    if text is not None and file is not None:
        raise BadInput("TEXT and --file were both given; keep one.")
    changes: dict[str, Any] = {name: given[name] for name in (*NAMED, *GRADIENTS) if given.get(name) is not None}
    if "cell" in changes:
        changes["cell_sha256"] = ""
    if given["touches"]:
        changes["set"] = ";".join(given["touches"])
    notices: tuple[str, ...] = ()
    if text is not None:
        text, notices = read_stdin() if text == "-" else characters(text)
        if not text:
            raise BadInput("The text is empty; give at least one character.")
        changes |= {"text": text, "file": "", "sha256": ""}
    changes |= _files(given)
    if file is not None:
        if not file:
            raise BadInput("--file names no file; write --file PATH.")
        changes |= {"file": str(Path(file).absolute()), "text": "", "sha256": ""}
    vectors = Scene(inputs=given["inputs"] or "onehot").reads_file
    drawn = bool(given["length"])
    named = bool(text or file or vectors or (drawn and not fallback))
    base = parse(line) if line is not None else (Scene() if named else fallback)
    if base is None:
        return None, notices
    if not (base.text or base.file or base.reads_file or text or file or vectors or drawn or base.length):
        raise BadInput("The scene names no text; add text=… or file=… to it, or give a TEXT.")
    return _beside(_within(base, changes), given.get("versus")), notices


def chosen(given: dict[str, Any]) -> tuple[str, ...]:
    """The fields of the scene that were chosen on the command line, which no file of weights may gainsay."""
    return tuple(name for name in NAMED if given[name] is not None)


def _files(given: dict[str, Any]) -> dict[str, str]:
    """The fields of the scene that name files; what was known of other files before is forgotten."""
    from rnntui.errors import BadInput

    changes = {"inputs_sha256": ""} if given["inputs"] is not None else {}
    for option, field in FILES.items():
        if given[option] == "":
            name = option.replace("_", "-")
            raise BadInput(f"--{name} names no file; write --{name} FILE.")
        if given[option] is not None:
            changes |= {field: str(Path(given[option]).absolute()), f"{field}_sha256": ""}
    return changes


def _within(base: Scene, changes: dict[str, Any]) -> Scene:
    """The changed scene, its cursor pulled back into a smaller or one-way network, or another cell."""
    hidden, layers = changes.get("hidden", base.hidden), changes.get("layers", base.layers)
    back: dict[str, Any] = {}
    if base.unit >= hidden >= 1:
        back["unit"] = 0
    if base.layer >= layers >= 1:
        back["layer"] = 0
    if changes.get("cell", base.cell) != base.cell:
        back |= {"symbol": "", "partial": False}  # another cell has symbols of its own
    return replace(base, **changes, **back)


def _beside(scene: Scene, versus: str | None) -> Scene:
    """The scene with what stands beside it. Raises BadInput for what cannot."""
    if versus is None:
        return scene
    from rnntui.versus import absolute, other

    found = replace(scene, versus=versus)
    other(found)
    return absolute(found)
