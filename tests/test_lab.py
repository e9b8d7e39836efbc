"""From a scene to a record: torch.nn, given the record's own inputs and the saved weights, says the same."""

import hashlib
import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from rnntui import lab
from rnntui.core.modules import KINDS
from rnntui.errors import BadInput
from rnntui.names import cell_names
from rnntui.scene import Scene, parse

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}


def whole_inputs(trace):
    return torch.from_numpy(np.stack([trace.inputs.at(row, trace.output.dtype) for row in range(trace.steps)]))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", KINDS)
def test_the_output_is_torchs_with_the_weights_that_were_saved(cell, layers, bidirectional, dtype, tmp_path):
    scene = Scene(cell=cell, text="hello world", layers=layers, bidirectional=bidirectional, dtype=dtype)
    trace = lab.trace(scene)
    lab.save_weights(scene, tmp_path / "w.safetensors")
    stored = load_file(tmp_path / "w.safetensors")
    module = KINDS[cell](8, 8, layers, bidirectional=bidirectional, dtype=getattr(torch, dtype))
    module.load_state_dict(stored, strict=True)
    expected = module(whole_inputs(trace))[0].detach().numpy()
    assert trace.output.dtype == np.dtype(dtype)
    np.testing.assert_allclose(trace.output, expected, atol=TOLERANCE[dtype], rtol=0)


@pytest.mark.parametrize("cell", KINDS)
def test_a_long_text_is_torchs_too(cell):
    trace = lab.trace(Scene(cell=cell, text="the quick brown fox " * 60, bidirectional=True, dtype="float64"))
    stored = {name: torch.tensor(values) for name, values in lab.parameters(parse(trace.scene)).items()}
    module = KINDS[cell](trace.inputs.size, 8, bidirectional=True, dtype=torch.float64)
    module.load_state_dict(stored, strict=True)
    np.testing.assert_allclose(trace.output, module(whole_inputs(trace))[0].detach().numpy(), atol=1e-12, rtol=0)


@pytest.mark.parametrize("cell", cell_names())
@pytest.mark.parametrize("text", ["ab c", "ab c" * 60])
def test_every_equation_holds_at_every_step_of_the_record(cell, text):
    """The numbers in a record satisfy the equations in it: each source line gives the value that stands there."""
    trace = lab.trace(Scene(cell=cell, text=text, hidden=3, layers=2, bidirectional=True, dtype="float64"))
    functions = {"sigmoid": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0)}
    for one in trace.passes:
        for row in range(trace.steps):
            for equation in trace.equations:
                names = dict(functions, x=trace.x(one.layer, row), W=type("W", (), dict(one.weights)))
                names |= {symbol: values[row] for symbol, values in one.values.items()}
                names |= {state: one.before(state, row) for state in equation.before}
                value = eval(equation.source, names)
                np.testing.assert_allclose(one.values[equation.symbol][row], value, atol=1e-12)


@pytest.mark.parametrize("cell", cell_names())
def test_the_record_is_complete_frozen_numpy_and_can_be_pickled(cell):
    trace = lab.trace(Scene(cell=cell, text="hello", hidden=4, layers=2, bidirectional=True))
    assert [(one.layer, one.direction) for one in trace.passes] == [
        (0, "forward"), (0, "backward"), (1, "forward"), (1, "backward"),
    ]  # fmt: skip
    assert (trace.tokens, trace.steps, trace.hidden, trace.layers) == (tuple("hello"), 5, 4, 2)
    assert trace.output.shape == (5, 8)
    for one in trace.passes:
        assert tuple(one.values) == trace.symbols
        for values in one.values.values():
            assert values.shape == (5, 4)
            assert values.dtype == np.float32
            assert values.flags.c_contiguous
        assert one.initial.keys() == set(trace.states)
        assert all(not values.any() for values in one.initial.values())
        assert one.weights.keys() == one.torch_names.keys()
    again = pickle.loads(pickle.dumps(trace))
    assert np.array_equal(again.output, trace.output)
    assert again.equations == trace.equations


def test_the_weights_in_a_record_are_the_blocks_of_the_parameters_that_they_name():
    scene = Scene(text="hello", layers=2, bidirectional=True)
    trace, stored = lab.trace(scene), lab.parameters(scene)
    for one in trace.passes:
        for attribute, (name, row) in one.torch_names.items():
            assert np.array_equal(one.weights[attribute], stored[name][row : row + 8])


