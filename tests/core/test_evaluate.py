"""Expressions evaluated in numpy: the functions are torch's."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rnntui.core.evaluate import FUNCTIONS, Moment
from rnntui.core.expression import parse
from rnntui.core.parts import Anatomy
from rnntui.core.worked import chain, figure
from tests.core.explained import joined
from tests.core.records import record


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("exp(-x) / (1 + abs(x))", lambda x: np.exp(-x) / (1 + abs(x))),
        ("1 - softplus(x) * 2", lambda x: 1 - np.log1p(np.exp(x)) * 2),
        ("-tanh(x) - x * x", lambda x: -np.tanh(x) - x * x),
        ("sigmoid(relu(x) / 2)", lambda x: 1 / (1 + np.exp(-max(x, 0) / 2))),
        ("maximum(x, 0.1)", lambda x: max(x, 0.1)),
    ],
)
def test_any_expression_that_can_be_read_is_evaluated_and_taken_apart(source, expected):
    trace, _ = record("rnn", inputs="random", dtype="float64")
    moment, tree = Moment(trace, trace.passes[0], 3), parse(source)
    wanted = expected(float(trace.inputs.dense[3, 2]))
    assert moment.number(tree, 2) == pytest.approx(wanted, rel=1e-12)
    assert float(moment.whole(tree)[2]) == pytest.approx(wanted, rel=1e-12)
    inside = Anatomy(moment, 2).breakdown(tree)
    if inside.joined in ("sum", "product"):
        assert joined(inside) == pytest.approx(wanted, rel=1e-12)
    assert chain(tree, moment, 2)[-1] == figure(moment.number(tree, 2))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_in_the_table_is_torchs(name):
    owner = torch if hasattr(torch, name) else torch.nn.functional
    points = torch.tensor([0.25, 0.5, 1.5], dtype=torch.float64)
    arguments = {"clamp": (0.3, 1.0), "maximum": (torch.tensor(0.4),), "minimum": (torch.tensor(0.4),)}.get(name, ())
    plain = [float(argument) for argument in arguments]
    np.testing.assert_allclose(
        FUNCTIONS[name](points.numpy(), *plain), getattr(owner, name)(points, *arguments).numpy(), rtol=1e-6
    )
