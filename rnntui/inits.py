"""The comma list by which a scene says its initialisation, `orthogonal,forget-bias=1`: read and changed word by word.

What each word does is `core.changes`' to know; here they are only words. Standard library only.
"""

from __future__ import annotations

from typing import Final

BASES: Final = ("torch", "orthogonal", "identity")
"""What the recurrent weights can be drawn as; the first one is the default."""


def words(init: str) -> list[str]:
    """The changes in their order."""
    return [word.strip() for word in init.split(",") if word.strip()]


def number(init: str, name: str) -> float | None:
    """The number that a change is given, the last one if it is given twice; None without one."""
    found = [word.partition("=")[2] for word in words(init) if word.partition("=")[0] == name]
    try:
        return float(found[-1].replace("−", "-")) if found else None
    except ValueError:
        return None


def with_number(init: str, name: str, value: float | None) -> str:
    """The list with a change given another number, where it stood or at the end; None takes it out."""
    kept = words(init)
    places = [place for place, word in enumerate(kept) if word.partition("=")[0] == name]
    new = [] if value is None else [f"{name}={value:g}"]
    if places:
        kept[places[-1] : places[-1] + 1] = new
        kept = [word for place, word in enumerate(kept) if place not in places[:-1]]
    else:
        kept += new
    return _joined(kept)


def base(init: str) -> str:
    """How the recurrent weights are drawn: torch, orthogonal or identity."""
    return next((word for word in reversed(words(init)) if word in BASES), BASES[0])


def with_base(init: str, name: str) -> str:
    """The list with the recurrent weights drawn in another way, before everything that is done to them."""
    return _joined([name, *(word for word in words(init) if word not in BASES)])


def _joined(kept: list[str]) -> str:
    """The list, without a torch that other words make needless."""
    return ",".join(kept[1:] if len(kept) > 1 and kept[0] == BASES[0] else kept) or BASES[0]
