import pytest
import torch
from safetensors.torch import load_file, save_file

from rnntui.core.checkpoint import check, save
from rnntui.core.equations import load as load_cell
from rnntui.core.initial import draw
from rnntui.core.parameters import Network
from rnntui.core.tensor_file import open_tensors
from rnntui.errors import BadInput

NETWORK = Network(load_cell("lstm"), 3, 2, 2, True)


def load(path, dtype):
    return check(open_tensors(str(path)).tensors, NETWORK, dtype, str(path))


def weights(dtype=torch.float32):
    return {name: values.to(dtype) for name, values in draw(NETWORK, 0, None).items()}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_weights_come_back_to_the_last_bit_and_in_torchs_order(tmp_path, dtype):
    save(weights(dtype), tmp_path / "w.safetensors")
    found = load(tmp_path / "w.safetensors", dtype)
    assert list(found) == list(NETWORK.shapes)
    for name, values in weights(dtype).items():
        assert found[name].dtype == dtype
        assert torch.equal(found[name], values)


def test_a_file_holds_torchs_names_and_only_those(tmp_path):
    save(weights(), tmp_path / "w.safetensors")
    module = torch.nn.LSTM(3, 2, 2, bidirectional=True)
    stored = load_file(tmp_path / "w.safetensors")
    assert stored.keys() == module.state_dict().keys()
    module.load_state_dict(stored, strict=True)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64], ids=str)
def test_other_floating_point_is_converted(tmp_path, dtype):
    save_file(weights(dtype), tmp_path / "w")
    found = load(tmp_path / "w", torch.float32)
    assert torch.equal(found["bias_hh_l1"], weights(dtype)["bias_hh_l1"].float())


def changed(**changes):
    found = weights()
    for name, values in changes.items():
        if values is None:
            del found[name]
        else:
            found[name] = values
    return found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bias_ih_l1_reverse": None}, "has no tensor bias_ih_l1_reverse, which lstm with 3 inputs"),
        ({"weight_hh_l0": torch.zeros(8, 3)}, "tensor weight_hh_l0 has shape (8, 3);"),
        ({"weight_hh_l0": torch.zeros(8, 3)}, "needs (8, 2)."),
        ({"bias_hh_l0": torch.zeros(8, dtype=torch.int64)}, "tensor bias_hh_l0 holds int64"),
        ({"bias_hh_l0": torch.full((8,), torch.nan)}, "tensor bias_hh_l0 holds a number that is not finite in float32"),
        ({"bias_hh_l0": torch.full((8,), 1e300, dtype=torch.float64)}, "not finite in float32"),
        (
            {"weight_hr_l0": torch.zeros(1)},
            "that lstm with 3 inputs, 2 units and 2 layers in two directions does not have; remove it.",
        ),
        ({"weight_hr_l0": torch.zeros(1)}, "has a tensor 'weight_hr_l0' (1,)"),
    ],
)
def test_the_tensor_that_does_not_fit_is_named_with_what_was_found_and_expected(tmp_path, changes, said):
    save_file(changed(**changes), tmp_path / "w")
    with pytest.raises(BadInput) as caught:
        load(tmp_path / "w", torch.float32)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path):
    with pytest.raises(BadInput, match="cannot be written"):
        save(weights(), tmp_path / "none" / "w")
    assert list(tmp_path.iterdir()) == []


def test_checked_weights_are_those_that_were_given():
    found = check(weights(), NETWORK, torch.float32, "here")
    assert found["weight_hh_l0"].data_ptr() != 0
    assert torch.equal(found["weight_hh_l0"], weights()["weight_hh_l0"])
