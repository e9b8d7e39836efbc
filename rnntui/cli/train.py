"""`rnntui train`: a character model, trained without the app."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from rnntui.cli.options import CellName, OneOf

if TYPE_CHECKING:
    from rnntui.training.loop import Training
    from rnntui.training.record import Change, Snapshot
    from rnntui.training.spec import CharModelSpec

SPEC_OPTIONS: Final = {
    "corpus": "--corpus",
    "file": "--file",
    "cell": "--cell",
    "hidden": "--hidden",
    "layers": "--layers",
    "embedding": "--embedding",
    "dropout": "--dropout",
    "tied": "--tied",
    "init": "--init",
    "batch": "--batch",
    "sequence": "--sequence",
    "learning_rate": "--lr",
    "clip": "--clip",
    "weight_decay": "--weight-decay",
    "seed": "--seed",
    "steps": "--steps",
}
"""Field of a spec → the option that sets it."""
TURNED: Final = ("learning_rate", "clip", "sequence")
"""What may be changed when a run is resumed: the knobs that the app turns."""


class LearningCell(CellName):
    """A cell of ours that can be trained, or a function in a file of one's own."""

    @property
    def words(self) -> tuple[str, ...]:  # type: ignore[override]
        """What the training knows."""
        from rnntui.training.spec import CELLS

        return CELLS


class OneOfCorpora(OneOf):
    """One of the texts that there are; looked up only when needed."""

    def __init__(self) -> None:
        self.what = "corpus"

    @property
    def words(self) -> tuple[str, ...]:  # type: ignore[override]
        """What can be named."""
        from rnntui.tasks.corpora import CORPORA

        return tuple(CORPORA)


OPTIONS = (
    click.option("--corpus", type=OneOfCorpora(), help="What to learn from.  [stdlib-docs]"),
    click.option("--file", metavar="F", help="Learn from this file instead."),
    click.option("--cell", type=LearningCell(), help="What learns, also a cell of your own.  [best in the time]"),
    click.option("--seconds", type=float, metavar="S", help="About how long to train.  [60]"),
    click.option("--steps", type=int, metavar="N", help="How many updates, instead of --seconds."),
    click.option("--out", metavar="DIR", help="The run directory to make.  [in the state folder]"),
    click.option("--resume", metavar="DIR", help="Go on with this run; --lr, --clip and --sequence may change."),
    click.option("--hidden", type=int, metavar="H", help="Units in each layer."),
    click.option("--layers", type=int, metavar="N", help="Layers on top of each other.  [1]"),
    click.option("--embedding", type=int, metavar="E", help="Length of a character's vector; 0: one-hot.  [64]"),
    click.option("--dropout", type=float, metavar="P", help="Share of units left out.  [0]"),
    click.option("--tied", is_flag=True, default=None, help="Read out with the embedding's matrix; E is then H."),
    click.option("--init", metavar="LIST", help="Changes to torch's initialisation."),
    click.option("--batch", type=int, metavar="B", help="Rows of text read side by side."),
    click.option("--sequence", type=int, metavar="T", help="Steps that the gradient flows back."),
    click.option("--lr", "learning_rate", type=float, metavar="X", help="The largest learning rate."),
    click.option("--clip", type=float, metavar="X", help="The largest norm of the gradient; 0: none.  [1]"),
    click.option("--weight-decay", type=float, metavar="X", help="How strongly weights are pulled to 0."),
    click.option("--seed", type=int, metavar="N", help="Which random weights.  [0]"),
    click.option("--format", "form", type=OneOf("format", "text", "json"), default="text", help="The result.  [text]"),
)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command(short_help="Train a character model.")
@_options
def train(*, seconds: float | None, out: str | None, resume: str | None, form: str, **given: Any) -> None:
    """Train a character model and keep the run: checkpoints, metrics, and all that is needed to go on.

    Ctrl-C, a request to end and a dropped terminal write a checkpoint first. The last line on standard output with
    --format json is the result.
    """
    from rnntui.cli.asking import adopted
    from rnntui.cli.say import say
    from rnntui.cli.signals import noted
    from rnntui.cli.threads import one_thread
    from rnntui.errors import BadInput
    from rnntui.training.shelf import discard

    chosen = {name: value for name, value in given.items() if value is not None}
    if seconds is not None and "steps" in chosen:
        raise BadInput("--seconds and --steps were both given; keep one.")
    if out == "" or resume == "":
        raise BadInput("--out and --resume name a directory; write one after it.")
    turned = _turned(chosen, seconds, out) if resume is not None else ()
    spec = adopted(_spec(chosen, seconds)) if resume is None else None

    from rnntui import lab

    one_thread()
    made = None
    if spec is None:
        training = lab.resume(resume or "", turned)
    else:
        spec = spec if "steps" in chosen else lab.within(spec, 60.0 if seconds is None else seconds)
        made = _new_folder(spec) if out is None else None
        training = lab.train(spec, made or out)
    try:
        with noted() as signal:
            ended, lost = _follow(training, lambda: signal.number != 0)
    finally:
        if made is not None:
            discard(made)
    if signal.number:
        say(f"Stopped by {signal.name} at step {ended.step:,}; go on with: rnntui train --resume {ended.run}")
        sys.exit(signal.exit_code)
    if ended.stopped:
        way_on = f" Go on with: rnntui train --resume {ended.run} --lr X" if ended.stopped_at and ended.kept else ""
        raise BadInput(f"{ended.stopped}{way_on}")
    _result(ended, form)
    if lost:
        sys.exit(1)


