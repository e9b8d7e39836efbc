"""All commands under one name. Importing this costs click and nothing else; each command imports what it needs."""

from __future__ import annotations

import click

from rnntui import __version__
from rnntui.cli.cell import cell
from rnntui.cli.completion import completion
from rnntui.cli.config import config
from rnntui.cli.doctor import doctor
from rnntui.cli.explore import explore
from rnntui.cli.grad import grad
from rnntui.cli.inspect import inspect
from rnntui.cli.paths import paths
from rnntui.cli.sample import sample
from rnntui.cli.snap import snap
from rnntui.cli.step import step
from rnntui.cli.train import train


class Commands(click.Group):
    """The group of commands; an unknown one is answered with the nearest, or with how to read a text."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without a command it is explore that begins with an option of its own: rnntui --ascii."""
        first = args[0].partition("=")[0] if args else ""
        own, explores = ({opt for one in command.params for opt in one.opts} for command in (self, explore))
        if first.startswith("-") and first not in own and first in explores:
            args = [explore.name or "", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from rnntui.names import nearest

            raise click.UsageError(
                f"Unknown command '{args[0]}': {nearest(args[0], self.commands)}. To read a text: rnntui explore TEXT.",
                ctx,
            )
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rnntui", message="%(prog)s %(version)s")
@click.option("--config", metavar="FILE", help="The configuration of the app.  [as `rnntui paths` says]")
@click.pass_context
def cli(ctx: click.Context, config: str | None) -> None:
    """See inside recurrent neural networks: every gate, every step, every number torch's own.

    Without a command: explore.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(explore, config_file=config)
    elif config is not None:
        raise click.UsageError("--config goes after the command: rnntui explore --config FILE.", ctx)


for _command in (explore, step, grad, train, sample, inspect, snap, cell, doctor, paths, config, completion):
    cli.add_command(_command)
