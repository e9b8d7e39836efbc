"""Which words name a key: of `snap --keys` and of the configuration."""

from __future__ import annotations

from rnntui.errors import BadInput
from rnntui.names import nearest


def key(word: str) -> str:
    """A key as Textual names it: "=" is equals_sign, n is n. Raises BadInput for what is no key."""
    from textual.binding import Binding
    from textual.keys import Keys

    if len(word) == 1 and word.isprintable():
        unsaid = {" ": "space", ",": "comma"}  # which Textual takes for what stands between keys
        return unsaid.get(word) or next(iter(Binding.make_bindings([Binding(word, "")]))).key
    *modifiers, last = word.split("+")
    known = sorted({one.value for one in Keys if one.value.isidentifier() and "control" not in one.value} | {"space"})
    if (last in known or _is_character(last) or (len(last) == 1 and modifiers)) and set(modifiers) <= {
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
