"""`rnntui grad`: its JSON against autograd through torch's own modules, its other formats, and what it refuses."""

import csv
import io
import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from rnntui.core.modules import KINDS

KEYS = [
    "scene", "tokens", "inputs", "loss", "loss_value", "dh", "dc", "dh_norm", "dc_norm", "passes",
    "weight_grad_norms", "clip", "half_life_steps", "saliency", "truncated",
]  # fmt: skip


def torch_loss(name, output, hidden, found):
    if name == "last":
        return output[-1, :hidden].sum() + output[0, hidden:].sum()
    if name == "mean":
        return output.mean()
    if name == "lm":
        readout = {key: torch.tensor(values, dtype=torch.float64) for key, values in found["readout"].items()}
        targets = torch.tensor(found["inputs"]).argmax(1)[1:]
        return torch.nn.functional.cross_entropy(output[:-1] @ readout["weight"].T + readout["bias"], targets)
    return output[int(name[6:]) - 1].sum()


@pytest.mark.parametrize("name", ["last", "mean", "lm", "token:4"])
@pytest.mark.parametrize("more", [(), ("--layers", "2", "--bidirectional")], ids=["plain", "deep both ways"])
@pytest.mark.parametrize("cell", KINDS)
def test_the_json_is_what_autograd_says_with_the_written_weights(rnntui, tmp_path, cell, more, name):
    file = tmp_path / "w.safetensors"
    done = rnntui("grad", "hello world", "--cell", cell, "--loss", name, "--format", "json", "--weights", file, *more)
    assert done.code == 0
    assert (name == "lm" and bool(more)) == ("no test" in done.err)
    found = json.loads(done.out)
    assert list(found) == KEYS + ["readout"] * (name == "lm")
    x = torch.tensor(found["inputs"], dtype=torch.float64, requires_grad=True)
    net = KINDS[cell](x.shape[1], 8, 2 if more else 1, bidirectional=bool(more)).double()
    net.load_state_dict({key: values.double() for key, values in load_file(file).items()}, strict=True)
    output, _ = net(x)
    value = torch_loss(name, output, 8, found)
    value.backward()
    assert found["loss_value"] == pytest.approx(value.item(), rel=1e-9)
    assert list(found["weight_grad_norms"]) == [key for key, _ in net.named_parameters()]
    for key, parameter in net.named_parameters():
        assert found["weight_grad_norms"][key] == pytest.approx(parameter.grad.norm().item(), rel=1e-9)
    assert len(found["passes"]) == (4 if more else 1)
    top = found["passes"][-2 if more else 0]
    assert all(top[key] == found[key] for key in ("dh", "dc", "dh_norm", "dc_norm"))
    assert (found["dc"] is None) == (cell != "lstm")
    np.testing.assert_allclose(found["dh_norm"], np.linalg.norm(found["dh"], axis=1), rtol=1e-9)


def order(item):
    return ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"].index(item[0])