def test_both_dtypes_show_the_same_network():
    one, other = (lab.parameters(Scene(text="hello", dtype=dtype)) for dtype in ("float32", "float64"))
    for name, values in other.items():
        assert np.array_equal(one[name], values.astype(np.float32))


def test_editing_the_text_does_not_replace_the_network():
    before, after = lab.trace(Scene(text="hello")), lab.trace(Scene(text="hallo"))
    for attribute, block in before.passes[0].weights.items():
        other = after.passes[0].weights[attribute]
        if before.passes[0].torch_names[attribute][0] == "weight_ih_l0":
            for token in "hlo":
                mine, theirs = (
                    dict(zip(dict.fromkeys(t.tokens), range(9), strict=False))[token] for t in (before, after)
                )
                assert np.array_equal(block[:, mine], other[:, theirs])
        else:
            assert np.array_equal(block, other)
    assert np.array_equal(before.passes[0].values["h"][0], after.passes[0].values["h"][0])


def test_random_inputs_are_sixteen_numbers_a_token_and_stay_with_it():
    one = lab.trace(Scene(text="a b a", tokens="word", inputs="random"))
    other = lab.trace(Scene(text="x a", tokens="word", inputs="random"))
    assert one.inputs.ids is None
    assert one.inputs.dense.shape == (3, 16)
    assert one.inputs.size == 16
    assert np.array_equal(one.inputs.dense[0], one.inputs.dense[2])
    assert np.array_equal(one.inputs.dense[0], other.inputs.dense[1])
    assert not np.array_equal(one.inputs.dense[0], one.inputs.dense[1])
    assert np.array_equal(one.passes[0].weights["ii"], other.passes[0].weights["ii"])


def test_numbers_are_their_own_input():
    trace = lab.trace(Scene(text="1,0,-0.5", tokens="number", cell="gru", dtype="float64"))
    assert trace.tokens == ("1", "0", "-0.5")
    assert trace.inputs.size == 1
    assert trace.inputs.dense.tolist() == [[1], [0], [-0.5]]


def test_one_hot_inputs_are_kept_as_ids():
    trace = lab.trace(Scene(text="hello"))
    assert trace.inputs.dense is None
    assert trace.inputs.ids.tolist() == [0, 1, 2, 2, 3]
    assert trace.inputs.size == 4


def test_the_initialisation_of_the_scene_is_used():
    weights = lab.trace(Scene(text="hello", init="zeros,forget-bias=2")).passes[0].weights
    assert (weights["b_if"] == 2).all()
    assert not weights["hi"].any()


def test_weights_that_were_saved_and_loaded_give_the_same_trace(tmp_path):
    scene, path = Scene(text="hello", seed=3), tmp_path / "w.safetensors"
    lab.save_weights(scene, path)
    loaded = lab.trace(replace(scene, seed=0, weights=str(path)))
    assert np.array_equal(loaded.output, lab.trace(scene).output)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert parse(loaded.scene).weights_sha256 == sha256
    assert lab.trace(parse(loaded.scene)).notices == ()
    other = lab.trace(replace(parse(loaded.scene), weights_sha256="0" * 64))
    assert [str(path) in notice and "changed" in notice for notice in other.notices] == [True]


def test_weights_for_another_vocabulary_name_both_sizes_and_what_would_do(tmp_path):
    lab.save_weights(Scene(text="hello"), tmp_path / "w")
    with pytest.raises(BadInput, match=r"vectors of 4 numbers, and the text has 3 different tokens: give --vocab"):
        lab.trace(Scene(text="abc", weights=str(tmp_path / "w")))


def test_a_first_trace_does_not_wait_for_a_sha256_unless_it_has_to_be_compared(tmp_path):
    path = tmp_path / "w.safetensors"
    lab.save_weights(Scene(text="hello"), path)
    asked = Scene(text="hello", weights=str(path))
    first = lab.trace(asked, pin=False)
    assert parse(first.scene) == asked
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert lab.pinned(asked) == replace(asked, weights_sha256=sha256)
    for said, notices in ((sha256, 0), ("0" * 64, 1)):
        again = lab.trace(replace(asked, weights_sha256=said), pin=False)
        assert parse(again.scene).weights_sha256 == sha256
        assert len(again.notices) == notices


