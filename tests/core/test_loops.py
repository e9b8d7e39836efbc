"""The GRU of the paper, which torch has no module for: against a plain numpy of its own, and finite differences."""

import numpy as np
import pytest
import torch

from rnntui.core.equations import load
from rnntui.core.parameters import Network
from rnntui.core.sequence import Dense
from rnntui.core.unroll import run
from tests.core.networks import TOLERANCE, make, vectors


def numpy_gru_reset_before(x, p, reverse):
    """Cho et al. 2014, written down again from the paper, with torch's packing of r, z, n."""
    suffix = "_l0_reverse" if reverse else "_l0"
    wi, wh = p[f"weight_ih{suffix}"].numpy(), p[f"weight_hh{suffix}"].numpy()
    b = p[f"bias_ih{suffix}"].numpy() + p[f"bias_hh{suffix}"].numpy()
    size = wh.shape[1]
    h = np.zeros(size, dtype=x.dtype)
    out = np.zeros((len(x), size), dtype=x.dtype)
    for t in range(len(x) - 1, -1, -1) if reverse else range(len(x)):
        r, z = (1 / (1 + np.exp(-a)) for a in np.split((wi @ x[t] + b)[: 2 * size] + wh[: 2 * size] @ h, 2))
        candidate = np.tanh(wi[2 * size :] @ x[t] + b[2 * size :] + wh[2 * size :] @ (r * h))
        h = candidate + z * (h - candidate)
        out[t] = h
    return out


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_gru_of_the_paper_agrees_with_a_plain_numpy_one(bidirectional, dtype):
    network, parameters = make("gru-reset-before", bidirectional=bidirectional, dtype=dtype)
    x = vectors(50, dtype=dtype)
    for route in ("explicit", "fused"):
        passes = run(network, parameters, Dense(x), route)
        for (_, direction), values in zip(network.passes, passes, strict=True):
            expected = numpy_gru_reset_before(x.numpy(), parameters, direction == "backward")
            np.testing.assert_allclose(values["h"].numpy(), expected, atol=TOLERANCE[dtype], rtol=0)


@pytest.mark.parametrize("route", ["explicit", "fused"])
def test_the_gradients_of_the_gru_of_the_paper_pass_the_finite_difference_check(route):
    network, parameters = make("gru-reset-before", layers=2, bidirectional=True, hidden=2)
    x = vectors(3).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: run(network, parameters, Dense(x), route)[-1]["h"], (x,))


def test_the_two_gru_conventions_differ():
    network, parameters = make("gru")
    other = Network(load("gru-reset-before"), network.size, network.hidden)
    x = Dense(vectors(10))
    difference = run(network, parameters, x)[0]["h"] - run(other, parameters, x)[0]["h"]
    assert difference.abs().max() > 1e-3
