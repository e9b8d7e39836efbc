import pytest
import torch
from torch import nn

from rnntui.core.candidates import choose, find
from rnntui.errors import BadInput


def under(prefix, module):
    return {f"{prefix}{name}": values for name, values in module.state_dict().items()}


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (nn.RNN(3, 4), "rnn, 3 inputs, 4 units, float32"),
        (
            nn.GRU(3, 4, 2, bidirectional=True, bias=False),
            "gru, 3 inputs, 4 units, 2 layers, both directions, no biases",
        ),
        (nn.LSTM(5, 1, 3, dtype=torch.float16), "lstm, 5 inputs, 1 unit, 3 layers, float16"),
        (nn.LSTMCell(3, 4), "lstm, 3 inputs, 4 units, float32"),
        (nn.LSTM(3, 4, proj_size=2), "cannot be read: its h goes through a projection (proj_size)"),
        (nn.LSTM(3, 1025), "cannot be read: it has 1,025 units and 1 layer, more than 1,024 and 16"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "encoder.rnns.0."])
def test_a_network_is_found_and_described_by_its_tensors(module, said, prefix):
    (found,) = find({"embedding.weight": torch.zeros(2, 3), **under(prefix, module)})
    assert found.prefix == prefix.rstrip(".")
    assert str(found).startswith(said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weight_ih_l0": None}, "it has no tensor weight_ih_l0"),
        ({"bias_hh_l1_reverse": None}, "it has no tensor bias_hh_l1_reverse, which 2 layers have"),
        ({"weight_hh_l0": torch.zeros(8, 3)}, "weight_hh_l0 has shape (8, 3), and 3 units have 3, 9 or 12 rows"),
        ({"weight_hh_l1": torch.zeros(8, 3)}, "weight_hh_l1 has shape (8, 3), and (8, 2) would fit the others"),
        ({"weight_hh_l0": torch.zeros(8)}, "weight_hh_l0 has shape (8,), which is no matrix"),
        ({"weight_hh_l0": torch.zeros(0, 0)}, "weight_hh_l0 has shape (0, 0), which is no matrix"),
        ({"bias_ih_l0": torch.zeros(8, dtype=torch.int8)}, "bias_ih_l0 holds int8"),
        ({"bias_ih_l0": torch.zeros(8).to(torch.float8_e4m3fn)}, "bias_ih_l0 holds float8_e4m3fn"),
    ],
)
def test_what_is_wrong_with_one_is_said(change, said):
    tensors = nn.LSTM(3, 2, 2, bidirectional=True).state_dict()
    tensors = {name: values for name, values in (tensors | change).items() if values is not None}
    (found,) = find(tensors)
    assert said in found.trouble
    with pytest.raises(BadInput, match="cannot be read"):
        choose((found,), None, "m.pt")


def test_one_of_several_has_to_be_named():
    found = find({**under("a.", nn.GRU(3, 4)), **under("", nn.RNN(3, 4)), "c.weight": torch.zeros(2)})
    assert choose(found, "a", "m.pt").cell == "gru"
    assert choose(found, "", "m.pt").cell == "rnn"
    for prefix, said in ((None, "holds 2 networks; name one as FILE:PREFIX"), ("b", "no recurrent network 'b'")):
        with pytest.raises(BadInput) as caught:
            choose(found, prefix, "m.pt")
        assert said in str(caught.value)
        assert "'a' (gru, 3 inputs, 4 units, float32)" in str(caught.value)


def test_a_network_of_one_input_and_one_unit_is_said_in_good_english():
    (found,) = find(nn.LSTM(1, 1).state_dict())
    assert str(found) == "lstm, 1 input, 1 unit, float32"
