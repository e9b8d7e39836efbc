"""Key=value pairs between commas, as the line of a scene carries them through a shell, a chat and a lesson.

All characters of a value but `A-Za-z0-9._-=@:/` are percent-encoded (a literal `+` is a plus), so no shell needs
quotes. Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote_to_bytes

from rnntui.checked import choose, shown
from rnntui.errors import BadInput
from rnntui.names import nearest

Value = str | int | bool


def write(values: Mapping[str, Value]) -> str:
    """Name → value as text from which `read` makes the same again."""
    return ",".join(f"{_key(name)}={_encode(value)}" for name, value in values.items())


def read(text: str, kinds: Mapping[str, type]) -> dict[str, Value]:
    """Name → value, as a text says; `kinds` are the names that there are, each with str, int or bool.

    Raises BadInput naming the key or the value that cannot be read, and the nearest that could.
    """
    names = {_key(name): name for name in kinds}
    found: dict[str, Value] = {}
    for pair in filter(None, text.split(",")):
        key, equals, raw = pair.partition("=")
        if key not in names:
            raise BadInput(f"Unknown key {shown(key)} in the scene line: {nearest(key, names)}.")
        if not equals:
            raise BadInput(f"The scene key '{key}' has no value; write {key}=VALUE.")
        name = names[key]
        if name in found:
            raise BadInput(f"The scene line says '{key}' twice; keep one.")
        found[name] = _value(key, _decode(key, raw), kinds[name])
    return found


def whole_number(key: str, word: str) -> int:
    """The number that a word says. Raises BadInput for one that says none, naming the key."""
    if not re.fullmatch(r"[0-9]{1,19}", word):
        raise BadInput(f"{key}={shown(word)} is not a whole number from 0 up; write for example {key}=3.")
    return int(word)


def _key(name: str) -> str:
    return name.replace("_", "-")


def _encode(value: Value) -> str:
    word = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return quote(word, safe="._-=@:/").replace("~", "%7E")


def _decode(key: str, raw: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})", raw):
        raise BadInput(
            f"The value of '{key}' has a % that two hexadecimal digits do not follow; write a percent as %25."
        )
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeError:  # also a lone surrogate: a byte of the command line that is no UTF-8
        raise BadInput(f"The value of '{key}' is no UTF-8 after percent-decoding; encode it as UTF-8.") from None


def _value(key: str, word: str, kind: type) -> Value:
    if kind is bool:
        choose(key, word, ("yes", "no"))
        return word == "yes"
    return whole_number(key, word) if kind is int else word
