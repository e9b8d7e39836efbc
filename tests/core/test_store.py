import io
import json
import subprocess
import sys

import numpy as np
import pytest

from rnntui import lab
from rnntui.core.lockstep import difference
from rnntui.core.store import from_npz, to_npz
from rnntui.errors import BadInput
from rnntui.names import cell_names
from rnntui.scene import Scene

SCENES = [
    *(Scene(cell=cell, text="hé\nllo\x1b\0", hidden=3, layers=2, bidirectional=True) for cell in cell_names()),
    Scene(text="1,0.5", tokens="number", dtype="float64"),
    Scene(text="a b a", tokens="word", inputs="random", hidden=1),
    Scene(text="hello", hidden=2, set="f=1;h[1]@3=0.5;weight_hh_l0[3,1]=0.25"),
]


def stored(trace, **more):
    file = io.BytesIO()
    to_npz(trace, file, **more)
    file.seek(0)
    return file


def same(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return one == other


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_trace_comes_back_as_it_was(scene):
    trace = lab.trace(scene)
    found = from_npz(stored(trace))
    texts = ("scene", "cell", "doc", "file", "equations", "states", "tokens", "diagram", "sentence", "notices")
    for name in (*texts, "by_hand"):
        assert getattr(found, name) == getattr(trace, name)
    for name in ("ids", "dense", "size"):
        assert same(getattr(found.inputs, name), getattr(trace.inputs, name))
    for one, other in zip(found.passes, trace.passes, strict=True):
        assert (one.layer, one.direction, one.torch_names) == (other.layer, other.direction, other.torch_names)
        for part in ("initial", "values", "weights"):
            mine, theirs = getattr(one, part), getattr(other, part)
            assert list(mine) == list(theirs)
            assert all(same(mine[key], theirs[key]) for key in theirs)


def test_the_arrays_can_be_read_by_numpy_alone():
    trace = lab.trace(SCENES[2])
    with np.load(stored(trace, scene="explore:t=3"), allow_pickle=False) as arrays:
        assert np.array_equal(arrays["output"], trace.output)
        assert np.array_equal(arrays["l1.backward.values.h"], trace.passes[3].values["h"])
        assert np.array_equal(arrays["input_ids"], trace.inputs.ids)
        assert str(arrays["scene"]) == json.loads(str(arrays["about"]))["scene"] == "explore:t=3"
        assert json.loads(str(arrays["about"]))["tokens"] == list(trace.tokens)


def test_the_same_trace_is_the_same_file():
    trace = lab.trace(SCENES[0])
    assert stored(trace).getvalue() == stored(trace).getvalue()


def test_a_file_on_the_disk_will_do(tmp_path):
    trace = lab.trace(SCENES[0])
    to_npz(trace, tmp_path / "record")
    assert from_npz(tmp_path / "record").tokens == trace.tokens


def test_a_record_that_was_cut_short_is_refused():
    data = stored(lab.trace(SCENES[0])).getvalue()
    for kept in (0, 10, 1000, len(data) // 2, len(data) - 1):
        with pytest.raises(BadInput, match="no record of a trace"):
            from_npz(io.BytesIO(data[:kept]))


def test_other_files_and_other_formats_are_refused():
    other = io.BytesIO()
    np.savez(other, a=np.zeros(3))
    single = io.BytesIO()
    np.save(single, np.zeros(3))
    newer = io.BytesIO()
    np.savez(newer, about=np.array(json.dumps({"format": 2})))
    for file, said in ((other, "no record"), (single, "no record"), (newer, "has format 2, and 1 can be read")):
        file.seek(0)
        with pytest.raises(BadInput, match=said):
            from_npz(file)


def test_pickles_are_never_loaded():
    file = io.BytesIO()
    np.savez(file, about=np.array([print], dtype=object))
    file.seek(0)
    with pytest.raises(BadInput):
        from_npz(file)


def test_records_need_no_torch():
    code = "import rnntui.core.store, sys; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_difference_of_two_networks_is_for_numpy_and_not_taken_for_a_network():
    one, other = lab.lockstep(Scene(text="hello", hidden=2, versus="seed=1"))
    file = stored(difference(one, other))
    with np.load(file, allow_pickle=False) as arrays:
        assert np.array_equal(arrays["output"], one.output - other.output)
    file.seek(0)
    with pytest.raises(BadInput, match="difference of two networks"):
        from_npz(file)
