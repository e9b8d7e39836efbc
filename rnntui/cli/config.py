"""`rnntui config`: a commented configuration to start from; and the one that the app is opened with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rnntui.config import Config
    from rnntui.home import Paths


@click.command(short_help="Print a commented configuration, or write it where it belongs.")
@click.option("--write", is_flag=True, help="Write it where `rnntui paths` says, unless there is one.")
def config(write: bool) -> None:
    """Print a configuration in which every line is a comment; nobody needs one."""
    from rnntui.config import TEMPLATE
    from rnntui.errors import BadInput
    from rnntui.files import reason
    from rnntui.home import find

    if not write:
        click.echo(TEMPLATE, nl=False)
        return
    file = find().config_file
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE)
    except FileExistsError:
        raise BadInput(f"{file} exists already and is left as it is; edit it, or move it away first.") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be written ({reason(error)}).") from None
    click.echo(file)


def configuration(named: str | None, paths: Paths) -> tuple[Config, tuple[str, ...]]:
    """The configuration that was named, or the usual one; and what had to be said about it. Raises BadInput."""
    from pathlib import Path

    from rnntui.config import load
    from rnntui.errors import BadInput

    if named == "":
        raise BadInput("--config names no file; write --config FILE.")
    found, notices = load(Path(named) if named is not None else None, paths.config_file, named_keys=_named_keys)
    if found.keys:
        from rnntui.ui.keymap import lost

        for action in lost(found.keys):
            notices = (*notices, f"The configuration gives a key to another action that was for: {action}.")
    return found, notices


def _named_keys(config: Config) -> Config:
    """The keys under Textual's names: "=" as equals_sign. Refuses a binding that is not there, and what is no key."""
    from dataclasses import replace

    from rnntui.cli.keynames import key
    from rnntui.config import split
    from rnntui.errors import BadInput
    from rnntui.names import nearest
    from rnntui.ui.keymap import ids

    found: dict[str, str] = {}
    for name, keys in config.keys.items():
        if name not in ids():
            close = nearest(name, ids()).partition(" Known:")[0]
            hint = close if close.startswith("did") else "press ? in the app for those there are."
            raise BadInput(f"{config.file}: unknown binding '{name}': {hint}")
        try:
            found[name] = ",".join(map(key, split(keys)))
        except BadInput as error:
            raise BadInput(f"{config.file}: {name}: {error}") from None
    return replace(config, keys=found)
