"""The first minute: a title, a scene and three hints, read from `lessons/welcome.md`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rnntui.errors import BadInput
from rnntui.lessons import folder
from rnntui.scene import Scene, parse
from rnntui.versus import own_cells

HINTS: Final = 3
LARGEST: Final = 64 << 10


@dataclass(frozen=True)
class Welcome:
    """What greets a newcomer."""

    title: str
    scene: Scene
    hints: tuple[str, ...]
    """Three paragraphs; a line break stays where the file has one."""


def welcome() -> Welcome:
    """The first minute as it is shipped."""
    return read(folder() / "welcome.md")


def read(file: Path) -> Welcome:
    """The first minute in a file: `# title`, `scene: SCENE`, three paragraphs, with empty lines between them.

    Raises BadInput naming the file and what is missing.
    """
    try:
        with file.open("rb") as stream:
            text = stream.read(LARGEST + 1).decode("utf-8")
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file} is no UTF-8; save it as UTF-8.") from None
    if len(text.encode()) > LARGEST:
        raise BadInput(f"{file} is larger than {LARGEST >> 10} KiB; a first minute is a few lines.")
    blocks = ["\n".join(line.strip() for line in block) for block in _blocks(text)]
    if not blocks or not blocks[0].startswith("# ") or "\n" in blocks[0]:
        raise BadInput(f"{file} must begin with its title, one line: # TITLE.")
    if len(blocks) < 2 or not blocks[1].startswith("scene:") or "\n" in blocks[1]:
        raise BadInput(
            f"{file} needs one line after the title that names a scene: scene: explore:cell=lstm,text=hello."
        )
    if len(blocks) != 2 + HINTS:
        raise BadInput(f"{file} has {len(blocks) - 2} paragraphs after the scene; it needs {HINTS}.")
    try:
        scene = parse(blocks[1].removeprefix("scene:"))
    except BadInput as error:
        raise BadInput(f"{file}: {error}") from None
    if own_cells(scene):
        raise BadInput(f"{file} names the file of a cell, {scene.cell_title}; a lesson runs no files, only our cells.")
    return Welcome(blocks[0].removeprefix("# ").strip(), scene, tuple(blocks[2:]))


def _blocks(text: str) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]
