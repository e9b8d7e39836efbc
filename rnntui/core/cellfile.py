"""Reads a learner's own cell: a function in a Python file, whose assignments are its equations.

The file is read once and these bytes are what is run, shown and hashed, so a file that changes meanwhile changes
nothing. It is run once for each version, in the worker, never in the app; a file of equations alone is not run at all.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from string import Formatter
from types import FunctionType
from typing import Final

import torch

from rnntui.cellname import OwnCell, own_cell
from rnntui.core import fence, plaincell
from rnntui.core.equations import LARGEST as LARGEST_NUMBER
from rnntui.core.equations import Cell, load, read_source
from rnntui.core.expression import plain, variable
from rnntui.core.ownweights import weight_shapes
from rnntui.core.regular import read
from rnntui.errors import BadInput, one_line
from rnntui.names import nearest
from rnntui.scene import Scene

LARGEST: Final = 2**20
"""How many bytes a file with a cell may have."""
DEEPEST: Final = 60
"""How deep the operators of an equation may be nested; a chain of sums nests once a term."""
MOST: Final = 64
"""How many equations a cell may have, and its drawing lines."""
WIDEST: Final = 400


def cell_of(scene: Scene) -> tuple[Cell, Scene, tuple[str, ...]]:
    """The cell of a scene, the scene with what was found (the function's name, the file's sha256), and the notices.

    Raises BadInput for a file that cannot be used, with the line.
    """
    own = own_cell(scene.cell)
    if own is None:
        return load(scene.cell), scene, ()
    data, more = read(own.file, LARGEST)
    if more:
        raise BadInput(f"The file {own.file!r} is larger than 1 MiB; a cell is a few lines.")
    sha256 = hashlib.sha256(data).hexdigest()
    cell = read_cell(own, data)
    notices: tuple[str, ...] = ()
    if scene.cell_sha256 and scene.cell_sha256.lower() != sha256:
        notices = (f"The cell {own.title} has changed since this scene was written, so its numbers may have too.",)
    return cell, replace(scene, cell=str(replace(own, function=cell.step.__name__)), cell_sha256=sha256), notices


@lru_cache(maxsize=8)
def read_kept(own: OwnCell, text: str) -> Cell:
    """The cell that `kept` wrote. Nothing is run. Raises BadInput for a text that is anything else."""
    return _read(own, text.encode("utf-8", "replace"), lambda _: None)


def kept(cell: Cell) -> str:
    """The text from which `read_kept` reads an own cell again. Raises BadInput where it would be another one."""
    text = plaincell.written(cell)
    again = read_kept(OwnCell(cell.file, cell.step.__name__), text)
    mine, theirs = ((one.states, one.returns, *(each.tree for each in one.equations)) for one in (cell, again))
    if mine != theirs:
        raise BadInput(f"{cell.name} cannot be kept as equations alone; give each thing in it a name of its own.")
    return text


@lru_cache(maxsize=8)
def read_cell(own: OwnCell, data: bytes) -> Cell:
    """The cell that a file's content says. Raises BadInput with the line of what is no cell."""
    return _read(own, data, lambda tree: _run(own.file, tree))


def _read(own: OwnCell, data: bytes, otherwise: Callable[[ast.Module], dict[str, object] | None]) -> Cell:
    """The cell in a file; `otherwise` finds what its names mean where the file is more than equations."""
    name = Path(own.file).name
    try:
        source, tree = _parse(own.file, data)
        node = _find(own, tree)
        namespace = plaincell.names(tree, node, own.file) or otherwise(tree)
        if namespace is None:
            raise BadInput(f"What is kept of {own.title} is more than equations, so it is not read.")
        step = namespace.get(node.name)
        code = getattr(step, "__code__", None)
        if not isinstance(step, FunctionType) or code is None or code.co_firstlineno != node.lineno:
            raise BadInput(f"{name}:{node.lineno}: {node.name} is replaced below its definition; give it its own name.")
        lines = source.split("\n")[node.lineno - 1 : node.end_lineno]  # as Python counts: a form feed ends no line
        found = OwnCell(own.file, node.name)
        cell = read_source("\n".join(lines), found.title, step, file=Path(own.file), first=node.lineno)
        _check_size(cell, name)
        _check_functions(cell, namespace, name)
    except OverflowError:
        raise BadInput(f"{name} has a number that is too large; the largest is {LARGEST_NUMBER:g}.") from None
    except (RecursionError, MemoryError):  # the second is what Python's parser says of brackets without end
        raise BadInput(f"{name} is nested too deeply to be read; write shorter lines.") from None
    cell = replace(
        cell,
        own=True,
        doc=one_line(cell.doc),
        diagram=re.sub(r"(?<={)\w+(?=[}:])", lambda slot: plain(slot[0]), _lines(namespace.get("DIAGRAM"))),
        sentence=_sentence(namespace.get("SENTENCE"), name),
        equations=tuple(replace(each, meaning=one_line(each.meaning, 40)) for each in cell.equations),
    )
    weight_shapes(cell.equations, name)
    return cell


