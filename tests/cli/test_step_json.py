import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

KINDS = {
    "rnn": torch.nn.RNN,
    "rnn-relu": lambda *sizes, **more: torch.nn.RNN(*sizes, nonlinearity="relu", **more),
    "lstm": torch.nn.LSTM,
    "gru": torch.nn.GRU,
}
SIZES = [(), ("--layers", "2"), ("--bidirectional",), ("--layers", "2", "--bidirectional")]


@pytest.mark.parametrize("more", SIZES, ids=lambda more: " ".join(more) or "plain")
@pytest.mark.parametrize("cell", KINDS)
def test_the_output_is_that_of_torch_with_the_written_weights(rnntui, tmp_path, cell, more):
    file = tmp_path / "w.safetensors"
    done = rnntui("step", "hello world", "--cell", cell, "--format", "json", "--weights", file, *more)
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    inputs = torch.tensor(found["inputs"])
    net = KINDS[cell](inputs.shape[1], 8, 2 if "2" in more else 1, bidirectional="--bidirectional" in more)
    net.load_state_dict(load_file(file), strict=True)
    with torch.no_grad():
        output, _ = net(inputs)
    torch.testing.assert_close(torch.tensor(found["output"]), output, rtol=0, atol=1e-6)


def test_float64_equals_torch_to_the_twelfth_digit(rnntui, tmp_path):
    file = tmp_path / "w.safetensors"
    done = rnntui("step", "hello world", "--dtype", "float64", "--format", "json", "--weights", file)
    found = json.loads(done.out)
    inputs = torch.tensor(found["inputs"], dtype=torch.float64)
    net = torch.nn.LSTM(inputs.shape[1], 8, dtype=torch.float64)
    net.load_state_dict(load_file(file), strict=True)
    with torch.no_grad():
        output, _ = net(inputs)
    torch.testing.assert_close(torch.tensor(found["output"], dtype=torch.float64), output, rtol=0, atol=1e-12)


def test_the_contract_has_these_keys_and_shapes(rnntui):
    done = rnntui("step", "abca", "--layers", "2", "--bidirectional", "--hidden", "3", "--format", "json")
    found = json.loads(done.out)
    assert list(found) == ["scene", "cell", "tokens", "inputs", "symbols", "passes", "output"]
    assert found["cell"] == "lstm"
    assert found["tokens"] == list("abca")
    assert found["inputs"] == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert [one["name"] for one in found["symbols"]] == list("ifgoch")
    assert found["symbols"][1] | {"line": 0} == {
        "name": "f",
        "formula": "fₜ = σ(W_if xₜ + b_if + W_hf hₜ₋₁ + b_hf)",
        "meaning": "forget gate",
        "line": 0,
    }
    assert [(one["layer"], one["direction"]) for one in found["passes"]] == [
        (0, "forward"),
        (0, "backward"),
        (1, "forward"),
        (1, "backward"),
    ]
    for one in found["passes"]:
        assert list(one["values"]) == list("ifgoch")
        assert {np.shape(values) for values in one["values"].values()} == {(4, 3)}
    assert np.shape(found["output"]) == (4, 6)
    last = [one["values"]["h"] for one in found["passes"][2:]]
    assert np.array_equal(np.concatenate(last, axis=1), found["output"])


def test_the_line_of_a_symbol_is_the_line_of_the_source(rnntui):
    from rnntui.core.cells import lstm

    source = Path(lstm.__file__).read_text(encoding="utf-8").splitlines()
    for one in json.loads(rnntui("step", "a", "--format", "json").out)["symbols"]:
        line = source[one["line"] - 1]
        assert line.lstrip().startswith(f"{one['name']} = ")
        assert line.endswith(f"# {one['meaning']}")


def test_the_scene_in_the_answer_gives_the_same_numbers_again(rnntui):
    first = json.loads(rnntui("step", "ab, c%", "--cell", "gru", "--seed", "5", "--format", "json").out)
    again = json.loads(rnntui("step", "--scene", first["scene"], "--format", "json").out)
    assert again == first


