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

TOKENS = ("h", "e", "l", "o", " ", "<unk>")
TEXT = "hello hole"


class Language(nn.Module):
    """A small language model such as somebody would train."""

    def __init__(self, rnn, width):
        super().__init__()
        self.embed = nn.Embedding(len(TOKENS), 5)
        self.rnn = rnn
        self.head = nn.Linear(width, len(TOKENS))

    def forward(self, ids):
        output, _ = self.rnn(self.embed(ids))
        return output, torch.softmax(self.head(output), dim=-1)


MODELS = {
    "lstm": lambda: Language(nn.LSTM(5, 7), 7),
    "gru": lambda: Language(nn.GRU(5, 4, 2, bidirectional=True, bias=False), 8),
    "rnn-relu": lambda: Language(nn.RNN(5, 6, nonlinearity="relu"), 6),
}


@pytest.fixture
def files(tmp_path):
    """Save a model as somebody would, and return it with the scene that reads it."""

    def make(kind, save=torch.save):
        torch.manual_seed(3)
        model = MODELS[kind]()
        path = str(tmp_path / "my model: best.pt")
        content = {"step": 9, "model": model.state_dict()}
        save(content, path) if save is torch.save else save(
            {f"model.{name}": values for name, values in model.state_dict().items()}, path
        )
        (tmp_path / "vocab.txt").write_text("\n".join(TOKENS), encoding="utf-8")
        asked = Scene(
            cell=kind, text=TEXT, weights=f"{path}:model.rnn", embedding=f"{path}:model.embed",
            vocab=str(tmp_path / "vocab.txt"), readout="model.head",
        )  # fmt: skip
        return model, asked

    return make


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


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("cell", "gru", "cell = gru does not fit the weights: 'model.rnn' is lstm, 5 inputs, 7 units, float32"),
        ("hidden", 9, "hidden = 9 does not fit"),
        ("layers", 2, "float32; they go with layers = 1."),
        ("bidirectional", True, "bidirectional = yes does not fit"),
    ],
)
def test_what_the_file_gainsays_is_refused_naming_both(files, field, value, said):
    _, asked = files("lstm")
    wrong = replace(asked, **{field: value})
    for refuse in (
        lambda: lab.adopt(wrong, (field,)),
        lambda: lab.trace(replace(wrong, **{"hidden": 7} | {field: value})),
    ):
        with pytest.raises(BadInput) as caught:
            refuse()
        assert said in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"embedding": "{}:model.head"}, "have 7."),
        ({"embedding": "{}:model.emb"}, "no matrix 'model.emb' for the embedding: did you mean 'model.embed.weight'?"),
        ({"embedding": "{}"}, "FILE:TENSOR says which tensor"),
        ({"embedding": ""}, "has 6 tokens; give --embedding too"),
        ({"readout": "model.rnn.weight_ih_l0"}, "reads 5 numbers, and the output of the network has 7"),
        ({"readout": "fc"}, "no matrix 'fc' for the read-out"),
        (
            {"embedding": "", "vocab": "", "text": "helo"},
            "of 5 numbers, and the text has 4 different tokens: give --vo",
        ),
        ({"embedding": "", "vocab": "", "tokens": "number", "text": "1,2"}, "and a number is one"),
        ({"weights": "{}:model"}, "no recurrent network 'model'; it has: 'model.rnn' (lstm"),
    ],
)
def test_parts_that_do_not_fit_are_refused(files, changes, said):
    _, asked = files("lstm")
    path = asked.embedding.rpartition(":")[0]
    wrong = {name: value.format(path) for name, value in changes.items()}
    with pytest.raises(BadInput) as caught:
        lab.trace(replace(asked, hidden=7, **wrong))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_vocabulary_of_another_size_is_refused(files, tmp_path):
    _, asked = files("lstm")
    (tmp_path / "vocab.txt").write_text("\n".join(TOKENS[:4]), encoding="utf-8")
    with pytest.raises(BadInput, match="has 6 rows and the vocabulary 4 tokens"):
        lab.trace(replace(asked, hidden=7, text="hello"))


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
@pytest.mark.parametrize("name", ["rnn.weight_hh_l0", "embed.weight", "head.bias"])
def test_numbers_that_are_not_finite_are_refused_naming_the_tensor(files, name, bad):
    model, asked = files("lstm")
    content = model.state_dict()
    content[name].view(-1)[1] = bad
    torch.save({"model": content}, asked.embedding.rpartition(":")[0])
    with pytest.raises(BadInput, match="holds a number that is not finite in float32"):
        lab.trace(replace(asked, hidden=7))


def test_a_read_out_of_another_size_names_its_rows_by_number(files):
    model, asked = files("lstm")
    content = model.state_dict() | {"classes.weight": torch.zeros(2, 7)}
    torch.save({"model": content}, asked.embedding.rpartition(":")[0])
    readout = lab.trace(replace(asked, hidden=7, readout="model.classes")).readout
    assert readout.labels == ("#0", "#1")
    assert np.isnan(readout.came).all()
    assert (readout.probabilities == 0.5).all()


def test_a_file_without_torchs_names_holds_what_the_chosen_cell_needs_or_says_what_is_missing(tmp_path):
    torch.save({"w": torch.zeros(2)}, tmp_path / "m")
    asked = Scene(text="abc", weights=str(tmp_path / "m"))
    with pytest.raises(BadInput, match=r"holds no RNN, LSTM or GRU: no tensor is called weight_ih_l0"):
        lab.adopt(asked)
    assert lab.adopt(asked, ("cell",)) == (asked, ())
    with pytest.raises(BadInput, match=r"has no tensor weight_ih_l0, which lstm with 3 inputs"):
        lab.trace(asked)
    with pytest.raises(BadInput, match=r"no recurrent network 'rnn'; it has: none"):
        lab.adopt(replace(asked, weights=f"{asked.weights}:rnn"))


def test_contents_name_the_networks_and_what_fits_them(files):
    found = lab.inspect(files("gru")[1].embedding.rpartition(":")[0])
    assert [one.prefix for one in found.candidates] == ["model.rnn"]
    fits = {entry.name: (entry.shape, entry.embeds, entry.reads_out) for entry in found.others}
    assert fits == {
        "model.embed.weight": ((6, 5), ("model.rnn",), ()),
        "model.head.weight": ((6, 8), (), ("model.rnn",)),
        "model.head.bias": ((6,), (), ()),
    }
