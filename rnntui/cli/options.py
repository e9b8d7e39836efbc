"""The options that say what is looked at, shared by the commands that look at a scene."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    WordType = click.ParamType[str]
else:
    WordType = click.ParamType


class OneOf(WordType):
    """One word out of a few; another one is refused with the nearest named."""

    name = "word"

    def __init__(self, what: str, *words: str) -> None:
        self.what = what
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The words, as the help shows them."""
        return self.what.upper() if isinstance(param, click.Argument) else f"[{'|'.join(self.words)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word itself, if it is one of them."""
        if value not in self.words:
            from rnntui.errors import BadInput
            from rnntui.names import nearest

            raise BadInput(f"Unknown {self.what} '{value}': {nearest(str(value), self.words)}.")
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """The words that begin like what was typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


class OneOfScene(OneOf):
    """One word out of those that a scene knows; looked up only when they are needed, so that `--help` stays quick."""

    def __init__(self, what: str) -> None:
        self.what = what

    @property
    def words(self) -> tuple[str, ...]:  # type: ignore[override]
        """What `rnntui.scene` allows."""
        from rnntui import scene
        from rnntui.names import cell_names

        known = {"cell": cell_names(), "tokens": scene.TOKENS, "inputs": scene.INPUTS, "dtype": scene.DTYPES}
        return known[self.what]


class OneOfOrVectors(OneOfScene):
    """One word out of those that a scene knows, or a file of vectors."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The words and what the file is, as the help shows them."""
        return f"[{'|'.join(self.words)}|FILE.npy|FILE.csv]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word itself, or where the file is."""
        from pathlib import Path

        if str(value).lower().endswith((".npy", ".csv")):
            return str(Path(value).absolute())
        return super().convert(value, param, ctx)


class CellName(OneOfScene):
    """A cell of ours, or a function in a file of one's own, which a scene names by its absolute path."""

    def __init__(self) -> None:
        super().__init__("cell")

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The words, as the help shows them."""
        return f"[{'|'.join(self.words)}|FILE.py:FUNCTION]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as a scene has it; whether the file can be used is found out where it is run."""
        from rnntui.cellname import own_cell

        own = own_cell(str(value))
        return str(own.absolute) if own is not None else super().convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """The cells that begin like what was typed, else files."""
        from click.shell_completion import CompletionItem

        return super().shell_complete(ctx, param, incomplete) or [CompletionItem(incomplete, type="file")]


OPTIONS = (
    click.argument("text", required=False),
    click.option("--cell", type=CellName(), help="What reads the text, also a cell of your own.  [lstm]"),
    click.option("--hidden", type=int, metavar="H", help="Units in each layer, 1 to 1024.  [8]"),
    click.option("--layers", type=int, metavar="N", help="Layers on top of each other.  [1]"),
    click.option("--bidirectional", is_flag=True, default=None, help="Read backwards as well."),
    click.option("--seed", type=int, metavar="N", help="Which random weights.  [0]"),
    click.option("--init", metavar="LIST", help="Changes to torch's initialisation: orthogonal,forget-bias=1  [torch]"),
    click.option("--tokens", type=OneOfScene("tokens"), help="What one step reads.  [char]"),
    click.option("--inputs", type=OneOfOrVectors("inputs"), help="The vector of a token.  [onehot]"),
    click.option("--length", type=int, metavar="T", help="So many random tokens, of TEXT or a to z; 0 as it is.  [0]"),
    click.option("--dtype", type=OneOfScene("dtype"), help="Precision of every number.  [float32]"),
    click.option("--set", "touches", multiple=True, metavar="X=VALUE", help="Set by hand: f=1, h[3]@5=0; repeatable."),
    click.option("--load-weights", metavar="FILE[:PREFIX]", help="A network of your own; see 'rnntui inspect'."),
    click.option("--embedding", metavar="FILE:TENSOR", help="The vectors of the tokens of --vocab."),
    click.option("--vocab", metavar="FILE", help="Which token has which number: one a line, or JSON."),
    click.option("--readout", metavar="NAME", help="The layer of the weights' file that scores the next token."),
    click.option("--file", metavar="F", help="Read this file instead of TEXT."),
    click.option("--scene", metavar="SCENE", help="Start from a scene line; other options change it."),
)

VERSUS = click.option(
    "--versus", metavar="WHAT", help="Beside it: gru, seed=1, init=orthogonal or untouched (of --set)."
)
"""For a command that can show two networks; it receives it in `**given`."""

GRADIENT_OPTIONS = (
    click.option("--loss", metavar="LOSS", help="Whose gradient: last, mean, token:T or lm.  [last]"),
    click.option("--truncate", type=int, metavar="K", help="Go back K steps at most; 0 is all the way.  [0]"),
    click.option("--every", type=int, metavar="K", help="Steps between truncated sweeps.  [as --truncate]"),
    click.option("--clip", metavar="LIMIT", help="Clip the gradient's norm, 1, or each number, value:0.1."),
)


def gradient_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which gradient flows back; it receives them in `**given`."""
    for option in reversed(GRADIENT_OPTIONS):
        command = option(command)
    return command


def scene_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command TEXT and the options that make a scene; it receives them in `**given`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
