"""How to compute every symbol of every step at once when h is known at every step: read from a cell's equations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rnntui.core.equations import Cell
from rnntui.core.expression import Call, Matmul, Name, Node, Number, Product, Quotient, Sum, Weight, walk
from rnntui.core.parameters import KINDS, layout
from rnntui.core.trace import Equation


@dataclass(frozen=True)
class Recurrence:
    """A state that follows from itself: sₜ = keep ⊙ sₜ₋₁ + add."""

    keep: Node
    add: Node


@dataclass(frozen=True)
class Plan:
    """The order in which a cell's symbols are computed, for all steps at once."""

    gates: tuple[int, ...]
    """The blocks whose W x + b + W h + b are summed in one product for all of them."""
    steps: tuple[tuple[str, Node | Recurrence], ...]
    """Symbol → what to compute; the sum of block k stands there as a name, `argument(k)`."""


def argument(block: int) -> Name:
    """The name under which the summed argument of a gate is known."""
    return Name(f"argument {block}")


@cache
def plan(cell: Cell) -> Plan:
    """The plan for a cell, given its first state at every step.

    Raises NotImplementedError for a cell whose other states do not follow from themselves linearly.
    """
    gates: dict[int, None] = {}
    steps: list[tuple[str, Node | Recurrence]] = []
    for equation in cell.equations:
        if equation.symbol == cell.states[0]:
            continue
        tree = _gather(equation.tree, cell, gates)
        steps.append((equation.symbol, _recurrence(equation, tree) if equation.symbol in equation.before else tree))
    return Plan(tuple(gates), tuple(steps))


def _gather(node: Node, cell: Cell, gates: dict[int, None]) -> Node:
    """The tree with every whole argument of a gate as one name."""
    match node:
        case Sum(terms=terms):
            block = _whole(node, cell)
            if block is not None:
                gates[block] = None
                return argument(block)
            return Sum(tuple((sign, _gather(term, cell, gates)) for sign, term in terms))
        case Product(factors=factors):
            return Product(tuple(_gather(factor, cell, gates) for factor in factors))
        case Quotient(top=top, bottom=bottom):
            return Quotient(_gather(top, cell, gates), _gather(bottom, cell, gates))
        case Call(function=function, arguments=arguments):
            return Call(function, tuple(_gather(each, cell, gates) for each in arguments))
        case _:
            return node


def _whole(node: Sum, cell: Cell) -> int | None:
    """The number of the gate of which this is all: W x + b + W hₜ₋₁ + b."""
    vectors = {"weight_ih": Name("x"), "weight_hh": Name(cell.states[0], before=True)}
    kinds: list[str] = []
    blocks: set[int] = set()
    for sign, term in node.terms:
        if sign < 0 or not isinstance(term, Matmul | Weight):
            return None
        kind, block = layout(cell)[term.attribute]
        if isinstance(term, Matmul) and term.vector != vectors[kind]:
            return None
        kinds.append(kind)
        blocks.add(block)
    return blocks.pop() if len(blocks) == 1 and sorted(kinds) == sorted(KINDS.values()) else None


def _recurrence(equation: Equation, tree: Node) -> Recurrence:
    past = Name(equation.symbol, before=True)
    keep: list[tuple[int, Node]] = []
    add: list[tuple[int, Node]] = []
    for sign, term in tree.terms if isinstance(tree, Sum) else ((1, tree),):
        factors = term.factors if isinstance(term, Product) else (term,)
        others = tuple(factor for factor in factors if factor != past)
        if len(factors) - len(others) > 1 or any(past in walk(factor) for factor in others):
            raise NotImplementedError(f"{equation.symbol} does not follow from itself linearly")
        (keep if len(others) < len(factors) else add).append((sign, _product(others)))
    return Recurrence(_sum(keep), _sum(add))


def _product(factors: tuple[Node, ...]) -> Node:
    if not factors:
        return Number(1.0)
    return Product(factors) if len(factors) > 1 else factors[0]


def _sum(terms: list[tuple[int, Node]]) -> Node:
    if not terms:
        return Number(0.0)
    return terms[0][1] if len(terms) == 1 and terms[0][0] > 0 else Sum(tuple(terms))
