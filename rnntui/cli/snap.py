"""`rnntui snap`: a picture of the app in a scene, without a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rnntui.cli.options import OneOf
from rnntui.looks import THEMES

if TYPE_CHECKING:
    from pathlib import Path

    from rnntui.looks import Theme

SMALLEST = (20, 5)
LARGEST = (400, 200)


@click.command(short_help="Draw the app in a scene into a file.")
@click.argument("scene")
@click.option("--size", default="120x36", metavar="WxH", help="Columns and lines.  [120x36]")
@click.option("--theme", type=OneOf("theme", *THEMES), default="dark", help="Colours.  [dark]")
@click.option("--keys", default="", metavar="KEYS", help="Keys to press first, such as 'right right enter'.")
@click.option("--ascii", "ascii_", is_flag=True, help="Draw with ASCII only.")
@click.option("-o", "--out", required=True, metavar="FILE", help="FILE.svg for a picture, FILE.txt for its text.")
def snap(*, scene: str, size: str, theme: Theme, keys: str, ascii_: bool, out: str) -> None:
    """Draw the app in SCENE, after pressing KEYS, into a file.

    The same scene, size and keys give the same bytes.
    """
    from pathlib import Path

    from rnntui.cli.headless import Shot, plain_environment, take, text_of
    from rnntui.errors import BadInput
    from rnntui.files import write
    from rnntui.scene import parse

    if not out:
        raise BadInput("-o names no file; write -o FILE.svg or -o FILE.txt.")
    file = Path(out)
    if file.suffix not in {".svg", ".txt"}:
        raise BadInput(f"A picture is FILE.svg or FILE.txt, not '{file.name}'; name it so.")
    _check_folder(file)
    with plain_environment():
        pressed = tuple(_key(word) for word in keys.split())
        svg = take(Shot(parse(scene), _size(size), theme, pressed, ascii_))
    content = svg if file.suffix == ".svg" else text_of(svg)
    write(file, lambda stream: stream.write(content.encode("utf-8")))


def _size(text: str) -> tuple[int, int]:
    import re

    from rnntui.errors import BadInput

    found = re.fullmatch(r"([0-9]{1,4})x([0-9]{1,4})", text)
    if found is None:
        raise BadInput(f"'{text}' is no size; write columns x lines, such as 120x36.")
    width, height = int(found[1]), int(found[2])
    if not (SMALLEST[0] <= width <= LARGEST[0] and SMALLEST[1] <= height <= LARGEST[1]):
        least, most = "x".join(map(str, SMALLEST)), "x".join(map(str, LARGEST))
        raise BadInput(f"The size {text} is outside {least}…{most}; choose one between them.")
    return width, height


def _key(word: str) -> str:
    """A key as Textual names it; a single character is itself."""
    from textual.keys import Keys

    from rnntui.errors import BadInput
    from rnntui.scene import nearest

    if len(word) == 1 and word.isprintable():
        return word
    *modifiers, key = word.split("+")
    known = sorted({one.value for one in Keys if one.value.isidentifier() and "control" not in one.value} | {"space"})
    if (key in known or _is_character(key) or (len(key) == 1 and modifiers)) and set(modifiers) <= {
        "ctrl",
        "shift",
        "alt",
    }:
        return word
    close = nearest(word, known).partition(" Known:")[0]
    hint = close if "did you mean" in close else "such as right, enter, space, ctrl+r or n."
    raise BadInput(f"Unknown key '{word}': {hint}")


def _is_character(name: str) -> bool:
    """Whether this is how Textual names a character, such as question_mark."""
    import unicodedata

    from textual.keys import KEY_NAME_REPLACEMENTS

    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name in KEY_NAME_REPLACEMENTS.values()
    return True


def _check_folder(file: Path) -> None:
    from rnntui.errors import BadInput

    if file.is_dir() or not file.absolute().parent.is_dir():
        raise BadInput(f"{file} cannot be written: its directory does not exist or it is one itself; name another.")
