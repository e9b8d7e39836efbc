"""`rnntui cell`: begin a cell of one's own, and see how it is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rnntui.core.trace import Trace

START = '''\
"""A cell of my own: one step of a recurrent network, written as its equations.

    rnntui explore "hello world" --cell {file}    steps it on the screen; saving this file runs it again
    rnntui cell check {file}                      says how it is read, or what is wrong with it
    rnntui train --cell {file}                    trains a character model with it
"""

from torch import sigmoid, tanh


# A cell takes the input x, the states that it carries, and W, which holds its weights; it returns the states.
# The first state is the output. Every line is one equation, name = expression, and gives a vector of H numbers:
#
#   W.name @ x     a matrix (H, D) times the input            * / + -      element by element
#   W.name @ h     a matrix (H, H) times a state or a symbol  tanh(a)      any function of torch, by its own name
#   W.name         any other weight is a vector (H,)          # ...        what the symbol is called
#
# h is the state of the step before until it is assigned. A name that Python keeps for itself takes an _: W.if_.


'''


@click.group(short_help="Begin a cell of your own, or check one.")
def cell() -> None:
    """Write a recurrent cell of your own, in a Python file, as its equations."""


@cell.command(short_help="Write a file to begin with.")
@click.argument("file")
@click.option("--from", "paper", default="mgu", show_default=True, help="The cell in it: mgu or peephole.")
def new(file: str, paper: str) -> None:
    """Write FILE.py with a cell from a paper in it and a few words on how to write another."""
    import re
    from pathlib import Path

    from rnntui.cellname import own_cell
    from rnntui.errors import BadInput
    from rnntui.files import reason
    from rnntui.paint.safe import safe_text

    own = own_cell(file)
    if own is None or own.function:
        raise BadInput(f"A cell is a Python file, and '{file}' does not end in .py; name it FILE.py.")
    function = _written_from(paper)
    shown = file if re.fullmatch(r"[\w./ -]+", file) else "FILE.py"
    try:
        with Path(file).open("x", encoding="utf-8") as stream:
            stream.write(START.format(file=f"{shown}:{paper}") + function)
    except FileExistsError:
        raise BadInput(f"There is a file {file} already, and it stays as it is; name another.") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} cannot be written ({reason(error)}).") from None
    click.echo(f"Written: {safe_text(file)}. To step it: rnntui explore 'hello world' --cell {safe_text(file)}")


def _written_from(paper: str) -> str:
    """The function of one of the course's cells. Raises BadInput for another, naming those there are."""
    from rnntui.errors import BadInput
    from rnntui.lessons import folder
    from rnntui.names import nearest

    files = {file.stem: file for file in sorted((folder() / "cells").glob("*.py"))}
    if paper not in files:
        raise BadInput(f"There is no cell {paper!r} to begin from: {nearest(paper, files)}.")
    text = files[paper].read_text(encoding="utf-8")
    return text[text.index("def ") :]


@cell.command(short_help="Tell how a cell is read, or what is wrong.")
@click.argument("name", metavar="FILE:FUNCTION")
def check(name: str) -> None:
    """Read the cell FUNCTION in FILE, run one step of it, and print its equations and its weights."""
    from rnntui.cellname import own_cell
    from rnntui.cli.asking import asking
    from rnntui.core.trace import Trace
    from rnntui.errors import BadInput
    from rnntui.scene import Scene

    own = own_cell(name)
    if own is None:
        raise BadInput(f"'{name}' names no file of a cell; write FILE.py:FUNCTION.")
    scene = Scene(cell=str(own.absolute), text="abc")
    with asking(scene) as ask:
        trace = ask("trace", scene)
    assert isinstance(trace, Trace)
    for line in report(trace):
        click.echo(line)


def report(trace: Trace) -> Iterator[str]:
    """How a cell was read: what it carries, its equations, its weights with their shapes and names."""
    from rnntui.core.ownweights import weight_shapes, written
    from rnntui.paint.safe import safe_text

    yield safe_text(f"{trace.cell}  {trace.doc}".rstrip())
    yield f"carries {', '.join(trace.states)}; {trace.states[0]} is its output"
    wide = max(len(one.formula()) for one in trace.equations)
    broad = max(len(one.meaning) for one in trace.equations)
    yield ""
    for one in trace.equations:
        yield safe_text(f"  {one.formula():<{wide}}  {one.meaning:<{broad}}  line {one.line}")
    yield ""
    names = trace.passes[0].torch_names
    for attribute, shape in weight_shapes(trace.equations, trace.file).items():
        yield f"  W.{attribute:<10} {written(shape):<7} saved as {names[attribute][0]}"
    yield "H is the number of units, D the length of the input x."
