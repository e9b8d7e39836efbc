"""`rnntui sample`: what a trained model writes."""

from __future__ import annotations

import click

from rnntui.cli.options import OneOf


@click.command(short_help="Let a trained model write.")
@click.argument("directory", metavar="DIR")
@click.option("--prime", default="", metavar="TEXT", help="What to go on from.  [a line's end]")
@click.option("--length", type=int, default=300, metavar="N", help="How many characters.  [300]")
@click.option("--temperature", type=float, default=0.8, metavar="X", help="0 is the likeliest, 1 the model's.  [0.8]")
@click.option("--top-k", type=int, default=0, metavar="K", help="Only the K likeliest characters.  [all]")
@click.option("--top-p", type=float, default=1.0, metavar="P", help="Only the likeliest of P together.  [1]")
@click.option("--seed", type=int, default=0, metavar="N", help="The same seed writes the same text.  [0]")
@click.option("--step", type=int, metavar="N", help="The model as it was then.  [the last]")
@click.option("--format", "form", type=OneOf("format", "text", "json"), default="text", help="How to write it.  [text]")
def sample(
    *,
    directory: str,
    prime: str,
    length: int,
    temperature: float,
    top_k: int,
    top_p: float,
    seed: int,
    step: int | None,
    form: str,
) -> None:
    """Let the model of the run in DIR write on from a TEXT.

    DIR is what rnntui train says it made.
    """
    import json
    import sys

    from rnntui.cli.say import say
    from rnntui.cli.threads import one_thread
    from rnntui.models.sampler import Taste

    taste = Taste(temperature, top_k, top_p)

    from rnntui import lab

    one_thread()
    written = lab.sample(directory, prime, length, taste, seed, step)
    for notice in written.notices:
        say(notice)
    if form == "json":
        click.echo(json.dumps({"prime": written.prime, "text": written.text, "step": written.step, "seed": seed}))
        return
    text = written.prime.lstrip("\n") + written.text
    if sys.stdout.isatty():
        from rnntui.paint.safe import safe_text

        text = "\n".join(map(safe_text, text.split("\n")))
    click.echo(text)
