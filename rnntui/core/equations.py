"""Reads a cell's source: every assignment is one equation with a symbol, a formula, a meaning and a line.

The function that runs and the formula that is shown are the same text, so they cannot disagree. See design in the
package's docstring.
"""

from __future__ import annotations

import ast
import inspect
import io
import textwrap
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from rnntui.core.expression import Call, Matmul, Name, Product, Unreadable, Weight, from_ast, plain, variable, walk
from rnntui.core.trace import Equation
from rnntui.errors import BadInput
from rnntui.names import cell_names, nearest

if TYPE_CHECKING:
    from torch import Tensor

Step = Callable[..., "Tensor | tuple[Tensor, ...]"]
"""A cell's function: (x, *states, W) to the states, in the order it returns them."""


PACKAGE: Final = Path(__file__).parents[1]
LARGEST: Final = 1e300
"""The largest constant."""


@dataclass(frozen=True)
class Cell:
    """A recurrent cell: the function that runs, and what its source says about it."""

    name: str
    step: Step
    states: tuple[str, ...]
    """What is carried from step to step, in the order of the arguments; the first is the output."""
    returns: tuple[str, ...]
    """The states in the order that the function returns them."""
    equations: tuple[Equation, ...]
    doc: str
    diagram: str
    sentence: str
    file: str
    own: bool = False
    """True for a function in a learner's own file, whose parameters go by the names that they have there."""

    @property
    def gates(self) -> tuple[str, ...]:
        """The symbols that have weights of their own, in torch's stacking order."""
        return tuple(e.symbol for e in self.equations if any(isinstance(n, Matmul) for n in walk(e.tree)))

    @property
    def memory(self) -> str:
        """The state through which the cell remembers: the last one that is carried (c of an LSTM, else h)."""
        return self.states[-1]

    @property
    def keeping_gate(self) -> str | None:
        """The gate that multiplies the memory directly: f of an LSTM, z of a GRU, none of a vanilla cell."""
        for factors in self._memory_products():
            if Name(self.memory, before=True) in factors:
                now = (n.name for n in factors if isinstance(n, Name) and not n.before)  # h itself may have weights
                return next((name for name in now if name in self.gates), None)
        return None

    @property
    def writing_gate(self) -> str | None:
        """The sigmoid gate that lets new content into the memory, if it is one of its own: i of an LSTM."""
        squashed = {e.symbol for e in self.equations if isinstance(e.tree, Call) and e.tree.function == "sigmoid"}
        for factors in self._memory_products():
            if Name(self.memory, before=True) not in factors:
                now = (n.name for n in factors if isinstance(n, Name) and not n.before)
                return next((name for name in now if name in squashed), None)
        return None

    def _memory_products(self) -> list[tuple[object, ...]]:
        update = next(e for e in self.equations if e.symbol == self.memory)
        return [node.factors for node in walk(update.tree) if isinstance(node, Product)]


@cache
def load(name: str) -> Cell:
    """The cell of that name: one file in `core/cells/`, one function in it.

    Raises BadInput for a name that is no file there.
    """
    if name not in cell_names():
        raise BadInput(f"Unknown cell '{name}': {nearest(name, cell_names())}.")
    module = import_module(f"rnntui.core.cells.{name.replace('-', '_')}")
    return read(getattr(module, name.replace("-", "_")), name, module)


def read(function: Step, name: str, module: ModuleType | None = None) -> Cell:
    """What a cell's source says: its equations in order, its states, its own diagram and sentence.

    Raises BadInput with file and line when the function is written in a way that cannot be read.
    """
    file = Path(inspect.getsourcefile(function) or "?")
    if file.is_relative_to(PACKAGE.parent):
        file = file.relative_to(PACKAGE.parent)
    source, first = inspect.getsourcelines(function)
    return read_source(
        textwrap.dedent("".join(source)),
        name,
        function,
        file=file,
        first=first,
        diagram=getattr(module, "DIAGRAM", ""),
        sentence=getattr(module, "SENTENCE", ""),
    )


