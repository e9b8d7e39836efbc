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
    from rnntui.cli.keynames import key
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
        pressed = tuple(key(word) for word in keys.split())
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


def _check_folder(file: Path) -> None:
    from rnntui.errors import BadInput

    if file.is_dir() or not file.absolute().parent.is_dir():
        raise BadInput(f"{file} cannot be written: its directory does not exist or it is one itself; name another.")
