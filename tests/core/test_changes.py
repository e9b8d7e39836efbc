import math

import pytest
import torch

from rnntui.core.changes import initialise
from rnntui.core.equations import load
from rnntui.core.initial import draw
from rnntui.core.parameters import Network, blocks
from rnntui.errors import BadInput
from rnntui.names import cell_names


def network(cell="lstm", hidden=6):
    return Network(load(cell), 3, hidden, 2, True)


def made(init, cell="lstm", hidden=6, seed=0):
    return initialise(network(cell, hidden), seed, init, "abc")


def recurrent(parameters, hidden=6):
    return [block for name, v in parameters.items() if "weight_hh" in name for block in torch.split(v, hidden)]


def changed(parameters, cell="lstm"):
    """The names of the parameters that are no longer torch's draw."""
    plain = draw(network(cell), 0, "abc")
    return {name.split("_l")[0] for name in plain if not torch.equal(plain[name], parameters[name])}


@pytest.mark.parametrize("cell", cell_names())
def test_torch_alone_is_the_plain_draw_and_undoes_what_stands_before_it(cell):
    assert changed(made("torch", cell), cell) == set()
    assert changed(made("zeros, torch", cell), cell) == set()


@pytest.mark.parametrize("cell", cell_names())
def test_orthogonal_makes_every_recurrent_block_orthogonal_and_touches_nothing_else(cell):
    parameters = made("orthogonal", cell)
    assert changed(parameters, cell) == {"weight_hh"}
    every = recurrent(parameters)
    for block in every:
        torch.testing.assert_close(block @ block.T, torch.eye(6, dtype=torch.float64), atol=1e-12, rtol=0)
    assert len({tuple(block.flatten().tolist()) for block in every}) == len(every)


@pytest.mark.parametrize("cell", cell_names())
def test_identity_makes_every_recurrent_block_the_identity(cell):
    parameters = made("identity", cell)
    assert changed(parameters, cell) == {"weight_hh"}
    assert all(torch.equal(block, torch.eye(6, dtype=torch.float64)) for block in recurrent(parameters))


@pytest.mark.parametrize("radius", [0.5, 1, 2.5])
@pytest.mark.parametrize("cell", cell_names())
def test_spectral_radius_scales_the_largest_eigenvalue_of_every_block(cell, radius):
    parameters = made(f"spectral-radius={radius}", cell)
    assert changed(parameters, cell) == {"weight_hh"}
    plain = recurrent(draw(network(cell), 0, "abc"))
    for block, before in zip(recurrent(parameters), plain, strict=True):
        assert torch.linalg.eigvals(block).abs().max().item() == pytest.approx(radius, rel=1e-9)
        torch.testing.assert_close(block / block.norm(), before / before.norm())


def test_zeros_makes_everything_zero():
    assert all(values.count_nonzero() == 0 for values in made("zeros").values())


@pytest.mark.parametrize(("cell", "gate"), [("lstm", "f"), ("gru", "z"), ("gru-reset-before", "z")])
def test_forget_bias_sets_the_gate_that_keeps_and_no_other(cell, gate):
    parameters, plain = made("forget-bias=1.5", cell), draw(network(cell), 0, "abc")
    for place in network(cell).passes:
        found, before = (blocks(each, load(cell), *place) for each in (parameters, plain))
        for attribute, block in found.items():
            if attribute == f"b_i{gate}":
                assert (block == 1.5).all()
            elif attribute == f"b_h{gate}":
                assert (block == 0).all()
            else:
                assert torch.equal(block, before[attribute])


def test_delay_sets_what_a_gate_needs_to_keep_for_so_many_steps():
    lstm = blocks(made("delay=20"), load("lstm"), 1, "backward")
    assert lstm["b_if"][0].item() == pytest.approx(math.log(19))
    assert lstm["b_ii"][0].item() == pytest.approx(-math.log(19))
    assert lstm["b_hf"].count_nonzero() == lstm["b_hi"].count_nonzero() == 0
    keeps = torch.sigmoid(lstm["b_if"][0]).item()
    assert 1 / (1 - keeps) == pytest.approx(20)


def test_delay_on_a_gru_sets_the_update_gate_only():
    found, plain = made("delay=20", "gru"), draw(network("gru"), 0, "abc")
    assert changed(found, "gru") == {"bias_ih", "bias_hh"}
    one, before = (blocks(each, load("gru"), 0, "forward") for each in (found, plain))
    assert one["b_iz"][0].item() == pytest.approx(math.log(19))
    assert all(torch.equal(one[name], before[name]) for name in ("b_ir", "b_in", "b_hr", "b_hn"))


def test_changes_are_applied_in_the_order_in_which_they_are_written():
    assert recurrent(made("identity,spectral-radius=0.9"))[0][0, 0].item() == pytest.approx(0.9)
    assert recurrent(made("spectral-radius=0.9,identity"))[0][0, 0].item() == 1
    late = made("zeros,forget-bias=1")
    assert {name.split("_l")[0] for name, values in late.items() if values.count_nonzero()} == {"bias_ih"}
    assert all(values.count_nonzero() == 0 for values in made("forget-bias=1,zeros").values())


@pytest.mark.parametrize("change", ["forget-bias=1", "delay=9"])
@pytest.mark.parametrize("cell", ["rnn", "rnn-relu"])
def test_a_cell_without_a_gate_that_keeps_refuses_once_and_says_who_has_one(cell, change):
    name = change.partition("=")[0]
    with pytest.raises(BadInput) as caught:
        made(change, cell)
    assert str(caught.value) == (
        f"{name} needs a gate that keeps, and {cell} has none; use gru, gru-reset-before, lstm."
    )


@pytest.mark.parametrize(
    ("init", "said"),
    [
        ("orthogonl", "did you mean 'orthogonal'?"),
        ("", "Unknown initialisation ''"),
        ("torch,,zeros", "Unknown initialisation ''"),
        ("forget-bia=1", "did you mean 'forget-bias=NUMBER'?"),
        ("orthogonal=2", "takes no number"),
        ("spectral-radius", "needs a number"),
        ("spectral-radius=", "needs a number"),
        ("spectral-radius=big", "needs a number"),
        ("spectral-radius=nan", "needs a number"),
        ("spectral-radius=inf", "needs a number"),
        ("spectral-radius=1e999", "does not fit"),
        ("spectral-radius=-0.1", "0 or more"),
        ("forget-bias=1_0", "needs a number"),
        ("delay=1.9", "2 or more"),
        ("delay=-3", "2 or more"),
        ("zeros,spectral-radius=1", "all its eigenvalues are 0"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(init, said):
    with pytest.raises(BadInput) as caught:
        made(init)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_smallest_numbers_that_fit_are_taken():
    assert blocks(made("delay=2"), load("lstm"), 0, "forward")["b_if"].abs().max() == 0
    assert all(block.abs().max() == 0 for block in recurrent(made("spectral-radius=0")))
    assert (blocks(made("forget-bias=-1"), load("lstm"), 0, "forward")["b_if"] == -1).all()
