"""The options that say what is looked at, shared by `explore` and `step`, and the scene that they make."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rnntui.scene import Scene

    WordType = click.ParamType[str]
else:
    WordType = click.ParamType

LARGEST_TEXT = 1 << 20
GRADIENTS = ("loss", "truncate", "every", "clip")
NAMED = ("cell", "hidden", "layers", "bidirectional", "seed", "init", "tokens", "inputs", "length", "dtype", "readout")
"""The options that are fields of a scene, under the same names."""
FILES = {"load_weights": "weights", "embedding": "embedding", "vocab": "vocab"}
"""The options that name a file, or a part of one after a colon, and the fields of a scene that they are."""


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
            from rnntui.scene import nearest

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

        known = {"cell": scene.cell_names(), "tokens": scene.TOKENS, "inputs": scene.INPUTS, "dtype": scene.DTYPES}
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


def scene_from(given: dict[str, Any], fallback: Scene | None = None) -> tuple[Scene | None, tuple[str, ...]]:
    """The scene that the options say, and what had to be said about the text; None when nothing names a text.

    `fallback` is what the options change when they name no text themselves. Raises BadInput.
    """
    from dataclasses import replace
    from pathlib import Path

    from rnntui.errors import BadInput
    from rnntui.scene import Scene, parse

    text, file, line = given["text"], given["file"], given["scene"]
    if text is not None and file is not None:
        raise BadInput("TEXT and --file were both given; keep one.")
    changes: dict[str, Any] = {name: given[name] for name in (*NAMED, *GRADIENTS) if given.get(name) is not None}
    if "cell" in changes:
        changes["cell_sha256"] = ""
    if given["touches"]:
        changes["set"] = ";".join(given["touches"])
    notices: tuple[str, ...] = ()
    if text == "-":
        text, notices = read_stdin()
    elif text is not None:
        text, notices = characters(text)
    if text is not None:
        if not text:
            raise BadInput("The text is empty; give at least one character.")
        changes |= {"text": text, "file": "", "sha256": ""}
    changes |= _files(given)
    if file is not None:
        if not file:
            raise BadInput("--file names no file; write --file PATH.")
        changes |= {"file": str(Path(file).absolute()), "text": "", "sha256": ""}
    vectors = Scene(inputs=given["inputs"] or "onehot").reads_file
    drawn = bool(given["length"])
    named = bool(text or file or vectors or (drawn and not fallback))
    base = parse(line) if line is not None else (Scene() if named else fallback)
    if base is None:
        return None, notices
    if not (base.text or base.file or base.reads_file or text or file or vectors or drawn or base.length):
        raise BadInput("The scene names no text; add text=… or file=… to it, or give a TEXT.")
    return _within(replace, base, changes), notices


def chosen(given: dict[str, Any]) -> tuple[str, ...]:
    """The fields of the scene that were chosen on the command line, which no file of weights may gainsay."""
    return tuple(name for name in NAMED if given[name] is not None)


def _files(given: dict[str, Any]) -> dict[str, str]:
    """The fields of the scene that name files; what was known of other files before is forgotten."""
    from pathlib import Path

    from rnntui.errors import BadInput

    changes = {"inputs_sha256": ""} if given["inputs"] is not None else {}
    for option, field in FILES.items():
        if given[option] == "":
            name = option.replace("_", "-")
            raise BadInput(f"--{name} names no file; write --{name} FILE.")
        if given[option] is not None:
            changes |= {field: str(Path(given[option]).absolute()), f"{field}_sha256": ""}
    return changes


def read_stdin() -> tuple[str, tuple[str, ...]]:
    """The text on standard input, at most 1 MiB of it, and what had to be said about it.

    Raises BadInput for a binary one.
    """
    from rnntui.errors import BadInput

    raw = sys.stdin.buffer.read(LARGEST_TEXT + 1)
    if b"\0" in raw:
        raise BadInput("Standard input is binary (it holds a NUL byte); give a text.")
    notices: list[str] = []
    if len(raw) > LARGEST_TEXT:
        raw = raw[:LARGEST_TEXT]
        notices.append("Standard input is longer than 1 MiB; the rest was not read.")
        raw = _whole_characters(raw)
    raw = raw.removeprefix(codecs.BOM_UTF8)
    text = raw.decode("utf-8", "replace")
    if "\ufffd" in text and "\ufffd".encode() not in raw:
        notices.append("Standard input is no valid UTF-8; what could not be read is shown as �.")
    return text, tuple(notices)


def characters(text: str) -> tuple[str, tuple[str, ...]]:
    """An argument as characters; bytes that are no UTF-8 (they come as lone surrogates) become U+FFFD, and are said."""
    clean = "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text)
    if clean == text:
        return text, ()
    return clean, ("The text is no valid UTF-8; what could not be read is shown as �.",)


def _whole_characters(raw: bytes) -> bytes:
    """Without the beginning of a character that a cut went through."""
    for back in range(1, 4):
        lead = raw[-back]
        if lead >= 0xC0:
            need = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return raw if back >= need else raw[:-back]
        if lead < 0x80:
            return raw
    return raw


def _within(change: Callable[..., Scene], base: Scene, changes: dict[str, Any]) -> Scene:
    """The changed scene, its cursor pulled back into a smaller or one-way network."""
    hidden, layers = changes.get("hidden", base.hidden), changes.get("layers", base.layers)
    back: dict[str, Any] = {}
    if base.unit >= hidden >= 1:
        back["unit"] = 0
    if base.layer >= layers >= 1:
        back["layer"] = 0
    return change(base, **changes, **back)
