"""Where the course lies: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from rnntui.errors import BadInput


def folder() -> Path:
    """The folder of lessons: the one shipped in the wheel if there is one, else the checkout's.

    Raises BadInput when neither is there, which only a damaged installation brings about.
    """
    package = Path(str(files("rnntui")))
    for place in (package / "_lessons", package.parent / "lessons"):
        if place.is_dir():
            return place
    raise BadInput(f"The lessons are neither in {package} nor beside it; install rnntui again.")