def test_a_file_and_its_hash_are_in_the_line_of_the_record(tmp_path):
    path = tmp_path / "some text.txt"
    path.write_text("hello\n", encoding="utf-8")
    trace = lab.trace(Scene(file=str(path)))
    assert trace.tokens == tuple("hello\n")
    assert trace.notices == ()
    again = parse(trace.scene)
    assert (again.file, again.sha256) == (str(path), hashlib.sha256(b"hello\n").hexdigest())
    path.write_text("hallo", encoding="utf-8")
    changed = lab.trace(again)
    assert changed.tokens == tuple("hallo")
    assert ["has changed" in notice for notice in changed.notices] == [True]
    assert lab.trace(parse(changed.scene)).notices == ()


def test_the_line_of_a_record_makes_the_record_again():
    scene = Scene(text="50% + a,b=c 🇩🇪\n\x1b", cell="gru", hidden=3, layers=2, bidirectional=True, seed=9, t=2, unit=1)
    trace = lab.trace(scene)
    assert trace.scene == str(scene)
    assert np.array_equal(lab.trace(parse(trace.scene)).output, trace.output)


def test_the_same_scene_gives_the_same_numbers():
    assert np.array_equal(lab.trace(Scene(text="hello")).output, lab.trace(Scene(text="hello")).output)


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (Scene(), "no text to read"),
        (Scene(text=" ", tokens="word"), "no word in the text"),
        (Scene(text="1,x", tokens="number"), "Number 2 of the text is 'x'"),
        (Scene(text="1e39", tokens="number"), "too large"),
        (Scene(text="a", init="orthogonl"), "Unknown initialisation"),
        (Scene(text="a", init="forget-bias=1", cell="rnn"), "rnn has none"),
        (Scene(text="a", init="forget-bias=1e300"), "too large for float32"),
        (Scene(file="none.txt"), "There is no file 'none.txt'"),
        (Scene(text="a", weights="none"), "There is no file 'none'"),
        (Scene(text="a" * 100_000, hidden=64, layers=2), "(100,000 steps x 64 units x 6 symbols x 2 passes)"),
        (Scene(text="a", hidden=1024, layers=16), "parameters, more than 67,108,864"),
    ],
)
def test_what_cannot_be_traced_is_refused_in_one_sentence(scene, said):
    with pytest.raises(BadInput) as caught:
        lab.trace(scene)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_largest_number_of_a_wider_float_is_taken():
    assert lab.trace(Scene(text="1e39", tokens="number", dtype="float64")).inputs.dense.item() == 1e39


def test_a_long_text_is_cut_and_that_is_said():
    trace = lab.trace(Scene(text="ab" * 60_000, hidden=2, cell="rnn"))
    assert trace.steps == 100_000
    assert trace.notices == ("The text has more than 100,000 tokens; only the first 100,000 are read.",)


def test_where_numbers_grow_past_a_float_is_said_and_they_are_kept():
    scene = Scene(text="ab" * 200, cell="rnn-relu", init="spectral-radius=3", bidirectional=True, seed=1)
    trace = lab.trace(scene)
    place, h = trace.endless, trace.passes[0].values["h"]
    assert np.isfinite(h[: place.t - 1]).all()
    assert not np.isfinite(h[place.t - 1]).all()
    assert trace.notices[0].startswith(f"From t = {place.t} on, h is no finite number (layer 0): it grew past")
    back = replace(trace, passes=trace.passes[1:]).endless
    assert (back.direction, np.isfinite(trace.passes[1].values["h"][back.t :]).all()) == ("backward", True)
    assert lab.trace(replace(scene, init="torch")).endless is None


def test_one_step_and_one_unit_are_enough():
    for cell in cell_names():
        trace = lab.trace(Scene(text="a", hidden=1, cell=cell, bidirectional=True))
        assert trace.output.shape == (1, 2)


def test_a_record_can_be_read_where_there_is_no_torch():
    for text in ("hello", "hello" * 100):
        assert b"torch" not in pickle.dumps(replace(lab.trace(Scene(text=text)), doc="")).replace(b"torch_names", b"")
