"""Every binding of the app by its id, wherever it is bound: what a configuration may give other keys to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from textual.binding import Binding

import rnntui.ui


def classes() -> Iterator[type]:
    """Every class of the user interface."""
    for module in walk_packages(rnntui.ui.__path__, "rnntui.ui."):
        for found in vars(import_module(module.name)).values():
            if isinstance(found, type) and found.__module__ == module.name:
                yield found


@cache
def ids() -> tuple[str, ...]:
    """The ids, in the order of the files that have them."""
    return tuple(dict.fromkeys(binding.id for one in classes() for binding in _bound(one) if binding.id))


def lost(keys: Mapping[str, str]) -> tuple[str, ...]:
    """What every action that loses a key to another one does, when a configuration gives out keys: id → keys."""
    found: dict[str, None] = {}
    for one in classes():
        given = {key: binding.id for binding in _bound(one) for key in _split(keys.get(binding.id or "", ""))}
        for binding in _bound(one):
            for key in _split(keys.get(binding.id or "", binding.key)):
                if given.get(key, binding.id) != binding.id:
                    found[binding.tooltip or binding.description] = None
    return tuple(found)


def _bound(one: type) -> list[Binding]:
    return [binding for binding in vars(one).get("BINDINGS", ()) if isinstance(binding, Binding)]


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",") if key.strip()]
