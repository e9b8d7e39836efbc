"""Products of step Jacobians in log space, against plain products where those are finite."""

from dataclasses import replace

import numpy as np
import pytest

from rnntui import lab
from rnntui.core.gradients.jacobian import jacobians
from rnntui.core.gradients.record import read
from rnntui.core.gradients.spectrum import products
from rnntui.errors import BadInput
from rnntui.names import cell_names
from rnntui.scene import Scene

SCENE = Scene(text="hello world", hidden=4, bidirectional=True, layers=2, layer=1)


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("cell", cell_names())
def test_products_bound_and_singular_values_are_those_of_numpy(cell, direction):
    scene = replace(SCENE, cell=cell, direction=direction)
    found = lab.spectrum(scene)
    _, _, network = read(scene)
    matrices = jacobians(network.steps[2 + (direction == "backward")])
    values = np.linalg.svd(matrices, compute_uv=False)
    product, logs = np.eye(matrices.shape[1]), []
    for matrix in matrices[::-1]:
        product = product @ matrix
        with np.errstate(divide="ignore"):
            logs.append(np.log(np.linalg.norm(product, 2)))
    with np.errstate(divide="ignore"):
        expected = np.cumsum(np.log(values[::-1, 0]))
    assert found.distances.tolist() == list(range(1, 12))
    np.testing.assert_allclose(found.product, logs, atol=1e-10)
    np.testing.assert_allclose(found.bound, expected, atol=1e-10)
    assert (found.bound >= found.product - 1e-10).all()
    assert found.steps.tolist() == list(range(1, 12))
    ordered = values if direction == "forward" else values[::-1]
    np.testing.assert_allclose(found.jacobians, ordered, atol=1e-12)


def test_the_recurrent_weights_have_the_singular_values_and_the_radius_that_were_asked_for():
    found = lab.spectrum(Scene(text="hello", init="orthogonal"))
    assert list(found.recurrent) == ["i", "f", "g", "o"]
    for gate, values in found.recurrent.items():
        np.testing.assert_allclose(values, 1, atol=1e-12)
        assert found.radius[gate] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("cell", "init"), [("rnn", "torch"), ("rnn", "spectral-radius=3"), ("lstm", "forget-bias=-90")]
)
def test_a_long_product_is_finite_however_far_it_goes(cell, init):
    """Log-space stretches chained, against one factor after the other, each renormalised."""
    scene = Scene(cell=cell, length=1500, hidden=4, init=init, dtype="float64")
    found = lab.spectrum(scene)
    _, _, network = read(scene)
    product, log, logs = np.eye(4 * len(network.steps[0].states)), 0.0, []
    for matrix in jacobians(network.steps[0])[::-1]:
        product = product @ matrix
        size = np.abs(product).max()
        product, log = product / size, log + np.log(size)
        logs.append(log + np.log(np.linalg.norm(product, 2)))
    assert np.isfinite(found.product).all()
    assert np.isfinite(found.bound).all()
    assert found.distances[-1] == 1500
    assert len(found.distances) <= 64
    np.testing.assert_allclose(found.product, np.array(logs)[found.distances - 1], rtol=1e-9, atol=1e-9)
    assert (found.bound >= found.product - 1e-9).all()
    if cell == "lstm":
        assert found.product[-1] < -745  # below what a float64 holds


@pytest.mark.parametrize(
    "cell", ["lstm", *(pytest.param(cell, marks=pytest.mark.slow) for cell in cell_names() if cell != "lstm")]
)
def test_the_product_of_ten_thousand_steps_of_32_units_is_that_of_all_the_jacobians(cell):
    """Seen from the last step over the whole text, against one dense factor after the other, each renormalised."""
    scene = Scene(cell=cell, length=10_000, hidden=32, dtype="float64")
    _, _, network = read(scene)
    step = network.steps[0]
    distances, found = products(step)
    assert distances[0] < 200
    assert distances[-1] == 10_000
    product, log = np.eye(32 * len(step.states)), 0.0
    expected = {}
    for last in range(10_000, 0, -500):
        for number, matrix in enumerate(jacobians(step, slice(last - 500, last))[::-1]):
            product = product @ matrix
            size = np.abs(product).max()
            product, log = product / size, log + np.log(size)
            if (distance := 10_001 - last + number) in distances:
                expected[distance] = log + np.log(np.linalg.norm(product, 2))
    np.testing.assert_allclose(found, [expected[one] for one in distances.tolist()], rtol=1e-9, atol=1e-9)


def test_jacobians_that_are_too_large_and_a_pass_that_overflows_are_refused():
    with pytest.raises(BadInput, match="600 x 600; choose at most 256 hidden"):
        lab.spectrum(Scene(text="ab", hidden=300))
    with pytest.raises(BadInput, match="overflows"):
        lab.spectrum(Scene(cell="rnn-relu", length=2000, init="spectral-radius=3"))
