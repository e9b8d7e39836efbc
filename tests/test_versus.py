from dataclasses import replace

import numpy as np
import pytest

from rnntui import lab
from rnntui.core.lockstep import difference, shared
from rnntui.errors import BadInput
from rnntui.paint import layout
from rnntui.paint.palette import palette
from rnntui.scene import Scene, parse
from rnntui.versus import absolute, names, other

SCENE = Scene(text="hello", hidden=4, weights="/w", weights_sha256="0")


@pytest.mark.parametrize(
    ("versus", "expected", "called"),
    [
        ("gru", {"cell": "gru", "weights": ""}, ("lstm · weights /w", "gru · weights ")),
        (
            "cell=rnn;seed=3",
            {"cell": "rnn", "seed": 3, "weights": ""},
            ("lstm · seed 0 · weights /w", "rnn · seed 3 · weights "),
        ),
        ("init=orthogonal,forget-bias=1", {"init": "orthogonal,forget-bias=1", "weights": ""}, None),
        ("set=f=1", {"set": "f=1"}, ("nothing set", "f=1")),
        ("set=f=1;h[3]@5=0;seed=2", {"set": "f=1;h[3]@5=0", "seed": 2, "weights": ""}, None),
        ("weights=/v", {"weights": "/v"}, ("weights /w", "weights /v")),
    ],
)
def test_what_stands_beside_a_scene_differs_in_what_was_said_only(versus, expected, called):
    scene = Scene(**vars(SCENE) | {"versus": versus})
    found = other(scene)
    for field, value in vars(SCENE).items():
        if field != "weights_sha256":
            assert getattr(found, field) == expected.get(field, value), field
    assert found.versus == ""
    assert called is None or names(scene) == called


def test_untouched_is_the_same_without_what_is_set():
    scene = parse("explore:text=hello,set=f=1,versus=untouched")
    assert other(scene) == Scene(text="hello")
    assert names(scene) == ("set by hand", "untouched")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("explore:text=a", "says nothing to compare with"),
        ("explore:text=a,versus=untouched", "Nothing is set by hand"),
        ("explore:text=a,versus=grru", "Cannot compare with 'grru': did you mean 'gru'?"),
        ("explore:text=a,versus=text=b", "Cannot compare with another 'text': did you mean 'set'?"),
        ("explore:text=a,versus=hidden=3", "Cannot compare with another 'hidden'"),
        ("explore:text=a,versus=seed=-1", "is not a whole number"),
        ("explore:text=a,versus=seed=1%2Ct=3", "seed='1,t=3' is not a whole number"),
        ("explore:text=a,versus=gru%3Bcell=rnn", "has one cell, and 'gru;cell=rnn' says two"),
    ],
)
def test_what_cannot_stand_beside_it_is_refused(line, said):
    with pytest.raises(BadInput) as caught:
        other(parse(line))
    assert said in str(caught.value)


def test_another_cell_has_only_what_is_set_for_itself_and_other_weights_have_no_read_out():
    scene = parse("explore:text=a,set=f=1,weights=/w,readout=fc,versus=gru")
    assert (other(scene).set, other(scene).readout, other(scene).weights) == ("", "", "")
    assert other(replace(scene, versus="gru;set=z=1")).set == "z=1"
    assert other(replace(scene, versus="set=f=0")).readout == "fc"
    known = replace(scene, weights_sha256="ab", versus="weights=/v")
    assert (other(known).weights, other(known).weights_sha256) == ("/v", "")


def test_the_files_of_its_cells_are_named_wherever_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scene = absolute(parse("explore:cell=a.py:f,text=a,versus=b.py:g%3Bseed=3%3Bset=f=1"))
    assert scene.cell == f"{tmp_path}/a.py:f"
    assert scene.versus == f"cell={tmp_path}/b.py:g;seed=3;set=f=1"
    assert absolute(scene) == scene
    assert absolute(parse("explore:text=a,versus=weights=b.pt:enc")).versus == f"weights={tmp_path}/b.pt:enc"
    for line in ("explore:text=a", "explore:text=a,versus=gru", "explore:text=a,set=f=1,versus=untouched"):
        assert absolute(parse(line)) == parse(line)


def test_two_networks_read_the_same_input_whatever_their_seeds():
    scene = parse("explore:text=hello,inputs=random,hidden=3,versus=seed=1")
    one, second = lab.lockstep(scene)
    assert (one.inputs.dense == second.inputs.dense).all()
    assert (one.passes[0].weights["if_"] != second.passes[0].weights["if_"]).any()
    alone = lab.trace(parse("explore:text=hello,inputs=random,hidden=3,seed=1"))
    assert (alone.passes[0].weights["if_"] == second.passes[0].weights["if_"]).all()
    assert shared(one, second) == one.symbols
    apart = difference(one, second)
    assert np.array_equal(apart.passes[0].values["h"], one.passes[0].values["h"] - second.passes[0].values["h"])


def test_cells_with_other_symbols_share_the_states_that_both_have():
    one, second = lab.lockstep(parse("explore:text=hello,hidden=3,versus=gru"))
    assert (one.cell, second.cell, one.tokens) == ("lstm", "gru", second.tokens)
    assert shared(one, second) == ("h",)
    apart = difference(one, second)
    assert apart.symbols == apart.states == ("h",)
    assert np.array_equal(apart.passes[0].values["h"], one.passes[0].values["h"] - second.passes[0].values["h"])
    assert shared(one, lab.trace(parse("explore:text=hello,hidden=4"))) == ()


def test_touched_and_untouched_stand_beside_each_other():
    one, second = lab.lockstep(parse("explore:text=hello,hidden=3,set=f[1]@2=0,versus=untouched"))
    assert one.passes[0].values["f"][1, 1] == 0
    assert (second.passes[0].values["h"] == lab.trace(parse("explore:text=hello,hidden=3")).passes[0].values["h"]).all()


def test_the_panes_of_two_networks_stand_beside_each_other_line_by_line():
    scene = parse("explore:text=hello,hidden=3,t=2,versus=gru")
    both = lab.lockstep(scene)
    lines = layout.lockstep(both, names(scene), scene.cursor, 150, palette("dark", "none")).text().splitlines()
    corners = [line.count("╭─") for line in lines if "╭─" in line]
    assert corners == [2, 2, 2, 2, 1]  # a GRU has no cell state
    assert lines[0].split() == ["lstm", "gru"]
    below = layout.lockstep(both, names(scene), scene.cursor, 100, palette("dark", "none")).text().splitlines()
    assert [line for line in below if line in ("lstm", "gru")] == ["lstm", "gru"]


def test_what_has_to_be_said_of_the_second_network_is_said():
    one, second = lab.lockstep(parse("explore:cell=rnn-relu,text=hello%20hello,versus=init=spectral-radius=1e30"))
    assert one.notices == tuple(f"Beside it: {notice}" for notice in second.notices)
    assert "is no finite number" in one.notices[0]