def _lines(text: object) -> str:
    """A drawing, or whatever stands under its name, with nothing in it that a terminal might obey."""
    if not isinstance(text, str):
        return ""
    lines = text.strip("\n").split("\n")[:MOST]
    return "\n".join("".join(c if c.isprintable() else "?" for c in line[:WIDEST]) for line in lines)


def _sentence(text: object, name: str) -> str:
    """A SENTENCE whose numbers are written at a sensible length."""
    template = _lines(text)
    try:
        formats = [spec or "" for _, _, spec, _ in Formatter().parse(template)]
    except ValueError as error:
        raise BadInput(f"{name}: the SENTENCE cannot be read ({one_line(str(error))}).") from None
    wrong = [spec for spec in formats if not re.fullmatch(r"\+?(\.[0-9])?[f%]?", spec)]
    if wrong:
        raise BadInput(
            f"{name}: the SENTENCE has a slot with {one_line(wrong[0], 20)!r}; write {{f:.2f}} or {{f:.0%}}."
        )
    return template


def _parse(file: str, data: bytes) -> tuple[str, ast.Module]:
    name = Path(file).name
    try:
        source = importlib.util.decode_source(data)
        return source, ast.parse(source, file)
    except UnicodeDecodeError:
        raise BadInput(f"{name} is no UTF-8; save it as UTF-8.") from None
    except SyntaxError as error:
        where = f"{name}:{error.lineno}" if error.lineno else name
        raise BadInput(f"{where}: this is not Python ({one_line(error.msg)}).") from None
    except ValueError as error:  # a NUL byte
        raise BadInput(f"{name}: this is not Python ({one_line(str(error))}).") from None


def _find(own: OwnCell, tree: ast.Module) -> ast.FunctionDef:
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    name = Path(own.file).name
    if not functions:
        raise BadInput(f"{name} has no function; a cell is def f(x, h, …, W). To begin one: rnntui cell new FILE.")
    if not own.function and len(functions) > 1:
        raise BadInput(f"{name} has several functions; choose one, such as {name}:{next(iter(functions))}.")
    if own.function and own.function not in functions:
        raise BadInput(f"{name} has no function {own.function!r}: {nearest(own.function, functions)}.")
    node = functions[own.function] if own.function else next(iter(functions.values()))
    if node.decorator_list:
        raise BadInput(f"{name}:{node.decorator_list[0].lineno}: a cell is what it says; remove the decorator.")
    return node


def _run(file: str, tree: ast.Module) -> dict[str, object]:
    """The names of a file after it ran."""
    namespace: dict[str, object] = {"__name__": Path(file).stem, "__file__": file}
    with fence.fence(file):
        exec(compile(tree, file, "exec", dont_inherit=True), namespace)  # noqa: S102  the learner's own file
    return namespace


def _check_size(cell: Cell, name: str) -> None:
    if len(cell.equations) > MOST:
        raise BadInput(f"{name} has {len(cell.equations)} equations in {cell.step.__name__}; {MOST} are the most.")
    for equation in cell.equations:
        if _depth(ast.parse(equation.source, mode="eval").body) > DEEPEST:
            raise BadInput(f"{name}:{equation.line}: {equation.symbol} is too long to follow; use several equations.")


def _depth(tree: ast.AST) -> int:
    """How many operators and calls are nested."""
    below = max(map(_depth, ast.iter_child_nodes(tree)), default=0)
    return below + isinstance(tree, ast.BinOp | ast.UnaryOp | ast.Call)


def _check_functions(cell: Cell, namespace: dict[str, object], name: str) -> None:
    """Every function that is called is torch's own, under torch's own name: what is shown is what it is."""
    local = {"x", "W", *map(variable, (*cell.states, *(equation.symbol for equation in cell.equations)))}
    for equation in cell.equations:
        where = f"{name}:{equation.line}"
        for node in ast.walk(ast.parse(equation.source, mode="eval")):
            if not isinstance(node, ast.Call):
                continue
            written = ast.unparse(node.func)
            root, *path = written.split(".")
            if root in local:
                raise BadInput(f"{where}: `{written}(…)` is a method; write {path[-1] if path else root}({root}).")
            if root not in namespace:
                hint = f"; write above: from torch import {root}" if hasattr(torch, root) else ", and torch has none"
                raise BadInput(f"{where}: there is no {root}{hint}.")
            found: object = namespace[root]
            for each in path:
                found = getattr(found, each, None)
            last = [root, *path][-1]
            its_own = any(getattr(shelf, last, None) is found for shelf in plaincell.SHELVES)
            if last.endswith("_") or not its_own or not plaincell.computes(found):
                raise BadInput(f"{where}: {written} is no function of torch under its own name; use only such.")
