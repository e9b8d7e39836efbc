"""The right side of an equation as a tree, read from the cell's own source.

Standard library only: the worker reads trees to bind weights, the panes read the same trees to put numbers in.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from keyword import iskeyword


def plain(variable: str) -> str:
    """The symbol that a variable is: in of in_, whose underscore only keeps it apart from Python's keyword."""
    return variable[:-1] if variable.endswith("_") and iskeyword(variable[:-1]) else variable


def variable(symbol: str) -> str:
    """The variable that a symbol is in Python: in_ for in."""
    return f"{symbol}_" if iskeyword(symbol) else symbol


class Unreadable(ValueError):
    """A piece of source that is no equation of the agreed form; `line` counts from 1 within the piece."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True)
class Name:
    """A vector by its name: the input x, a symbol of this step, or a state from the step before."""

    name: str
    before: bool = False


@dataclass(frozen=True)
class Weight:
    """A parameter added or multiplied elementwise: a bias, shape (H,)."""

    attribute: str


@dataclass(frozen=True)
class Matmul:
    """A matrix of parameters times a vector."""

    attribute: str
    vector: Node


@dataclass(frozen=True)
class Sum:
    """Terms with their signs, +1 or -1."""

    terms: tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Product:
    """Factors, multiplied elementwise."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Quotient:
    """One vector over another, elementwise."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Call:
    """A function applied elementwise, such as sigmoid or tanh."""

    function: str
    arguments: tuple[Node, ...]


Node = Number | Name | Weight | Matmul | Sum | Product | Quotient | Call


def parse(source: str, before: Collection[str] = (), constants: Mapping[str, float] | None = None) -> Node:
    """The tree of one expression; names in `before` mean the value of the step before.

    Raises Unreadable when the expression uses anything but + - * / @, functions, names, constants and W.name.
    """
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except SyntaxError as error:
        raise Unreadable(f"this is not an expression: {error.msg}", error.lineno or 1) from None
    return from_ast(tree, before, constants)


def from_ast(tree: ast.expr, before: Collection[str] = (), constants: Mapping[str, float] | None = None) -> Node:
    """The tree of one parsed expression; see `parse`."""
    return _Reader(frozenset(before), dict(constants or {})).read(tree)


@dataclass(frozen=True)
class _Reader:
    before: frozenset[str]
    constants: dict[str, float]

    def read(self, tree: ast.expr) -> Node:  # noqa: PLR0911
        match tree:
            case ast.Constant(value=bool()) | ast.Constant(value=str()) | ast.Constant(value=None):
                raise Unreadable(f"{ast.unparse(tree)} is not a number", tree.lineno)
            case ast.Constant(value=int() | float() as value):
                return Number(float(value))
            case ast.Name(id="W"):
                raise Unreadable("W is used whole; write W.name", tree.lineno)
            case ast.Name(id=name) if name in self.constants:
                return Number(self.constants[name])
            case ast.Name(id=name):
                return Name(plain(name), plain(name) in self.before)
            case ast.Attribute(value=ast.Name(id="W"), attr=attribute):
                return Weight(attribute)
            case ast.BinOp():
                return self.binary(tree)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Sum(tuple((-sign, term) for sign, term in _terms(self.read(operand))))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand)
            case ast.Call(func=function, args=[_, *_] as arguments, keywords=[]):
                return Call(self.function(function), tuple(self.read(argument) for argument in arguments))
            case ast.Call(func=ast.Attribute(value=whose, attr=name), args=[]):
                raise Unreadable(f"`{ast.unparse(tree)}` is a method; write {name}({ast.unparse(whose)})", tree.lineno)
        raise Unreadable(f"`{ast.unparse(tree)}` is not of the form that can be read as an equation", tree.lineno)

    def binary(self, tree: ast.BinOp) -> Node:
        if isinstance(tree.op, ast.MatMult):
            match tree.left:
                case ast.Attribute(value=ast.Name(id="W"), attr=attribute):
                    return Matmul(attribute, self.read(tree.right))
            raise Unreadable(f"left of @ stands `{ast.unparse(tree.left)}`; write W.name @ vector", tree.lineno)
        left, right = self.read(tree.left), self.read(tree.right)
        match tree.op:
            case ast.Add():
                return Sum(_terms(left) + _terms(right))
            case ast.Sub():
                negated = tuple((-sign, term) for sign, term in _terms(right))
                return Sum(_terms(left) + negated)
            case ast.Mult():
                return Product(_factors(left) + _factors(right))
            case ast.Div():
                return Quotient(left, right)
        raise Unreadable(f"`{ast.unparse(tree)}` uses an operator other than + - * / @", tree.lineno)

    def function(self, function: ast.expr) -> str:
        """The name of what is called: tanh, torch.tanh; but not a.tanh(), which would leave out a."""
        whole, root = function, function
        while isinstance(root, ast.Attribute):
            root = root.value
        match whole:
            case ast.Name(id=name) | ast.Attribute(attr=name) if isinstance(root, ast.Name) and root.id != "W":
                return name
        raise Unreadable(f"`{ast.unparse(function)}` is not the name of a function", function.lineno)


def _terms(node: Node) -> tuple[tuple[int, Node], ...]:
    return node.terms if isinstance(node, Sum) else ((1, node),)


def _factors(node: Node) -> tuple[Node, ...]:
    return node.factors if isinstance(node, Product) else (node,)


def children(node: Node) -> tuple[Node, ...]:
    """What an expression is directly made of, in the order of the source."""
    match node:
        case Matmul(vector=vector):
            return (vector,)
        case Sum(terms=terms):
            return tuple(term for _, term in terms)
        case Product(factors=factors):
            return factors
        case Quotient(top=top, bottom=bottom):
            return (top, bottom)
        case Call(arguments=arguments):
            return arguments
        case _:
            return ()


def walk(node: Node) -> list[Node]:
    """The node and everything below it, in the order of the source."""
    return [node, *(deeper for child in children(node) for deeper in walk(child))]


def added(tree: Node) -> tuple[str, ...]:
    """The attributes of W that are added, as they are, to the argument of an expression's function: its biases."""
    inner = tree.arguments[0] if isinstance(tree, Call) else tree
    terms = inner.terms if isinstance(inner, Sum) else ()
    return tuple(term.attribute for sign, term in terms if sign > 0 and isinstance(term, Weight))
