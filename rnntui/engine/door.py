"""The door between the engine and the lab: who may be called, what may go out, and what is said when it cannot.

The lab is the one way to everything that computes: only its own public functions and those it lists can be asked for.
"""

from __future__ import annotations

import io
import pickle
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from rnntui.engine.channel import LARGEST, Tag, encode
from rnntui.engine.faults import failure
from rnntui.errors import BadInput

FOREIGN: Final = frozenset({"torch", "textual"})
"""Packages whose objects stay on their side: to read a tensor, the app would have to import torch."""


def look_up(lab: ModuleType, name: str) -> Callable[..., object]:
    """The public function of this name that is defined in the lab, or listed in its `__all__`. Raises LookupError."""
    found: object = vars(lab).get(name)
    defined = not name.startswith("_") and getattr(found, "__module__", None) == lab.__name__
    listed = name in vars(lab).get("__all__", ())
    if not callable(found) or isinstance(found, type) or not (defined or listed):
        raise LookupError(f"{lab.__name__} has no public function {name!r}")
    return found


def pack(answer: object) -> bytes:
    """An answer or a snapshot as bytes. Raises whatever its pickling raises, and for what the app must not import."""
    packed = io.BytesIO()
    _Packer(packed, protocol=5).dump(answer)
    body = packed.getvalue()  # which is no copy
    if len(body) > LARGEST:
        raise ValueError(f"it has {len(body):,} bytes, more than {LARGEST:,}")
    return body


def refusal(name: str, error: BaseException) -> tuple[Tag, bytes]:
    """The message that says what the lab raised; the traceback of a fault goes to the log."""
    if isinstance(error, BadInput):
        return Tag.BAD, encode(str(error))
    traceback.print_exception(error)
    return Tag.FAULT, encode(failure(name, error))


class _Packer(pickle.Pickler):
    """A pickler that refuses what the app could only read by importing what it must not."""

    def reducer_override(self, obj: object) -> Any:
        home = getattr(obj, "__module__", None) or type(obj).__module__
        if isinstance(home, str) and home.partition(".")[0] in FOREIGN:
            raise TypeError(f"it holds a {home} object; the lab answers with numpy arrays")
        return NotImplemented
