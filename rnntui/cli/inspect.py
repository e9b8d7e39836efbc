"""`rnntui inspect`: which recurrent networks a file of tensors holds, and what else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rnntui.cli.options import OneOf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rnntui.core.contents import Contents, Entry


@click.command(short_help="List the recurrent networks in a file of weights.")
@click.argument("file")
@click.option("--format", "form", type=OneOf("format", "text", "json"), default="text", help="What to write.  [text]")
def inspect(*, file: str, form: str) -> None:
    """List the networks that --load-weights can read from FILE, and the other tensors in it.

    FILE is safetensors, or what torch.save wrote: a state_dict, alone or in a dict. No code in it is run.
    """
    import json
    from dataclasses import asdict

    from rnntui import lab

    found = lab.inspect(file)
    if form == "json":
        click.echo(json.dumps(asdict(found)))
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: Contents) -> Iterator[str]:
    from rnntui.paint.safe import safe_text

    yield safe_text(f"{found.path}: {found.size:,} bytes, sha256 {found.sha256}")
    yield "Recurrent networks (--load-weights FILE:PREFIX):" if found.candidates else "No RNN, LSTM or GRU."
    width = max((len(one.prefix) for one in found.candidates), default=0)
    for one in found.candidates:
        yield safe_text(f"  {one.prefix or '(none)':{max(width, 6)}}  {one}")
    if found.candidates and any(one.cell == "rnn" for one in found.candidates):
        yield "  (tanh or relu, the file does not say: --cell rnn or rnn-relu)"
    if found.others:
        yield "Other tensors:"
    width = max((len(one.name) for one in found.others), default=0)
    for entry in found.others:
        yield safe_text(f"  {entry.name:{width}}  {entry.shape}  {entry.dtype}{_fits(entry)}")


def _fits(entry: Entry) -> str:
    """What a matrix could be, by its width."""
    uses = [("--embedding", entry.embeds), ("--readout", entry.reads_out)]
    named = [f"{option} of {', '.join(one or '(none)' for one in prefixes)}" for option, prefixes in uses if prefixes]
    return f"  fits {' or '.join(named)}" if named else ""