def read_source(  # noqa: PLR0912
    source: str, name: str, step: Step, *, file: Path, first: int = 1, diagram: str = "", sentence: str = ""
) -> Cell:
    """The cell that a function's source text says; `first` is the line of the file on which the text starts."""

    def refuse(line: int, what: str) -> BadInput:
        return BadInput(f"{file.name}:{first + line - 1}: {what}.")

    tree = _function(source, refuse)
    states = tuple(plain(argument.arg) for argument in tree.args.args[1:-1])
    comments = _comments(source)
    surroundings: Mapping[str, object] = getattr(step, "__globals__", {})
    constants = _constants(tree, surroundings)
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    if not body:
        raise refuse(tree.body[0].lineno, "a cell has equations, one name = expression a line; this one has none")
    equations: list[Equation] = []
    assigned: list[str] = []
    for statement in body:
        line = statement.lineno
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                symbol, named = plain(target), {variable(one) for one in assigned}
                before = tuple(state for state in states if state not in assigned)
                try:
                    node = from_ast(value, before, {k: v for k, v in constants.items() if k not in named})
                except Unreadable as error:
                    raise refuse(error.line, str(error)) from None
                unknown = [
                    n.name for n in walk(node) if isinstance(n, Name) and n.name not in {"x", *states, *assigned}
                ]
                if unknown and variable(unknown[0]) in surroundings:
                    raise refuse(line, f"{symbol} uses {variable(unknown[0])}, which is no number such as 2.0")
                if unknown:
                    raise refuse(line, f"{symbol} uses {variable(unknown[0])}, which has no value yet")
                if symbol in assigned or symbol in {"x", "W"}:
                    raise refuse(line, f"{symbol} is assigned twice; give each step a name of its own")
                if not any(isinstance(n, Name | Matmul | Weight) for n in walk(node)):
                    raise refuse(line, f"{symbol} is a constant; write it above the function")
                assigned.append(symbol)
                equations.append(
                    Equation(
                        symbol=symbol,
                        source=ast.unparse(value),
                        meaning=comments.get(statement.end_lineno or line, comments.get(line, "")),
                        line=first + line - 1,
                        before=tuple(state for state in before if Name(state, before=True) in walk(node)),
                        constants=tuple((k, constants[k]) for k in sorted(_names(value) & constants.keys() - named)),
                        is_state=symbol in states,
                    )
                )
            case ast.Return(value=ast.Name(id=only)):
                returned: tuple[str, ...] = (plain(only),)
            case ast.Return(value=ast.Tuple(elts=elements)) if all(isinstance(e, ast.Name) for e in elements):
                returned = tuple(plain(e.id) for e in elements if isinstance(e, ast.Name))
            case _:
                what = ast.unparse(statement).splitlines()[0]
                raise refuse(line, f"`{what}` is no equation; a cell is a list of name = expression and one return")
    if not isinstance(body[-1], ast.Return) or sum(isinstance(s, ast.Return) for s in body) != 1:
        raise refuse(body[-1].lineno, "a cell ends in one return of its states")
    if set(returned) != set(states) or len(returned) != len(states):
        raise refuse(body[-1].lineno, f"return the states {', '.join(states)} under their names")
    missing = [state for state in states if state not in assigned]
    if missing:
        raise refuse(body[-1].lineno, f"the state {missing[0]} is returned but never assigned")
    doc = (ast.get_docstring(tree) or "").strip().split("\n\n")[0].replace("\n", " ")
    return Cell(name, step, states, returned, tuple(equations), doc, diagram, sentence, str(file))


def _function(source: str, refuse: Callable[[int, str], BadInput]) -> ast.FunctionDef:
    try:
        tree = next(iter(ast.parse(source).body), None)
    except SyntaxError as error:
        raise refuse(error.lineno or 1, f"this is not Python ({error.msg})") from None
    if not isinstance(tree, ast.FunctionDef):
        raise refuse(1, "a cell is a function: def f(x, h, …, W)")
    arguments = [argument.arg for argument in tree.args.args]
    others = (tree.args.posonlyargs, tree.args.kwonlyargs, tree.args.defaults, tree.args.vararg, tree.args.kwarg)
    if len(arguments) < 3 or arguments[0] != "x" or arguments[-1] != "W" or any(others):
        raise refuse(tree.lineno, f"a cell takes (x, h, …, W), this one takes ({ast.unparse(tree.args)})")
    return tree


def _constants(tree: ast.FunctionDef, surroundings: Mapping[str, object]) -> dict[str, float]:
    """The numbers around a function that it uses by name; its own arguments hide what is called like them."""
    used = _names(tree) - {argument.arg for argument in tree.args.args}
    found = {name: surroundings[name] for name in used & surroundings.keys()}
    return {k: float(v) for k, v in found.items() if isinstance(v, int | float) and abs(v) <= LARGEST}


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").strip() for t in tokens if t.type == tokenize.COMMENT}
