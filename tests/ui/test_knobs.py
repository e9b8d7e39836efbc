"""Every knob writes a field of the scene, stops at its ends, and always gives a scene that can be written down."""

from dataclasses import replace

import pytest

from rnntui.scene import Scene, parse
from rnntui.ui.knobs import FORGET_BIAS, KNOBS, TRUNCATIONS

BY_NAME = {knob.name: knob for knob in KNOBS}
SCENE = Scene(activity="gradients", text="hello", weights="w.safetensors", seed=3)


def turned(name, scene, *turns):
    for by in turns:
        scene = BY_NAME[name].turned(scene, by)
    return scene


def test_the_forget_bias_goes_up_and_down_by_one():
    assert turned("forget-bias", SCENE, 1, 1, 1).init == "forget-bias=3"
    assert turned("forget-bias", SCENE, 1, -1, -1).init == "forget-bias=-1"
    assert FORGET_BIAS.read(SCENE) == "torch's"
    assert FORGET_BIAS.read(turned("forget-bias", SCENE, 1)) == "1"


@pytest.mark.parametrize(
    ("name", "turns", "expected"),
    [
        ("spectral-radius", (1, 1), {"init": "spectral-radius=0.5"}),
        ("spectral-radius", (1, -1), {"init": "torch"}),
        ("init", (1, 1, 1), {"init": "identity"}),
        ("length", (1,), {"length": 10}),
        ("truncate", (1, 1, 1), {"truncate": 5}),
        ("truncate", (-1,), {"truncate": 0}),
        ("loss", (1, 1), {"loss": "lm"}),
        ("clip", (1,), {"clip": "0.1"}),
        ("seed", (-1, -1, -1, -1), {"seed": 0}),
    ],
)
def test_a_knob_writes_its_field_and_stops_at_its_end(name, turns, expected):
    scene = turned(name, SCENE, *turns)
    assert {field: getattr(scene, field) for field in expected} == expected


def test_what_draws_the_weights_anew_forgets_the_file_they_came_from():
    for name in ("forget-bias", "spectral-radius", "seed"):
        assert turned(name, SCENE, 1).weights == ""
    assert turned("truncate", SCENE, 1).weights == "w.safetensors"


def test_the_nonlinearity_is_live_for_the_vanilla_cells_only():
    knob = BY_NAME["nonlinearity"]
    assert not knob.live(SCENE)
    relu = knob.turned(Scene(cell="rnn", text="a"), 1)
    assert (relu.cell, knob.read(relu), knob.live(relu)) == ("rnn-relu", "relu", True)
    assert knob.turned(relu, 1) == relu


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_all_turns_of_a_knob_can_be_written_down_and_ends_hold(knob):
    scene = Scene(cell="rnn", text="a", loss="token:7", clip="3", truncate=7, every=3, length=77)
    for by in (*[1] * 14, *[-1] * 28):
        scene = knob.turned(scene, by)
        assert parse(str(scene)) == scene
        assert knob.read(scene)
    assert not scene.every or scene.truncate in (*TRUNCATIONS, 7)


@pytest.mark.parametrize(
    ("clip", "down", "up"),
    [("2", "1", "5"), ("1.0", "0.5", "5"), ("100", "10", "value:0.01"), ("value:0.05", "value:0.01", "value:0.1")],
)
def test_a_clip_that_is_none_of_the_knobs_own_turns_to_those_beside_it(clip, down, up):
    scene = Scene(text="a", clip=clip)
    assert (turned("clip", scene, -1).clip, turned("clip", scene, 1).clip) == (down, up)


def test_a_loss_of_a_token_of_ones_own_is_the_last_one():
    own = replace(SCENE, loss="token:7")
    assert turned("loss", own, 1) == own
    assert turned("loss", own, -1).loss == "lm"
    assert turned("loss", SCENE, 1, 1, 1, 1).loss == "token:1"
