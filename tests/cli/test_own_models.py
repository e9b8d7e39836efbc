"""A network of one's own on the command line: listed, read, stepped and refused."""

import json
from concurrent.futures import Future

import numpy as np
import pytest
import torch
from torch import nn

from rnntui.cli.explore import _adopted
from rnntui.engine.faults import WorkerDied
from rnntui.errors import BadInput
from rnntui.scene import Scene

TOKENS = ("h", "e", "l", "o", "\n")


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A model in files under the current folder: m.pt, vocab.json."""
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(1)
    parts = nn.ModuleDict({"embed": nn.Embedding(5, 3), "rnn": nn.LSTM(3, 9, 2, bidirectional=True)})
    parts["head"] = nn.Linear(18, 5)
    parts["\x1b[31mred"] = nn.GRU(5, 2)
    torch.save({"state_dict": parts.state_dict()}, "m.pt")
    (tmp_path / "vocab.json").write_text(json.dumps(TOKENS), encoding="utf-8")
    return parts


OWN = ("--load-weights", "m.pt:state_dict.rnn", "--embedding", "m.pt:state_dict.embed", "--vocab", "vocab.json")


def test_step_reads_what_the_file_says_without_being_told(rnntui, model):
    done = rnntui("step", "hello", *OWN, "--readout", "state_dict.head", "--format", "json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    with torch.no_grad():
        output = model["rnn"](model["embed"](torch.tensor([TOKENS.index(token) for token in "hello"])))[0]
        probabilities = torch.softmax(model["head"](output), dim=1)
    np.testing.assert_allclose(found["output"], output, atol=1e-6)
    np.testing.assert_allclose(found["readout"]["probabilities"], probabilities, atol=1e-6)
    assert found["readout"]["labels"] == list(TOKENS)
    token, share = found["readout"]["top"][0][0]
    assert TOKENS.index(token) == probabilities[0].argmax()
    assert share == pytest.approx(probabilities[0].max().item(), abs=1e-6)
    assert found["readout"]["came"][1] == pytest.approx(probabilities[1, TOKENS.index("l")].item(), abs=1e-6)
    assert found["readout"]["came"][-1] is None
    again = rnntui("step", "--scene", found["scene"], "--format", "json")
    assert (again.code, again.out, again.err) == (0, done.out, "")


def test_the_picture_says_the_next_token(rnntui, model):
    picture = rnntui("step", "hello", *OWN, "--readout", "state_dict.head", "--at", "3").text.splitlines()
    assert picture[4].startswith(" next ")
    assert " %" in picture[4]
    assert "next" not in rnntui("step", "hello", *OWN).text


def test_a_chosen_option_that_the_file_gainsays_is_refused(refused, model):
    said = refused("step", "hello", *OWN, "--hidden", "8")
    assert "hidden = 8" in said
    assert "9 units" in said
    assert "cell = gru" in refused("step", "hello", *OWN, "--cell", "gru")
    assert "layers = 1" in refused("step", "hello", *OWN, "--layers", "1")
    one_way = {"cell": "gru", "bidirectional": "yes", "said": "bidirectional = yes"}
    assert one_way["said"] in refused("step", "a", "--load-weights", "m.pt:state_dict.\x1b[31mred", "--bidirectional")


def test_a_seed_and_an_initialisation_beside_a_file_of_weights_are_said_to_change_nothing(rnntui, model):
    said = "The weights come from a file, so --seed and --init changed nothing."
    plain = rnntui("step", "hello", *OWN, "--format", "csv")
    done = rnntui("step", "hello", *OWN, "--seed", "3", "--init", "orthogonal", "--format", "csv")
    assert (plain.err, done.out) == ("", plain.out)
    assert said in done.err
    sizes = ("--load-weights", "m.pt:state_dict.rnn", "--inputs", "random")
    assert rnntui("step", "hello", *sizes, "--seed", "3").err == ""


def test_inspect_proposes_no_gradients_of_an_optimiser_as_an_embedding(rnntui, model):
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model["head"](model["rnn"](model["embed"](torch.arange(5)))[0]).sum().backward()
    optimiser.step()
    torch.save({"model": model.state_dict(), "optimizer": optimiser.state_dict()}, "run.pt")
    others = json.loads(rnntui("inspect", "run.pt", "--format", "json").out)["others"]
    assert any(one["name"].endswith(".momentum_buffer") for one in others)
    fit = [one["name"] for one in others if "model.rnn" in (*one["embeds"], *one["reads_out"])]
    assert fit == ["model.embed.weight", "model.head.weight"]


def test_inspect_lists_networks_and_what_fits_them_safely(rnntui, model):
    done = rnntui("inspect", "m.pt")
    assert (done.code, done.err) == (0, "")
    assert "state_dict.rnn" in done.text
    assert "lstm, 3 inputs, 9 units, 2 layers, both directions, float32" in done.text
    assert "fits --embedding of state_dict.rnn" in done.text
    assert "fits --readout of state_dict.rnn" in done.text
    assert "\x1b" not in done.text
    found = json.loads(rnntui("inspect", "m.pt", "--format", "json").out)
    assert [one["prefix"] for one in found["candidates"]] == ["state_dict.rnn", "state_dict.\x1b[31mred"]
    assert found["others"][0] == {
        "name": "state_dict.embed.weight", "shape": [5, 3], "dtype": "float32",
        "embeds": ["state_dict.rnn"], "reads_out": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("step", "hello", "--load-weights", "m.pt"), "holds 2 networks; name one as FILE:PREFIX"),
        (("step", "hello", "--load-weights", "m.pt:rnn"), "no recurrent network 'rnn'"),
        (("step", "hello", "--load-weights", "vocab.json"), "no safetensors file"),
        (("step", "hallo", *OWN), "Token 2 of the text, 'a', is not in the vocabulary"),
        (("step", "hello", "--embedding", "m.pt:state_dict.embed"), "needs a vocabulary"),
        (("step", "hello", "--readout", "state_dict.head"), "read from the file of the weights"),
        (("step", "hello", "--vocab", ""), "--vocab names no file; write --vocab FILE"),
        (("step", "hello", *OWN, "--inputs", "random"), "not both"),
        (("step", "hello", "--inputs", "missing.npy"), "missing.npy"),
        (("step", *OWN), "Nothing to read"),
        (("inspect", "missing.pt"), "missing.pt"),
        (("inspect", "vocab.json"), "no safetensors file"),
        (("inspect",), "FILE"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(refused, model, arguments, said):
    assert said in refused(*arguments)


def test_vectors_from_a_file_need_no_text(rnntui, model, tmp_path):
    (tmp_path / "x.csv").write_text("1,0,0\n0,1,0.5\n", encoding="utf-8")
    done = rnntui("step", "--inputs", "x.csv", "--load-weights", "m.pt:state_dict.rnn", "--format", "json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["tokens"], found["inputs"]) == (["1", "2"], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.5]])
    assert rnntui("step", "--scene", found["scene"], "--format", "json").out == done.out


def test_the_app_shows_a_model_of_ones_own_and_comes_back_to_it(rnntui, model, tmp_path):
    scene = json.loads(rnntui("step", "hello", *OWN, "--readout", "state_dict.head", "--format", "json").out)["scene"]
    line = scene.replace(str(tmp_path) + "/", "")
    assert rnntui("snap", line, "-o", "s.txt", "--keys", "right right right right s enter u").code == 0
    picture = (tmp_path / "s.txt").read_text(encoding="utf-8")
    assert " next " in picture


def test_a_cell_that_kills_its_process_before_the_app_opens_is_refused_as_it_is_elsewhere():
    class Dead:
        def ask(self, *_question):
            answer = Future()
            answer.set_exception(WorkerDied("check was not finished."))
            return answer

    with pytest.raises(BadInput, match=r"kills\.py:f: check was not finished"):
        _adopted(Dead(), Scene(cell="kills.py:f", text="a", vocab="v.txt"), None)
