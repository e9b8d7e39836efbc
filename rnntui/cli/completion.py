"""`rnntui completion SHELL`: the lines that make a shell complete rnntui's commands and options."""

from __future__ import annotations

import click

from rnntui.cli.options import OneOf

SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print what makes a shell complete rnntui.")
@click.argument("shell", type=OneOf("shell", *SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script for SHELL (bash, zsh or fish).

    For bash: eval "$(rnntui completion bash)"
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(ctx.find_root().command, {}, "rnntui", "_RNNTUI_COMPLETE")
    click.echo(script.source_template % script.source_vars())
