"""Parts of a model of one's own that do not fit each other, or the scene, are refused in one sentence."""

from dataclasses import replace

import pytest
import torch

from rnntui import lab
from rnntui.errors import BadInput
from rnntui.scene import Scene
from tests.core.language import TOKENS


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
