import csv
import json

import numpy as np
import pytest


def values(found, symbol):
    return np.array(found["passes"][0]["values"][symbol])


def test_values_are_set_by_hand_again_and_again(rnntui):
    found = json.loads(
        rnntui("step", "hello", "--hidden", 3, "--set", "f=1", "--set", "h[2]@3=0.25", "--format", "json").out
    )
    assert (values(found, "f") == 1).all()
    assert values(found, "h")[2, 2] == 0.25
    assert "set=f=1%3Bh[2]@3=0.25".replace("[", "%5B").replace("]", "%5D") in found["scene"]


def test_a_difference_to_the_untouched_network_is_what_is_written(rnntui):
    arguments = ("step", "hello", "--hidden", 3, "--format", "json")
    plain, touched = (json.loads(rnntui(*arguments, *more).out) for more in ((), ("--set", "f[1]@3=1")))
    found = json.loads(rnntui(*arguments, "--set", "f[1]@3=1", "--difference").out)
    assert np.allclose(values(found, "c"), values(touched, "c") - values(plain, "c"), atol=1e-6)
    assert not values(found, "c")[:2].any()
    text = rnntui("step", "hello", "--hidden", 3, "--set", "f[1]@3=1", "--difference", "--at", 3).text
    assert "Δ Gates at t = 3" in text
    assert "differs" in text


def test_another_network_stands_beside_it_as_text_and_as_data(rnntui):
    found = json.loads(rnntui("step", "hello", "--versus", "gru", "--format", "json").out)
    alone = json.loads(rnntui("step", "hello", "--cell", "gru", "--format", "json").out)
    assert found["cell"] == "lstm"
    assert found["versus"]["passes"] == alone["passes"]
    lines = rnntui("step", "hello", "--versus", "gru", "--at", 2).text.splitlines()
    assert lines[0].split() == ["lstm", "gru"]
    assert any("LSTM cell" in line and "GRU cell" in line for line in lines)


def test_a_difference_is_one_network_and_so_has_a_place_in_csv(rnntui):
    arguments = ("step", "hello", "--hidden", 3, "--versus", "seed=1", "--difference")
    found = json.loads(rnntui(*arguments, "--format", "json").out)
    rows = list(csv.DictReader(rnntui(*arguments, "--format", "csv").text.splitlines()))
    assert [float(row["value"]) for row in rows if row["symbol"] == "h"] == [*values(found, "h").flatten()]


def test_of_two_cells_the_states_that_both_have_are_told_apart(rnntui, refused, tmp_path):
    arguments = ("step", "hello", "--hidden", 3, "--format", "json")
    lstm, gru = (json.loads(rnntui(*arguments, "--cell", cell).out) for cell in ("lstm", "gru"))
    found = json.loads(rnntui(*arguments, "--versus", "gru", "--difference").out)
    assert [symbol["name"] for symbol in found["symbols"]] == list(found["passes"][0]["values"]) == ["h"]
    assert np.allclose(values(found, "h"), values(lstm, "h") - values(gru, "h"), atol=1e-6)
    assert found["difference"] is True
    assert "difference" not in lstm
    other = tmp_path / "other.py"
    other.write_text("from torch import tanh\n\ndef other(x, s, W):\n    s = tanh(W.x @ x + W.s @ s)\n    return s\n")
    assert "lstm and other.py:other have no difference" in refused(*arguments, "--versus", other, "--difference")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--set", "q=1"), "unknown name 'q'"),
        (("--set", "f[9]=1"), "there is no unit 9"),
        (("--set", "f@6=1"), "there is no step 6"),
        (("--versus", "grru"), "did you mean 'gru'?"),
        (("--set", "f=1e39"), "'f=1e+39': the largest number of this precision is 3.4e+38"),
        (("--set", "weight_hh_l0[0,0]=-1e300"), "the largest number of this precision is 3.4e+38"),
        (("--difference",), "--difference needs something to differ from"),
        (("--versus", "gru", "--format", "csv"), "Two networks have no place in one csv"),
    ],
)
def test_what_cannot_be_set_or_compared_is_refused_in_one_sentence(refused, arguments, said):
    assert said in refused("step", "hello", *arguments)
