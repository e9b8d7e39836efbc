"""The cells that can be named, and what to say of a name that is none. Standard library only."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

COMPARED: Final = ("rnn", "lstm", "gru")
"""The cells whose gradients are drawn beside each other."""


@cache
def cell_names() -> tuple[str, ...]:
    """The cells that can be named: one for each file in the folder of cells, found without importing any."""
    names = (entry.name for entry in files("rnntui.core.cells").iterdir())
    return tuple(sorted(name[:-3].replace("_", "-") for name in names if name.endswith(".py") and name[0] != "_"))


@cache
def cell_about(name: str) -> str:
    """One line about a cell: the first of its file, read without importing it."""
    source = files("rnntui.core.cells").joinpath(f"{name.replace('-', '_')}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0].replace("`", "")


def nearest(word: str, known: Iterable[str]) -> str:
    """What to say after "unknown …": the known word that looks most like this one, then all of them."""
    known = tuple(known)
    folded = {one.casefold(): one for one in reversed(known)}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.5)
    hint = f"did you mean '{folded[close[0]]}'? " if close else ""
    return f"{hint}Known: {', '.join(known)}"
