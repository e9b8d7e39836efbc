"""A cell of a learner's own, by name: FILE.py:FUNCTION, as scenes and `--cell` say it. Standard library only."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import Final

_OWN: Final = re.compile(r"(.+\.py)(?::([^\W\d]\w*))?", re.DOTALL)


@dataclass(frozen=True)
class OwnCell:
    """A function in a Python file; without a function, the only one that the file has."""

    file: str
    function: str = ""

    def __str__(self) -> str:
        """As a scene says it."""
        return f"{self.file}:{self.function}" if self.function else self.file

    @property
    def title(self) -> str:
        """The same without the folder, for a screen and for sentences."""
        return str(replace(self, file=os.path.basename(self.file)))  # noqa: PTH119  a name, not yet a file

    @property
    def absolute(self) -> OwnCell:
        """The same file wherever one stands."""
        return replace(self, file=os.path.abspath(os.path.expanduser(self.file)))  # noqa: PTH100, PTH111


def own_cell(name: str) -> OwnCell | None:
    """The function that the name of a cell means, or None where it is no name of a file."""
    found = _OWN.fullmatch(name)
    return OwnCell(found[1], found[2] or "") if found else None
