"""The configuration file: what a person wants always, in TOML, every line of it optional.

A flag wins over the environment, that over the file, that over what was kept from last time. Standard library only.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from rnntui.errors import BadInput
from rnntui.files import reason
from rnntui.looks import COLOURS, THEMES, Colours, Theme
from rnntui.names import nearest
from rnntui.scene import Scene, parse

LARGEST: Final = 1 << 20
KEYS: Final = ("theme", "colours", "scene", "keys")
TEMPLATE: Final = f"""\
# What rnntui should always do. Every line is optional; delete the # of those that you want.
# A flag of the command line wins over an environment variable, and that over this file.

# theme = "dark"          # {", ".join(THEMES)}; RNNTUI_THEME says it too
# colours = "truecolor"   # {", ".join(COLOURS)}; RNNTUI_COLOURS says it too; without it, what the terminal says
# scene = "explore:cell=gru,text=hello,hidden=8,seed=0,t=0"   # opened where none is named; RNNTUI_SCENE says it too

# [keys]                  # another key for an action, by the name of its binding; several with a comma between
# "explore.step" = "right,l"
# "explore.back" = "left,h"
# "app.quit" = "q,f10"
"""


@dataclass(frozen=True)
class Config:
    """What is wanted always; None and empty where nothing is said."""

    theme: Theme | None = None
    colours: Colours | None = None
    scene: Scene | None = None
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    """The id of a binding → its keys, a comma between."""
    file: str = ""
    """Where `keys` come from, for what has to be said about them."""


def split(keys: str) -> tuple[str, ...]:
    """The keys in a line with commas between them; the comma itself is called comma."""
    return tuple(key.strip() for key in keys.split(","))


def load(
    file: Path | None,
    usual: Path,
    environ: Mapping[str, str] | None = None,
    named_keys: Callable[[Config], Config] = lambda config: config,
) -> tuple[Config, tuple[str, ...]]:
    """The configuration, and what had to be said about it.

    A file that was named, here or by RNNTUI_CONFIG, must be good; a `usual` one that is not is said and left aside. The
    environment wins. `named_keys` names the keys as the app does, or raises BadInput, as this does for what is no
    configuration.
    """
    environ = os.environ if environ is None else environ
    named = file or (Path(environ["RNNTUI_CONFIG"]) if environ.get("RNNTUI_CONFIG") else None)
    notices: tuple[str, ...] = ()
    try:
        config = _read(_document(named or usual, must_exist=named is not None), str(named or usual))
        if config.keys:
            config = named_keys(config)
    except BadInput as error:
        if named is not None:
            raise
        config, notices = Config(), (f"{error} The file is left aside.",)
    for key in ("theme", "colours", "scene"):
        if environ.get(variable := f"RNNTUI_{key.upper()}"):
            config = replace(config, **{key: getattr(_read({key: environ[variable]}, variable), key)})
    return config, notices


def _document(file: Path, must_exist: bool) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except FileNotFoundError:
        if must_exist:
            raise BadInput(f"There is no configuration {file}; `rnntui config` prints one to start from.") from None
        return {}
    except (OSError, ValueError) as error:
        raise BadInput(f"The configuration {file} cannot be read ({reason(error)}).") from None
    if len(raw) > LARGEST:
        raise BadInput(f"The configuration {file} is larger than 1 MiB, so it is none.")
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"The configuration {file} is no TOML: {str(error).rstrip('.')}.") from None


def _read(document: Mapping[str, Any], file: str) -> Config:
    for key in document:
        if key not in KEYS:
            raise BadInput(f"{file}: unknown key {key!r}: {nearest(key, KEYS)}.")
    keys = document.get("keys", {})
    if not isinstance(keys, dict):
        raise BadInput(f'{file}: keys is a table; write [keys] and below it lines such as "app.quit" = "q,f10".')
    for name, value in keys.items():
        if not isinstance(value, str) or not all(split(value)):
            raise BadInput(f'{file}: {name} needs a key in quotes, such as "{name}" = "f2".')
    theme = _word(document, file, "theme", THEMES)
    colours = _word(document, file, "colours", COLOURS)
    return Config(theme, colours, _scene(document.get("scene"), file), keys, file)  # type: ignore[arg-type]


def _word(document: Mapping[str, Any], file: str, key: str, words: tuple[str, ...]) -> str | None:
    value = document.get(key)
    if value is not None and value not in words:
        raise BadInput(f"{file}: {key} = {value!r}: {nearest(str(value), words)}.")
    return value


def _scene(line: object, file: str) -> Scene | None:
    if line is None:
        return None
    if not isinstance(line, str):
        raise BadInput(f'{file}: scene is a line in quotes, such as scene = "explore:text=hello".')
    try:
        return parse(line)
    except BadInput as error:
        raise BadInput(f"{file}: {error}") from None
