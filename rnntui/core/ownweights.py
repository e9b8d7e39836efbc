"""Which weights a learner's own cell has, and how large each is: read from its equations. Standard library only.

`W.a` left of `@` is (H, size of the right side): D for x, H for a state or a symbol. Any other `W.b` is (H,).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rnntui.core.expression import Matmul, Name, Node, Number, Weight, children, walk
from rnntui.core.trace import Equation
from rnntui.errors import BadInput

Shape = tuple[str, ...]
"""("H", "D"), ("H", "H") or ("H",)."""

OF_X: Final[Shape] = ("H", "D")
OF_H: Final[Shape] = ("H", "H")
VECTOR: Final[Shape] = ("H",)


def sizes(node: Node) -> frozenset[str]:
    """The sizes of the vectors that are joined element by element in an expression: D where x stands among them."""
    match node:
        case Name(name="x"):
            return frozenset("D")
        case Name() | Weight() | Matmul():
            return frozenset("H")
        case _:
            return frozenset[str]().union(*(sizes(child) for child in children(node)))


def weight_shapes(equations: Iterable[Equation], file: str) -> dict[str, Shape]:
    """The attribute of W → its shape in letters, in the order of first use; `file` is named in what is refused.

    Raises BadInput with the line of a weight that is used in two shapes, or whose name cannot be kept.
    """
    found: dict[str, Shape] = {}
    names: dict[str, str] = {}
    for equation in equations:
        for node in walk(equation.tree):
            if not isinstance(node, Matmul | Weight):
                continue
            attribute, where = node.attribute, f"{file}:{equation.line}"
            if not attribute.strip("_") or attribute.startswith("__"):
                raise BadInput(f"{where}: W.{attribute} is no name for a weight; use letters.")
            other = names.setdefault(attribute.rstrip("_"), attribute)
            if other != attribute:
                raise BadInput(f"{where}: W.{attribute} and W.{other} would be saved under one name; rename one.")
            shape = _shape(node, where)
            if found.setdefault(attribute, shape) != shape:
                raise BadInput(
                    f"{where}: W.{attribute} would have to be {written(found[attribute])} before and {written(shape)} "
                    "here; use two weights."
                )
    return found


def written(shape: Shape) -> str:
    """A shape as it is read: (H, D), (H,)."""
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(shape)})"


def _shape(node: Matmul | Weight, where: str) -> Shape:
    if isinstance(node, Weight):
        return VECTOR
    joined = sizes(node.vector)
    if isinstance(node.vector, Number) or not joined:
        raise BadInput(f"{where}: right of W.{node.attribute} @ stands no vector; write W.{node.attribute} @ h.")
    return OF_X if joined == {"D"} else OF_H
