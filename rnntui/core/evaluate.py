"""The value of any expression of a cell, for one unit or for all, at one step of a record, in float64.

One unit needs one row of each matrix, so this is fast enough to follow every key. Numpy and the standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rnntui.core.expression import Call, Matmul, Name, Node, Number, Product, Quotient, Sum, Weight
from rnntui.core.trace import Array, Pass, Trace

Float64 = NDArray[np.float64]


class Incomputable(ValueError):
    """An expression uses a function that is not in the table here, so its inner value is only torch's to know."""

    def __init__(self, function: str) -> None:
        super().__init__(f"{function} is not among the functions that can be recomputed")
        self.function = function


def _sigmoid(x: Any) -> Any:
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(x)))


def _elu(x: Any, alpha: Any = 1.0) -> Any:
    return np.where(np.asarray(x) > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": np.abs,
    "arctan": np.arctan,
    "atan": np.arctan,
    "clamp": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "cos": np.cos,
    "elu": _elu,
    "exp": np.exp,
    "expm1": np.expm1,
    "hardsigmoid": lambda x: np.clip(np.asarray(x) / 6.0 + 0.5, 0.0, 1.0),
    "hardtanh": lambda x: np.clip(x, -1.0, 1.0),
    "leaky_relu": lambda x, slope=0.01: np.where(np.asarray(x) > 0, x, slope * np.asarray(x)),
    "log": np.log,
    "log1p": np.log1p,
    "logsigmoid": lambda x: -np.logaddexp(0.0, -np.asarray(x)),
    "maximum": np.maximum,
    "minimum": np.minimum,
    "neg": np.negative,
    "reciprocal": lambda x: 1.0 / np.asarray(x),
    "relu": lambda x: np.maximum(x, 0.0),
    "rsqrt": lambda x: 1.0 / np.sqrt(x),
    "sigmoid": _sigmoid,
    "sign": np.sign,
    "silu": lambda x: x * _sigmoid(x),
    "sin": np.sin,
    "softplus": lambda x: np.logaddexp(0.0, x),
    "softsign": lambda x: np.asarray(x) / (1.0 + np.abs(x)),
    "sqrt": np.sqrt,
    "square": np.square,
    "tanh": np.tanh,
}
"""What a cell may call elementwise: torch's name → the same in numpy."""


@dataclass(frozen=True, eq=False)
class Moment:
    """One step of one pass, where every name of the equations has a value."""

    trace: Trace
    one: Pass
    row: int

    @property
    def t(self) -> int:
        """The t of the equations."""
        return self.row + 1

    @property
    def earlier(self) -> int:
        """The t that "the step before" means: t - 1, or t + 1 in the backward lane."""
        return self.t - 1 if self.one.direction == "forward" else self.t + 1

    @property
    def onehot(self) -> bool:
        """True where x is a one-hot input, which has one element that counts."""
        return self.one.layer == 0 and self.trace.inputs.ids is not None

    @property
    def column(self) -> int:
        """The element of a one-hot x that is 1."""
        assert self.trace.inputs.ids is not None
        return int(self.trace.inputs.ids[self.row])

    @cached_property
    def x(self) -> Float64:
        """The input vector of this layer at this step, (D,)."""
        return np.asarray(self.trace.x(self.one.layer, self.row), dtype=np.float64)

    def vector(self, name: Name) -> Array:
        """The recorded value of a name, (H,) or (D,); `c_prev`, as sentences write it, is c from the step before."""
        if name.name == "x":
            return self.x
        if name.before:
            state = name.name if name.name in self.one.initial else name.name.removesuffix("_prev")
            return self.one.before(state, self.row)
        return self.one.values[name.name][self.row]  # type: ignore[no-any-return]

    def number(self, node: Node, unit: int) -> float:
        """The value of an expression for one unit. Raises Incomputable for a function that is not in the table."""
        with np.errstate(all="ignore"):
            return float(self._number(node, unit))

    def whole(self, node: Node) -> Float64:
        """The value of an expression for all units, (H,); a constant stays a single number, ()."""
        with np.errstate(all="ignore"):
            return np.asarray(self._whole(node), dtype=np.float64)

    def terms(self, node: Matmul, unit: int) -> Float64:
        """The elements whose sum is one row of a matrix product: weight times input, (size of the right side,)."""
        with np.errstate(all="ignore"):
            row = np.asarray(self.one.weights[node.attribute][unit], dtype=np.float64)
            return np.asarray(row * self._whole(node.vector), dtype=np.float64)

    def _number(self, node: Node, unit: int) -> float:  # noqa: PLR0911
        match node:
            case Number(value=value):
                return value
            case Name(name="x") if self.onehot:
                return float(unit == self.column)
            case Name():
                return float(self.vector(node)[unit])
            case Weight(attribute=attribute):
                return float(self.one.weights[attribute][unit])
            case Matmul(attribute=attribute, vector=Name(name="x")) if self.onehot:
                return float(self.one.weights[attribute][unit, self.column])
            case Matmul(attribute=attribute, vector=vector):
                row = np.asarray(self.one.weights[attribute][unit], dtype=np.float64)
                return float(row @ self._whole(vector))
            case Sum(terms=terms):
                return sum(sign * self._number(term, unit) for sign, term in terms)
            case Product(factors=factors):
                product = 1.0
                for factor in factors:
                    product *= self._number(factor, unit)
                return product
            case Quotient(top=top, bottom=bottom):
                return float(np.divide(self._number(top, unit), self._number(bottom, unit)))
            case Call(function=function, arguments=arguments):
                return float(_call(function, (self._number(argument, unit) for argument in arguments)))

    def _whole(self, node: Node) -> Any:  # noqa: PLR0911
        match node:
            case Number(value=value):
                return value
            case Name():
                return np.asarray(self.vector(node), dtype=np.float64)
            case Weight(attribute=attribute):
                return np.asarray(self.one.weights[attribute], dtype=np.float64)
            case Matmul(attribute=attribute, vector=Name(name="x")) if self.onehot:
                return np.asarray(self.one.weights[attribute][:, self.column], dtype=np.float64)
            case Matmul(attribute=attribute, vector=vector):
                return np.asarray(self.one.weights[attribute], dtype=np.float64) @ self._whole(vector)
            case Sum(terms=terms):
                return sum(sign * self._whole(term) for sign, term in terms)
            case Product(factors=factors):
                product = self._whole(factors[0])
                for factor in factors[1:]:
                    product = product * self._whole(factor)
                return product
            case Quotient(top=top, bottom=bottom):
                return np.divide(self._whole(top), self._whole(bottom))
            case Call(function=function, arguments=arguments):
                return _call(function, map(self._whole, arguments))


def _call(name: str, arguments: Iterable[Any]) -> Any:
    if name not in FUNCTIONS:
        raise Incomputable(name)
    try:
        return FUNCTIONS[name](*arguments)
    except TypeError:  # torch's takes more arguments than the one here, such as softplus(x, beta)
        raise Incomputable(name) from None