@pytest.mark.parametrize("bias", ["torch", "forget-bias=3"])
def test_dh_dc_and_the_half_life_are_those_of_an_lstm_unrolled_with_retain_grad(rnntui, tmp_path, bias):
    file = tmp_path / "w.safetensors"
    done = rnntui("grad", "hello world", "--init", bias, "--format", "json", "--weights", file)
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    of_x, of_h, b_x, b_h = (values.double() for _, values in sorted(load_file(file).items(), key=order))
    h = c = torch.zeros(8, dtype=torch.float64)
    states = []
    for x in torch.tensor(found["inputs"], dtype=torch.float64):
        i, f, g, o = (of_x @ x + b_x + of_h.clone().requires_grad_() @ h + b_h).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()  # c at T has a gradient too, through h, which LSTMCell's lacks
        h = o.sigmoid() * c.tanh()
        h.retain_grad()
        c.retain_grad()
        states.append((h, c))
    h.sum().backward()
    np.testing.assert_allclose(found["dh"], [one.grad.numpy() for one, _ in states], rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(found["dc"], [one.grad.numpy() for _, one in states], rtol=1e-9, atol=1e-14)
    first, last = (states[place][1].grad.norm().item() for place in (0, -1))
    if first < last:
        assert found["half_life_steps"] == pytest.approx(np.log(2) * 10 / np.log(last / first), rel=1e-9)
    else:
        assert found["half_life_steps"] is None


def test_clipping_and_truncation_are_in_the_json(rnntui):
    found = json.loads(rnntui("grad", "hello", "--clip", "0.1", "--truncate", "2", "--format", "json").out)
    assert found["scene"].startswith("gradients:cell=lstm,text=hello")
    assert list(found["clip"]) == ["by", "limit", "before", "after", "angle", "parts"]
    assert found["clip"]["after"] == pytest.approx(0.1)
    assert list(found["clip"]["parts"]) == list(found["weight_grad_norms"])
    assert found["truncated"]["reached"] == [False, False, False, True, True]
    assert 0 < found["truncated"]["dropped"] < 1
    assert found["truncated"] | {"dropped": 0} == found["truncated"] | {"truncate": 2, "every": 2, "dropped": 0}


def test_what_overflows_is_said_and_is_a_string_in_ascii_json(rnntui):
    arguments = (
        "--cell",
        "rnn-relu",
        "--length",
        "2000",
        "--hidden",
        "2",
        "--init",
        "spectral-radius=3",
        "--clip",
        "1",
    )
    done = rnntui("grad", *arguments, "--format", "json")
    assert done.code == 0
    assert "overflows at t = " in done.err
    found = json.loads(done.out.decode("ascii"), parse_constant=pytest.fail)
    assert found["loss_value"] in {"inf", "nan"}
    assert found["half_life_steps"] is None
    assert found["dh_norm"][0] == "inf"
    assert rnntui("grad", *arguments).code == 0


def test_the_csv_holds_every_gradient_of_every_symbol(rnntui):
    lines = list(csv.DictReader(io.StringIO(rnntui("grad", "ab", "--hidden", "2", "--format", "csv").text)))
    assert len(lines) == 2 * 6 * 2
    found = json.loads(rnntui("grad", "ab", "--hidden", "2", "--format", "json").out)
    dc = [float(one["gradient"]) for one in lines if one["symbol"] == "c"]
    assert dc == np.ravel(found["dc"]).tolist()


def test_the_text_shows_what_the_screen_shows_and_says_how_the_curves_go(rnntui, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    text = rnntui("grad", "hello", "--truncate", "3", "--at", "4").text
    for title in (
        "‖∂L/∂state at t‖, log scale",
        "LSTM cell at t = 4",
        "Through which path it comes to t = 4",
        "Truncation after 3 steps drops",
    ):
        assert title in text
    halving = rnntui("grad", "--length", "30", "--hidden", "16", "--init", "forget-bias=3").text.splitlines()[-1]
    assert "With a forget bias of 3 the LSTM's memory gradient" in halving


def test_a_scene_line_of_the_screen_is_taken_up_where_it_stands_also_at_the_loss(rnntui):
    texts = {t: rnntui("grad", "--scene", f"gradients:text=hello{t}").text for t in ("", ",t=6", ",t=0", ",t=3")}
    assert "walking back: t = 1 of 5" in texts[""]
    assert "at the loss" in texts[",t=6"]
    assert "It adds to the gradient at t = 5" in texts[",t=6"]
    assert "arrived at t = 0" in texts[",t=0"]
    assert "walking back: t = 3 of 5" in texts[",t=3"]
    backward = "gradients:text=hello,bidirectional=yes,direction=backward,t=0"
    assert "at the loss" in rnntui("grad", "--scene", backward).text


@pytest.mark.parametrize(("place", "t"), [("", 5), (",t=6", 5), (",t=3", 3)])
def test_the_steps_of_a_scene_line_of_the_gradients_screen_are_printed_too(rnntui, place, t):
    line = f"gradients:cell=rnn,text=hello{place}"
    assert f",t={t}" in json.loads(rnntui("step", "--scene", line, "--format", "json").out)["scene"]


NORMALISED = """\
from torch import tanh
from torch.nn.functional import normalize


def f(x, h, W):
    s = normalize(h, 2.0, 0)
    h = tanh(W.x @ x + W.s @ s + W.b)
    return h
"""


@pytest.mark.slow
def test_an_own_cell_that_mixes_units_has_the_gradients_of_autograd(rnntui, tmp_path):
    file, weights = tmp_path / "own.py", tmp_path / "w.safetensors"
    file.write_text(NORMALISED)
    given = ("grad", "hello", "--cell", str(file), "--hidden", "4", "--dtype", "float64", "--format", "json")
    found = json.loads(rnntui(*given, "--weights", weights).out)
    of = {name.removesuffix("_l0"): values for name, values in load_file(weights).items()}
    h, states = torch.zeros(4, dtype=torch.float64), []
    for x in torch.tensor(found["inputs"], dtype=torch.float64):
        h = torch.tanh(of["x"] @ x + of["s"] @ torch.nn.functional.normalize(h, 2.0, 0) + of["b"])
        states.append(h.requires_grad_())
        h.retain_grad()
    h.sum().backward()
    np.testing.assert_allclose(found["dh_norm"], [one.grad.norm().item() for one in states], rtol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grad"], "--file"),
        (["grad", "--scene", "gradients:text=hello,t=9"], "0…5"),
        (["grad", "--length", "0"], "--file"),
        (["grad", "--length", "10000000"], "0…100000"),
        (["grad", "abc", "--loss", "first"], "token:T"),
        (["grad", "abc", "--loss", "token:9"], "token:3"),
        (["grad", "a", "--loss", "lm"], "at least two"),
        (["grad", "abc", "--truncate", "-1"], "truncate"),
        (["grad", "abc", "--every", "2"], "truncate"),
        (["grad", "abc", "--clip", "0"], "above 0"),
        (["grad", "abc", "--clip", "nan"], "above 0"),
        (["grad", "abc", "--ascii", "--format", "csv"], "--ascii"),
        (["grad", "abc", "--at", "9"], "0…3"),
        (["grad", "abc", "--weights", ""], "--weights names no file"),
        (["grad", "--length", "100000", "--hidden", "64"], "fewer hidden units"),
        (["grad", "abc", "--format", "npz"], "Known: text, json, csv"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(refused, arguments, said):
    assert said in refused(*arguments)


def test_weights_that_are_no_numbers_are_refused(refused, tmp_path, rnntui):
    from safetensors.torch import save_file

    file = tmp_path / "w.safetensors"
    rnntui("step", "abc", "--weights", file)
    stored = load_file(file)
    stored["weight_hh_l0"][0, 0] = float("nan")
    save_file(stored, file)
    assert "not finite" in refused("grad", "abc", "--load-weights", file)