def _spec(chosen: dict[str, Any], seconds: float | None) -> CharModelSpec:
    from dataclasses import replace

    from rnntui.errors import BadInput
    from rnntui.training.spec import preset

    if chosen.get("file") == "":
        raise BadInput("--file names no file; write --file PATH.")
    if "file" in chosen:
        if "corpus" in chosen:
            raise BadInput("--corpus and --file were both given; keep one.")
        chosen = chosen | {"file": str(Path(chosen["file"]).absolute())}
    spec = preset(60.0 if seconds is None else seconds, chosen.get("cell"))
    if chosen.get("tied") and "embedding" not in chosen:
        chosen = chosen | {"embedding": chosen.get("hidden", spec.hidden)}
    return replace(spec, **chosen)


def _turned(chosen: dict[str, Any], seconds: float | None, out: str | None) -> tuple[Change, ...]:
    """The knobs that a resumed run turns. Raises BadInput for an option that would make it another run."""
    from rnntui.errors import BadInput
    from rnntui.training.record import Change

    others = [SPEC_OPTIONS[name] for name in chosen if name not in TURNED]
    others += ["--seconds"] * (seconds is not None) + ["--out"] * (out is not None)
    if others:
        raise BadInput(f"--resume goes on as the run was begun; remove {', '.join(others)}, or start a new run.")
    return tuple(Change(name, value) for name, value in chosen.items())


def _new_folder(spec: CharModelSpec) -> Path:
    """A directory for a run that nobody names; old ones make room for it."""
    from rnntui.home import find
    from rnntui.training.shelf import new_folder, prune

    runs = find().runs
    folder = new_folder(runs, spec.title)
    prune(runs)
    return folder


def _follow(training: Training, stop: Callable[[], bool]) -> tuple[Snapshot, bool]:
    """Draw a training until it is done or to be stopped: its last snapshot, and whether that could not be kept."""
    from contextlib import closing

    from rnntui.cli.bar import Bar
    from rnntui.cli.say import say
    from rnntui.training.keeping import NotKept

    bar = Bar()
    last, told, lost = None, 0, ""
    try:
        with closing(training):
            for snapshot in training:
                last = snapshot
                for notice in snapshot.notices[told:]:
                    bar.done()
                    say(notice)
                told = len(snapshot.notices)
                bar.show(snapshot)
                if stop():
                    break
    except NotKept as error:
        lost = str(error)
    bar.done()
    if lost:
        say(lost)
    assert last is not None
    return last, bool(lost)


def _result(ended: Snapshot, form: str) -> None:
    import json
    import math

    best, order = min((bits, order) for order, bits in ended.final_baselines.items())
    if form == "json":
        document = {
            "step": ended.step,
            "seconds": round(ended.seconds, 3),
            "chars_per_second": round(ended.characters_per_second),
            "train_bpc": ended.train_bpc if math.isfinite(ended.train_bpc) else None,
            "val_bpc": ended.final_bpc,
            "ngram_bpc": {str(order): bits for order, bits in ended.final_baselines.items()},
            "parameters": ended.parameters,
            "run": ended.run,
        }
        click.echo(json.dumps(document))
        return
    from rnntui.errors import counted
    from rnntui.paint.safe import safe_text

    click.echo(f"{ended.parameters:,} parameters, {counted(ended.step, 'step')}, {ended.seconds:.1f} s")
    click.echo(f"validation {ended.final_bpc:.3f} bits per character; the best n-gram (order {order}) {best:.3f}")
    click.echo("both on all of the text held out; while it trained, both were of the beginning of that")
    if ended.sample is not None:
        click.echo(f"it writes (temperature {ended.knobs.temperature:g}):")
        click.echo("\n".join(map(safe_text, ended.sample.text.split("\n"))))
    click.echo(f"run: {safe_text(ended.run)}")
