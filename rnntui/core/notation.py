"""Equations in mathematical notation: a tree is written as σ(W_ii xₜ + b_ii), of a step's numbers or its symbols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from rnntui.core.expression import Call, Matmul, Name, Node, Number, Product, Quotient, Sum, Weight

GLYPHS: Final = {"sigmoid": "σ", "relu": "ReLU"}
SUBSCRIPT: Final = {"now": "ₜ", "before": "ₜ₋₁", "after": "ₜ₊₁"}
DIGITS: Final = str.maketrans("-0123456789", "₋₀₁₂₃₄₅₆₇₈₉")


def subscript(number: int) -> str:
    """A whole number as a lower index: 12 is ₁₂."""
    return str(number).translate(DIGITS)


def matrix_name(attribute: str) -> str:
    """How a matrix is written: `W.if_` is W_if (the trailing underscore only escapes a keyword)."""
    return f"W_{attribute.rstrip('_')}"


def bias_name(attribute: str) -> str:
    """How a vector of parameters is written: `W.b_if` is b_if."""
    return attribute.rstrip("_")


@dataclass(frozen=True)
class Notation:
    """How a tree is written out: which way time runs, and what stands for each leaf."""

    backward: bool = False
    leaf: Callable[[Node], str | None] = field(default=lambda _: None)
    """Text for a node instead of its own notation (numbers put in), or None."""
    t: int | None = None
    """The step to write as the index, h₂ for hₜ₋₁ at t = 3, or None for t itself."""
    times: str = " ⊙ "
    """Between factors: elementwise for vectors, × for numbers."""

    def write(self, node: Node) -> str:  # noqa: PLR0911
        """The node in mathematical notation, such as σ(W_ii xₜ + b_ii + W_hi hₜ₋₁ + b_hi)."""
        instead = self.leaf(node)
        if instead is not None:
            return instead
        match node:
            case Number(value=value):
                return f"{value:g}"
            case Name():
                return self.name(node)
            case Weight(attribute=attribute):
                return bias_name(attribute)
            case Matmul(attribute=attribute, vector=vector):
                return f"{matrix_name(attribute)} {self.inner(vector)}"
            case Sum(terms=terms):
                return self.sum(terms)
            case Product(factors=factors):
                return self.times.join(self.inner(factor) for factor in factors)
            case Quotient(top=top, bottom=bottom):
                return f"{self.inner(top)} / {self.inner(bottom)}"
            case Call(function=function, arguments=arguments):
                return f"{GLYPHS.get(function, function)}({', '.join(self.write(a) for a in arguments)})"

    def name(self, node: Name) -> str:
        """A vector with the step it belongs to: hₜ₋₁, or hₜ₊₁ where time runs backwards."""
        when = ("after" if self.backward else "before") if node.before else "now"
        if self.t is not None:
            return f"{node.name}{subscript(self.t + {'now': 0, 'before': -1, 'after': 1}[when])}"
        return f"{node.name}{SUBSCRIPT[when]}"

    def inner(self, node: Node) -> str:
        """The node where a sum, a product or a quotient needs brackets."""
        text = self.write(node)
        return f"({text})" if isinstance(node, Sum | Product | Quotient) and self.leaf(node) is None else text

    def sum(self, terms: tuple[tuple[int, Node], ...]) -> str:
        """Terms with a true minus sign; a number that is negative turns the sign around."""
        text = ""
        for sign, term in terms:
            written = self.inner(term) if isinstance(term, Sum) else self.write(term)
            negative = (sign < 0) != written.startswith("−")
            written = written.removeprefix("−")
            if text:
                text += f" {'−' if negative else '+'} {written}"
            else:
                text = f"−{written}" if negative else written
        return text
