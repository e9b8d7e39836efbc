"""Networks saved from plain torch: the module that wrote the file says what every number in the record has to be."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from rnntui import lab
from rnntui.core.store import from_npz, to_npz
from rnntui.errors import BadInput
from rnntui.scene import Scene, parse
from tests.core.language import MODELS, TEXT, TOKENS


@pytest.mark.parametrize("save", [torch.save, save_file], ids=["pt", "safetensors"])
@pytest.mark.parametrize("kind", MODELS)
def test_a_model_says_the_same_as_in_torch(files, kind, save):
    model, asked = files(kind, save)
    scene, _ = lab.adopt(asked, ("cell",))
    assert (scene.hidden, scene.layers, scene.bidirectional) == (
        model.rnn.hidden_size, model.rnn.num_layers, model.rnn.bidirectional,
    )  # fmt: skip
    trace = lab.trace(scene)
    with torch.no_grad():
        output, probabilities = model(torch.tensor([TOKENS.index(token) for token in TEXT]))
    np.testing.assert_allclose(trace.output, output.numpy(), atol=1e-6, rtol=0)
    said = np.take_along_axis(probabilities.numpy(), trace.readout.ids, axis=1)
    np.testing.assert_allclose(trace.readout.probabilities, said, atol=1e-6, rtol=0)
    assert (np.diff(trace.readout.probabilities, axis=1) <= 0).all()
    assert trace.readout.labels == TOKENS
    after = [probabilities[row, TOKENS.index(token)].item() for row, token in enumerate(TEXT[1:])]
    np.testing.assert_allclose(trace.readout.came, [*after, np.nan], atol=1e-6, rtol=0)


def test_the_gates_of_a_model_are_those_of_its_own_equations(files):
    model, asked = files("lstm")
    trace = lab.trace(lab.adopt(asked)[0])
    cell = nn.LSTMCell(5, 7)
    cell.load_state_dict({name.removesuffix("_l0"): values for name, values in model.rnn.state_dict().items()})
    h = c = torch.zeros(7)
    with torch.no_grad():
        for row, token in enumerate(TEXT):
            x = model.embed.weight[TOKENS.index(token)]
            gates = cell.weight_ih @ x + cell.bias_ih + cell.weight_hh @ h + cell.bias_hh
            i, f, g, o = gates.chunk(4)
            h, c = cell(x, (h, c))
            expected = {"i": i.sigmoid(), "f": f.sigmoid(), "g": g.tanh(), "o": o.sigmoid(), "c": c, "h": h}
            for symbol, values in expected.items():
                np.testing.assert_allclose(trace.passes[0].values[symbol][row], values, atol=1e-6, rtol=0)


def test_the_line_of_a_record_makes_it_again_and_says_what_has_changed(files, tmp_path):
    _, asked = files("gru")
    trace = lab.trace(lab.adopt(asked)[0])
    again = lab.trace(parse(trace.scene))
    assert again.scene == trace.scene
    assert np.array_equal(again.output, trace.output)
    assert [notice for notice in trace.notices if "no biases; they are read as zeros" in notice]
    assert again.notices == trace.notices
    (tmp_path / "vocab.txt").write_text("\n".join((*TOKENS[:5], "z")), encoding="utf-8")
    files("gru", save_file)
    changed = [notice for notice in lab.trace(parse(trace.scene)).notices if "changed since" in notice]
    assert [notice.split()[1] for notice in changed] == ["weights", "embedding"]


def test_a_read_out_survives_being_stored(files, tmp_path):
    trace = lab.trace(lab.adopt(files("lstm")[1])[0])
    to_npz(trace, tmp_path / "t.npz")
    stored = from_npz(tmp_path / "t.npz").readout
    assert stored.labels == TOKENS
    assert np.array_equal(stored.probabilities, trace.readout.probabilities)
    assert np.array_equal(stored.came, trace.readout.came, equal_nan=True)


def test_a_large_read_out_keeps_the_most_probable_of_each_step(files, monkeypatch):
    _, asked = files("lstm")
    whole = lab.trace(lab.adopt(asked)[0]).readout
    monkeypatch.setattr("rnntui.core.readout.FEW", 10)
    monkeypatch.setattr("rnntui.core.readout.BEST", 2)
    monkeypatch.setattr("rnntui.core.readout.MOST_AT_ONCE", 18)
    best = lab.trace(lab.adopt(asked)[0]).readout
    assert np.array_equal(best.ids, whole.ids[:, :2])
    np.testing.assert_allclose(best.probabilities, whole.probabilities[:, :2], atol=1e-6)
    np.testing.assert_allclose(best.came, whole.came, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_floats_are_widened_and_that_is_said_and_doubles_stay(tmp_path, dtype):
    module = nn.GRU(3, 4).to(dtype)
    torch.save(module.state_dict(), tmp_path / "m")
    scene, _ = lab.adopt(Scene(text="abc", weights=str(tmp_path / "m")))
    trace = lab.trace(scene)
    wide = module.double() if dtype == torch.float64 else module.float()
    with torch.no_grad():
        expected = wide(torch.eye(3, dtype=next(wide.parameters()).dtype))[0]
    np.testing.assert_allclose(trace.output, expected.numpy(), atol=1e-6, rtol=0)
    assert trace.output.dtype == expected.numpy().dtype
    assert ["widened to float32" in notice for notice in trace.notices] == [True] * (dtype != torch.float64)


def test_vectors_from_a_file_are_what_the_network_reads(tmp_path):
    module = nn.LSTM(3, 4, 2)
    torch.save({"net": module.state_dict()}, tmp_path / "m")
    rows = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    np.save(tmp_path / "x.npy", rows)
    scene, _ = lab.adopt(Scene(inputs=str(tmp_path / "x.npy"), weights=str(tmp_path / "m")))
    trace = lab.trace(scene)
    assert scene.weights == f"{tmp_path / 'm'}:net"
    assert trace.tokens == ("1", "2", "3", "4", "5", "6")
    with torch.no_grad():
        np.testing.assert_allclose(trace.output, module(torch.from_numpy(rows))[0].numpy(), atol=1e-6, rtol=0)
    assert lab.trace(replace(scene, text="abcdef")).tokens == tuple("abcdef")
    with pytest.raises(BadInput, match="has 6 rows and the text 2 tokens"):
        lab.trace(replace(scene, text="ab"))


def test_a_cell_of_another_convention_may_be_chosen_and_another_kind_not(tmp_path):
    torch.save(nn.GRU(3, 4).state_dict(), tmp_path / "m")
    asked = Scene(text="abc", weights=str(tmp_path / "m"), cell="gru-reset-before")
    assert lab.adopt(asked, ("cell",))[0].cell == "gru-reset-before"
    assert lab.adopt(asked)[0].cell == "gru"
    torch.save(nn.RNN(3, 4).state_dict(), tmp_path / "m")
    assert ["tanh or relu" in notice for notice in lab.adopt(asked)[1]] == [True]
    assert lab.adopt(replace(asked, cell="rnn-relu"), ("cell",)) == (
        replace(asked, cell="rnn-relu", hidden=4), (),
    )  # fmt: skip


def test_a_read_out_of_another_size_names_its_rows_by_number(files):
    model, asked = files("lstm")
    content = model.state_dict() | {"classes.weight": torch.zeros(2, 7)}
    torch.save({"model": content}, asked.embedding.rpartition(":")[0])
    readout = lab.trace(replace(asked, hidden=7, readout="model.classes")).readout
    assert readout.labels == ("#0", "#1")
    assert np.isnan(readout.came).all()
    assert (readout.probabilities == 0.5).all()


def test_contents_name_the_networks_and_what_fits_them(files):
    found = lab.inspect(files("gru")[1].embedding.rpartition(":")[0])
    assert [one.prefix for one in found.candidates] == ["model.rnn"]
    fits = {entry.name: (entry.shape, entry.embeds, entry.reads_out) for entry in found.others}
    assert fits == {
        "model.embed.weight": ((6, 5), ("model.rnn",), ()),
        "model.head.weight": ((6, 8), (), ("model.rnn",)),
        "model.head.bias": ((6,), (), ()),
    }