def test_a_scene_of_a_file_says_which_content_was_meant_and_a_change_is_said(rnntui, tmp_path):
    file = tmp_path / "a text.txt"
    file.write_text("hello")
    first = rnntui("step", "--file", file, "--format", "json")
    assert (first.code, first.err) == (0, "")
    line = json.loads(first.out)["scene"]
    assert f"sha256={hashlib.sha256(b'hello').hexdigest()}" in line
    same = rnntui("step", "--scene", line, "--format", "json")
    assert (same.out, same.err) == (first.out, "")
    file.write_text("jello")
    other = rnntui("step", "--scene", line, "--format", "json")
    assert other.code == 0
    assert json.loads(other.out)["tokens"] == list("jello")
    assert "a text.txt" in other.err


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_number_reads_back_as_the_very_same(rnntui, dtype):
    from rnntui import lab
    from rnntui.scene import Scene

    found = json.loads(rnntui("step", "hello", "--dtype", dtype, "--format", "json").out)
    trace = lab.trace(Scene(text="hello", dtype=dtype))
    for one, said in zip(trace.passes, found["passes"], strict=True):
        for symbol, values in one.values.items():
            assert np.array_equal(np.array(said["values"][symbol], dtype=values.dtype), values)


def test_json_is_ascii_whatever_the_text_holds(rnntui):
    text = "é漢🇫🇷\x1b]52;c;x\x07[red]\u202e \u2028"
    done = rnntui("step", text, "--format", "json")
    assert done.out.isascii()
    assert done.out.count(b"\n") == 1
    assert b"\x1b" not in done.out
    assert "".join(json.loads(done.out)["tokens"]) == text


@pytest.mark.parametrize("form", ["json", "text", "csv", "npz"])
def test_numbers_that_are_not_finite_are_strings_in_json_and_stop_nothing(rnntui, form):
    text, more = "3e38,3e38,-3e38,3e38", ("--tokens", "number", "--cell", "rnn-relu", "--init", "spectral-radius=9")
    done = rnntui("step", text, *more, "--format", form)
    assert done.code == 0
    assert "From t = 2 on, h is no finite number" in done.err
    if form == "json":

        def never(name):
            raise AssertionError(name)

        found = json.loads(done.out, parse_constant=never)
        words = {value for row in found["output"] for value in row if isinstance(value, str)}
        assert words
        assert words <= {"inf", "-inf", "nan"}


def test_a_value_that_is_not_finite_can_be_explained(rnntui):
    text, more = "3e38,3e38,-3e38,3e38", ("--tokens", "number", "--cell", "rnn-relu", "--init", "spectral-radius=9")
    for form in ("json", "text"):
        done = rnntui("step", text, *more, "--format", form, "--why", "h[0]")
        assert done.code == 0
        assert "From t = 2 on, h is no finite number" in done.err


def test_why_is_added_when_it_is_asked_for(rnntui):
    found = json.loads(rnntui("step", "hello", "--at", "3", "--why", "f[2]", "--format", "json").out)
    why = found["why"]
    assert (why["symbol"], why["unit"], why["t"], why["layer"], why["direction"]) == ("f", 2, 3, 0, "forward")
    assert why["value"] == pytest.approx(found["passes"][0]["values"]["f"][2][2], abs=1e-7)
    total = sum(part["value"] for part in why["parts"])
    assert 1 / (1 + np.exp(-total)) == pytest.approx(why["value"], abs=1e-5)
    assert "t=3" in found["scene"]


def test_load_weights_gives_the_numbers_of_the_net_that_was_saved(rnntui, tmp_path):
    file = tmp_path / "w.safetensors"
    first = json.loads(rnntui("step", "hello", "--seed", "9", "--format", "json", "--weights", file).out)
    again = json.loads(rnntui("step", "hello", "--load-weights", file, "--format", "json").out)
    assert again["output"] == first["output"]
    assert again["output"] != json.loads(rnntui("step", "hello", "--format", "json").out)["output"]


def test_a_long_text_is_written_without_standing_in_memory(rnntui, tmp_path):
    import tracemalloc

    from rnntui import lab
    from rnntui.cli.export import as_json
    from rnntui.scene import Scene

    words = " ".join(f"w{number}" for number in range(3000))
    trace = lab.trace(Scene(text=words, tokens="word", hidden=2))

    class Sink:
        size = 0

        def write(self, piece):
            self.size += len(piece)

    sink = Sink()
    tracemalloc.start()
    as_json(trace, "scene")(sink)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sink.size > 36_000_000
    assert peak < 3_000_000
