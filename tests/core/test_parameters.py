import pytest
import torch
from torch import nn

from rnntui.core.equations import load, read_source
from rnntui.core.initial import draw
from rnntui.core.modules import KINDS, from_module, module
from rnntui.core.parameters import Network, bind, blocks, layout, torch_names
from rnntui.core.sequence import Dense
from rnntui.core.unroll import run
from rnntui.errors import BadInput
from rnntui.names import cell_names

TORCH_ORDER = {"lstm": "ifgo", "gru": "rzn", "gru-reset-before": "rzn", "rnn": "h", "rnn-relu": "h"}


@pytest.mark.parametrize("cell", cell_names())
def test_the_order_of_the_equations_is_the_order_in_which_torch_stacks_the_gates(cell):
    assert load(cell).gates == tuple(TORCH_ORDER[cell])


@pytest.mark.parametrize("cell", cell_names())
def test_every_weight_of_an_equation_has_its_block_and_every_block_its_weight(cell):
    found = layout(load(cell))
    expected = {
        (kind, block)
        for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        for block in range(len(TORCH_ORDER[cell]))
    }
    assert set(found.values()) == expected
    assert len(found) == len(expected)


def test_the_forget_gate_of_an_lstm_is_where_torch_documents_it():
    assert torch_names(load("lstm"), 8, 1, "backward")["if_"] == ("weight_ih_l1_reverse", 8)
    assert torch_names(load("lstm"), 8, 0, "forward")["b_ho"] == ("bias_hh_l0", 24)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("cell", KINDS)
def test_names_shapes_and_their_order_are_those_of_torchs_state_dict(cell, layers, bidirectional):
    network = Network(load(cell), 3, 4, layers, bidirectional)
    made = KINDS[cell](3, 4, layers, bidirectional=bidirectional)
    assert list(network.shapes.items()) == [(name, tuple(v.shape)) for name, v in made.state_dict().items()]


@pytest.mark.parametrize("cell", cell_names())
def test_what_is_bound_is_a_view_of_the_parameter_and_no_copy(cell):
    network = Network(load(cell), 3, 4)
    parameters = draw(network, 0, None)
    weights = bind(parameters, network.cell, 0, "forward")
    for attribute, (name, row) in torch_names(network.cell, 4, 0, "forward").items():
        block = getattr(weights, attribute)
        assert block.data_ptr() == parameters[name][row].data_ptr()
        assert torch.equal(block, parameters[name][row : row + 4])


def test_a_missing_weight_is_named():
    weights = bind(draw(Network(load("rnn"), 3, 4), 0, None), load("rnn"), 0, "forward")
    with pytest.raises(AttributeError, match="no weight ix"):
        _ = weights.ix


def test_a_weight_that_belongs_to_no_gate_is_refused_with_its_line(tmp_path):
    source = "def f(x, h, W):\n    h = W.ih @ x + W.hh @ h + W.extra\n    return h\n"
    cell = read_source(source, "f", lambda: None, file=tmp_path / "f.py")
    with pytest.raises(BadInput, match=r"f\.py:2: W\.extra is none of the weights of a gate"):
        layout(cell)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", KINDS)
def test_a_torch_module_becomes_a_network_and_comes_back_the_same(cell, bidirectional):
    torch.manual_seed(0)
    original = KINDS[cell](3, 4, 2, bidirectional=bidirectional, dtype=torch.float64)
    network, parameters = from_module(original)
    assert network == Network(load(cell), 3, 4, 2, bidirectional)
    x = torch.randn(6, 3, dtype=torch.float64)
    expected = original(x)[0]
    torch.testing.assert_close(module(network, parameters)(x)[0], expected, atol=0, rtol=0)
    last = [values["h"] for values in run(network, parameters, Dense(x))[-(1 + bidirectional) :]]
    torch.testing.assert_close(torch.cat(last, 1), expected, atol=1e-12, rtol=0)


def test_torch_has_no_module_for_the_gru_of_the_paper():
    network = Network(load("gru-reset-before"), 3, 4)
    with pytest.raises(BadInput, match="no module for gru-reset-before"):
        module(network, draw(network, 0, None))


@pytest.mark.parametrize("options", [{"bias": False}, {"proj_size": 2}, {"dropout": 0.5}])
def test_a_module_that_no_equations_describe_is_refused(options):
    with pytest.raises(BadInput, match="without dropout and projection"):
        from_module(nn.LSTM(3, 4, 2, **options))


def test_a_kept_parameter_is_the_modules_own():
    original = nn.GRU(3, 4)
    _, parameters = from_module(original)
    with torch.no_grad():
        original.weight_hh_l0[0, 0] = 7
    assert blocks(parameters, load("gru"), 0, "forward")["hr"][0, 0] == 7
