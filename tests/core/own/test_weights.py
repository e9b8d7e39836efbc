"""The weights of an own cell: their names, how they are drawn, changed, saved and loaded."""

from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file

from rnntui import lab
from rnntui.cellname import own_cell
from rnntui.errors import BadInput
from rnntui.scene import Scene
from tests.core.own.files import MGU, PEEPHOLE, write


def test_they_are_named_after_the_cell_and_shaped_by_what_stands_right_of_them():
    found = lab.parameters(Scene(text="abc", cell=MGU, hidden=4, layers=2, bidirectional=True))
    shapes = {name: values.shape for name, values in found.items()}
    assert list(shapes)[:6] == ["xf_l0", "hf_l0", "b_f_l0", "xn_l0", "hn_l0", "b_n_l0"]
    assert shapes["xf_l0_reverse"] == (4, 3)
    assert shapes["xf_l1"] == (4, 8)
    assert shapes["hn_l1_reverse"] == (4, 4)
    assert shapes["b_n_l1"] == (4,)
    assert len(shapes) == 24
    assert all(abs(values).max() <= 0.5 for values in found.values())


def test_editing_the_text_keeps_the_weights_of_what_stays():
    one, other = (lab.parameters(Scene(text=text, cell=PEEPHOLE)) for text in ("abc", "cxa"))
    for name, values in one.items():
        if name.startswith("x"):
            np.testing.assert_array_equal(values[:, [0, 2]], other[name][:, [2, 0]])
        else:
            np.testing.assert_array_equal(values, other[name])


@pytest.mark.parametrize(
    ("init", "holds"),
    [
        ("orthogonal", lambda p: np.abs(p["hf_l0"] @ p["hf_l0"].T - np.eye(8)).max() < 1e-6),
        ("identity", lambda p: (p["hn_l0"] == np.eye(8)).all() and not (p["xf_l0"] == 1).any()),
        ("spectral-radius=1.5", lambda p: np.isclose(abs(np.linalg.eigvals(p["hn_l0"])).max(), 1.5)),
        ("zeros", lambda p: not any(values.any() for values in p.values())),
    ],
    ids=["orthogonal", "identity", "spectral radius", "zeros"],
)
def test_changes_to_the_initialisation_reach_the_matrices_of_the_states(init, holds):
    assert holds(lab.parameters(Scene(text="abcdefgh", cell=MGU, init=init, dtype="float64")))


def test_the_forget_bias_is_set_where_a_gate_keeps_and_is_refused_elsewhere(tmp_path):
    found = lab.parameters(Scene(text="abc", cell=PEEPHOLE, init="forget-bias=2", layers=2))
    assert (found["b_f_l0"] == 2).all()
    assert (found["b_f_l1"] == 2).all()
    assert not (found["b_i_l0"] == 2).any()
    assert not (found["p_f_l0"] == 2).any()
    delayed = lab.parameters(Scene(text="abc", cell=PEEPHOLE, init="delay=11"))
    assert np.allclose(delayed["b_f_l0"], np.log(10))
    assert np.allclose(delayed["b_i_l0"], -np.log(10))
    with pytest.raises(BadInput, match=r"needs a gate that keeps, and mgu\.py:mgu has none"):
        lab.trace(Scene(text="abc", cell=MGU, init="forget-bias=1"))
    bare = "def f(x, h, W):\n    z = sigmoid(W.z @ h)\n    h = z * h + W.a @ x\n    return h\n"
    with pytest.raises(BadInput, match=r"The gate z of own\.py:f has no bias to set; add one"):
        lab.trace(Scene(text="abc", cell=write(tmp_path, bare), init="forget-bias=1"))


def test_what_was_saved_is_loaded_and_a_file_of_another_cell_is_refused(tmp_path):
    file = tmp_path / "w.safetensors"
    scene = Scene(text="hello", cell=PEEPHOLE, bidirectional=True, seed=3)
    lab.save_weights(scene, file)
    assert load_file(file).keys() == lab.parameters(scene).keys()
    loaded = lab.trace(Scene(text="hello", cell=PEEPHOLE, bidirectional=True, weights=str(file)))
    # a file's numbers lie elsewhere in memory, and a sum of them may round its last bit the other way
    np.testing.assert_allclose(loaded.output, lab.trace(scene).output, rtol=0, atol=1e-7)
    with pytest.raises(BadInput, match=r"no tensor xn_l0, which mgu\.py:mgu"):
        lab.trace(Scene(text="hello", cell=MGU, bidirectional=True, weights=str(file)))


def test_the_file_says_how_large_a_cell_of_ones_own_is_and_a_chosen_size_is_not_overruled(tmp_path):
    file, plain = str(tmp_path / "w.safetensors"), str(tmp_path / "plain.safetensors")
    saved = Scene(text="hello", cell=MGU, hidden=4, layers=2, bidirectional=True, dtype="float64")
    lab.save_weights(saved, file)
    asked = Scene(text="hello", cell=MGU, weights=file, unit=7)
    scene, notices = lab.adopt(asked, ("cell",))
    assert notices == ()
    assert (scene.hidden, scene.layers, scene.bidirectional, scene.dtype) == (4, 2, True, "float64")
    assert scene.unit == 3
    np.testing.assert_allclose(lab.trace(scene).output, lab.trace(saved).output, rtol=0, atol=1e-12)
    chosen, _ = lab.adopt(replace(asked, hidden=8), ("cell", "hidden"))
    with pytest.raises(BadInput, match=r"xf_l0 has shape \(4, 4\); mgu\.py:mgu with 4 inputs, 8 units and 2 layers"):
        lab.trace(chosen)
    lab.save_weights(Scene(text="hello", cell=MGU, hidden=3), plain)
    one, _ = lab.adopt(replace(asked, weights=plain, layers=2, layer=1, bidirectional=True, direction="backward"))
    assert (one.hidden, one.layers, one.layer, one.direction, one.dtype) == (3, 1, 0, "forward", "float32")


def test_an_own_cell_whose_weights_are_called_as_torch_calls_its_own_is_no_network_of_torch(tmp_path):
    body = "def f(x, h, W):\n    h = tanh(W.weight_ih @ x + W.weight_hh @ h)\n    return h\n"
    cell, file = write(tmp_path, body), str(tmp_path / "w.safetensors")
    lab.save_weights(Scene(text="hello", cell=cell, hidden=4), file)
    scene, _ = lab.adopt(Scene(text="hello", cell=cell, weights=file), ("cell",))
    assert (own_cell(scene.cell).function, scene.hidden) == ("", 4)
    assert len(lab.trace(scene).passes[0].values["h"]) == 5
