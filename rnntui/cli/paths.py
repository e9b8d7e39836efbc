"""`rnntui paths`: where its files live."""

from __future__ import annotations

import click

from rnntui.cli.options import OneOf


@click.command(short_help="Tell where files live.")
@click.option("--format", "form", type=OneOf("format", "text", "json"), default="text", help="How to write them.")
def paths(form: str) -> None:
    """Tell where settings, logs and lessons are.

    As text: one a line, its name, a tab, the path. RNNTUI_HOME moves all but the lessons into one folder.
    """
    import json

    from rnntui.home import find
    from rnntui.lessons import folder

    found = find()
    places = {
        "config": found.config,
        "config file": found.config_file,
        "state": found.state,
        "cache": found.cache,
        "log": found.log,
        "lessons": folder(),
    }
    if form == "json":
        click.echo(json.dumps({name: str(place) for name, place in places.items()}))
        return
    for name, place in places.items():
        click.echo(f"{name}\t{place}")
