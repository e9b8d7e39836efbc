"""A cell's file that is equations and nothing else: it is read without being run, so it may come from anywhere.

Beside functions such a file has imports of torch and numbers with a name. `written` puts any own cell in this form,
which is how a run keeps the cell that it trains.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Final

import torch

from rnntui.core.equations import Cell
from rnntui.core.expression import variable

SHELVES: Final = (torch, torch.nn.functional, torch.special)
"""Where the functions that a cell may call are."""
HOMES: Final = {home.__name__: home for home in (*SHELVES, torch.nn)}
"""What may be imported, and imported from."""
TEXTS: Final = ("DIAGRAM", "SENTENCE")

Names = dict[str, object]


class _NotPlain(Exception):
    """Something in the file would have to be run."""


def names(tree: ast.Module, wanted: ast.FunctionDef, file: str) -> Names | None:
    """What the names of a file mean, found without running it; None where that takes running it.

    The function that is wanted is made and not called; whether its lines are equations is for their reader to say.
    """
    space: Names = {"__builtins__": {"__import__": __import__}}  # which torch's own functions do their imports by
    try:
        for name, value in _named(tree, wanted, file, space):
            if name in space and space[name] is not value:
                return None
            space[name] = value
    except (_NotPlain, SyntaxError):
        return None
    return space


def _named(tree: ast.Module, wanted: ast.FunctionDef, file: str, space: Names) -> Iterator[tuple[str, object]]:
    for statement in tree.body:
        match statement:
            case ast.FunctionDef(name=name):
                yield name, _function(statement, file, space) if statement is wanted else statement
            case ast.Import(names=imported):
                yield from map(_module, imported)
            case ast.ImportFrom(module="__future__") | ast.Expr(value=ast.Constant()):
                pass
            case ast.ImportFrom(module=str(home), names=imported, level=0) if home in HOMES:
                yield from ((one.asname or one.name, _usable(HOMES[home], one.name)) for one in imported)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, _literal(name, value)
            case _:
                raise _NotPlain


def _module(imported: ast.alias) -> tuple[str, ModuleType]:
    if imported.name not in HOMES:
        raise _NotPlain
    return (imported.asname, HOMES[imported.name]) if imported.asname else ("torch", torch)


def _usable(home: ModuleType, name: str) -> object:
    """A module with functions that compute, or one of them."""
    found: object = getattr(home, name, None)
    if any(found is known for known in HOMES.values()) or computes(found):
        return found
    raise _NotPlain


def computes(function: object) -> bool:
    """Whether something is one of those functions of torch that make a tensor from tensors, and do nothing else."""
    if isinstance(function, BuiltinFunctionType):
        home = function.__self__
        return home is None or getattr(home, "__name__", "") in ("torch._C._nn", "torch._C._special")
    return isinstance(function, FunctionType) and function.__module__ in ("torch.functional", "torch.nn.functional")


def _literal(name: str, tree: ast.expr) -> float | str:
    match tree:
        case ast.Constant(value=bool()):
            raise _NotPlain
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Constant(value=str(text)) if name in TEXTS:
            return text
    raise _NotPlain


def _function(tree: ast.FunctionDef, file: str, space: Names) -> object:
    """The function, made from its lines alone: nothing that stands around them, such as a default, is evaluated."""
    given = tree.args
    if given.posonlyargs or given.kwonlyargs or given.vararg or given.kwarg or given.defaults or tree.decorator_list:
        raise _NotPlain
    head = ast.parse(f"def {tree.name}({', '.join(one.arg for one in given.args)}): pass")
    bare = head.body[0]
    assert isinstance(bare, ast.FunctionDef)
    ast.copy_location(bare, tree)
    bare.body = tree.body
    made: Names = {}
    exec(compile(head, file, "exec", dont_inherit=True), space, made)  # noqa: S102  a def runs none of its lines
    return made[tree.name]


def written(cell: Cell) -> str:
    """The text of a file in the plain form with a cell's equations, their names, numbers, drawing and sentence.

    They stand on the lines on which the cell has them, where there is room above.
    """
    space: Names = getattr(cell.step, "__globals__", {})
    roots = [ast.unparse(call).partition(".") for one in cell.equations for call in _called(ast.parse(one.source))]
    head = [f'"""{_quoted(cell.name)}, as rnntui has read it."""', ""]
    head += ["import torch"] * any(rest for _, _, rest in roots)
    bare = {root for root, _, rest in roots if not rest}
    for shelf in SHELVES:
        here = sorted(name for name in bare if _shelf(space[name], name) is shelf)
        head += [f"from {shelf.__name__} import {', '.join(here)}"] * bool(here)
    head += [f"{name} = {text!r}" for name, text in zip(TEXTS, (cell.diagram, cell.sentence), strict=True) if text]
    used = {name for equation in cell.equations for name, _ in equation.constants}
    head += [f"{name} = {_number(space[name])}" for name in sorted(used)]
    body = [f"def {cell.step.__name__}({', '.join(('x', *map(variable, cell.states), 'W'))}):"]
    body += [f'    """{_quoted(cell.doc)}"""'] * bool(cell.doc)
    for equation in cell.equations:
        line = f"    {variable(equation.symbol)} = {_with_whole_names(equation.source, space)}"
        body.append(f"{line}  # {equation.meaning}" if equation.meaning else line)
    room = cell.equations[0].line - 1 - bool(cell.doc) - 1 - len(head)
    return "\n".join([*head, *[""] * max(2, room), *body, f"    return {', '.join(map(variable, cell.returns))}", ""])


def _called(tree: ast.AST) -> list[ast.expr]:
    return [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _shelf(function: object, name: str) -> ModuleType:
    return next(shelf for shelf in SHELVES if getattr(shelf, name, None) is function)


def _with_whole_names(source: str, space: Names) -> str:
    """An equation with F.silu written as torch.nn.functional.silu: what F is need not be known."""
    tree = ast.parse(source, mode="eval")
    for call in _called(tree):
        if isinstance(call, ast.Attribute):
            found: object = space[ast.unparse(call).partition(".")[0]]
            for part in ast.unparse(call).split(".")[1:]:
                found = getattr(found, part)
            call.value = ast.parse(_shelf(found, call.attr).__name__, mode="eval").body
    return ast.unparse(tree)


def _number(value: object) -> str:
    """A constant as Python writes it; what only behaves like a float becomes one."""
    assert isinstance(value, int | float)
    return repr(int(value) if isinstance(value, int) else float(value))


def _quoted(text: str) -> str:
    """Words that end no docstring."""
    return text.replace("\\", "\\\\").replace('"', "'")
