"""The equations, run explicitly and fused, against torch.nn."""

import pytest
import torch
from torch import nn

from rnntui.core.equations import load
from rnntui.core.fused import fused
from rnntui.core.loops import LOOPS
from rnntui.core.parameters import KINDS, bind, blocks, torch_name
from rnntui.core.sequence import Dense
from rnntui.core.unroll import SHORT, explicit, run, sub_steps
from rnntui.names import cell_names
from tests.core.networks import TOLERANCE, make, vectors

ORACLES = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN, "rnn-relu": nn.RNN}


def oracle(network, parameters):
    options = {"nonlinearity": "relu"} if network.cell.name == "rnn-relu" else {}
    dtype = next(iter(parameters.values())).dtype
    module = ORACLES[network.cell.name](
        network.size, network.hidden, network.layers, bidirectional=network.bidirectional, dtype=dtype, **options
    )
    module.load_state_dict(parameters, strict=True)
    return module


def results(network, passes):
    """The output and every final state, as torch.nn returns them."""
    directions = 1 + network.bidirectional
    first = network.cell.states[0]
    found = {"output": torch.cat([values[first] for values in passes[-directions:]], dim=1)}
    for state in network.cell.states:
        ends = [
            values[state][-1 if place[1] == "forward" else 0]
            for values, place in zip(passes, network.passes, strict=True)
        ]
        found[state] = torch.stack(ends)
    return found


def torch_results(network, parameters, x):
    output, final = oracle(network, parameters)(x[:, None])
    finals = final if isinstance(final, tuple) else (final,)
    return {"output": output[:, 0]} | {s: f[:, 0] for s, f in zip(network.cell.states, finals, strict=True)}


def total(found):
    """A loss that every output and final state weighs in differently."""
    return sum(
        (values * torch.linspace(-1, 1, values.numel()).to(values).view_as(values)).sum() for values in found.values()
    )


@pytest.mark.parametrize("steps", [1, 2, 50])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", ORACLES)
def test_both_routes_agree_with_torch_in_outputs_final_states_and_input_gradients(
    cell, layers, bidirectional, dtype, steps
):
    network, parameters = make(cell, layers=layers, bidirectional=bidirectional, dtype=dtype)
    found = {}
    for route in ("explicit", "fused", "torch"):
        x = vectors(steps, dtype=dtype).requires_grad_()
        if route == "torch":
            found[route] = torch_results(network, parameters, x)
        else:
            found[route] = results(network, run(network, parameters, Dense(x), route))
        (gradient,) = torch.autograd.grad(total(found[route]), x)
        found[route]["gradient"] = gradient
    for route in ("explicit", "fused"):
        assert found[route].keys() == found["torch"].keys()
        for name, expected in found["torch"].items():
            torch.testing.assert_close(found[route][name], expected, atol=TOLERANCE[dtype], rtol=TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", LOOPS)
def test_every_symbol_is_the_same_on_both_routes(cell, bidirectional, dtype):
    network, parameters = make(cell, hidden=7, layers=2, bidirectional=bidirectional, dtype=dtype)
    x = Dense(vectors(50, dtype=dtype))
    for one, other in zip(run(network, parameters, x, "explicit"), run(network, parameters, x, "fused"), strict=True):
        assert list(one) == list(other) == [equation.symbol for equation in network.cell.equations]
        for symbol in one:
            torch.testing.assert_close(one[symbol], other[symbol], atol=TOLERANCE[dtype], rtol=0)


@pytest.mark.parametrize("route", ["explicit", "fused"])
@pytest.mark.parametrize("cell", ORACLES)
def test_parameters_get_the_gradients_that_torch_gives_them(cell, route):
    network, parameters = make(cell, layers=2, bidirectional=True)
    module = oracle(network, parameters)
    output, _ = module(vectors(9)[:, None])
    total({"output": output[:, 0]}).backward()
    leaves = {name: values.clone().requires_grad_() for name, values in parameters.items()}
    mine = results(network, run(network, leaves, Dense(vectors(9)), route))["output"]
    total({"output": mine}).backward()
    for name, expected in module.named_parameters():
        torch.testing.assert_close(leaves[name].grad, expected.grad, atol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("cell", cell_names())
def test_sub_steps_run_what_the_function_runs(cell):
    network, parameters = make(cell)
    weights = bind(parameters, network.cell, 0, "forward")
    states = [torch.randn(5, dtype=torch.float64, generator=torch.Generator().manual_seed(k)) for k in (3, 4)]
    states = states[: len(network.cell.states)]
    x = vectors(1)[0]
    plain = network.cell.step(x, *states, weights)
    plain = plain if isinstance(plain, tuple) else (plain,)
    every = dict(
        zip([e.symbol for e in network.cell.equations], sub_steps(network.cell)(x, *states, weights), strict=True)
    )
    for state, value in zip(network.cell.returns, plain, strict=True):
        assert torch.equal(every[state], value)


@pytest.mark.parametrize("cell", cell_names())
def test_a_batch_is_a_vmap_of_the_same_function(cell):
    network, parameters = make(cell, bidirectional=True, layers=2)
    batch = torch.stack([vectors(6), vectors(6).flip(0), -vectors(6)])
    together = torch.func.vmap(lambda x: run(network, parameters, Dense(x), "explicit")[-1]["h"])(batch)
    alone = torch.stack([run(network, parameters, Dense(x), "explicit")[-1]["h"] for x in batch])
    torch.testing.assert_close(together, alone, atol=1e-12, rtol=0)


@pytest.mark.parametrize("cell", LOOPS)
def test_both_routes_start_from_any_state(cell):
    network, parameters = make(cell)
    x, states = vectors(30), {s: vectors(1, size=5)[0] * (k + 1) for k, s in enumerate(network.cell.states)}
    packed = [parameters[torch_name(kind, 0, "forward")] for kind in KINDS.values()]
    one = explicit(network.cell, bind(parameters, network.cell, 0, "forward"), x, states)
    other = fused(network.cell, packed, blocks(parameters, network.cell, 0, "forward"), Dense(x), states)
    for symbol in one:
        torch.testing.assert_close(one[symbol], other[symbol], atol=1e-12, rtol=0)


@pytest.mark.parametrize("cell", cell_names())
def test_the_route_taken_by_itself_is_explicit_for_short_and_fused_for_long(cell, monkeypatch):
    network, parameters = make(cell)
    taken = []
    monkeypatch.setattr("rnntui.core.unroll.fused", lambda *a: taken.append("fused") or fused(*a))
    run(network, parameters, Dense(vectors(SHORT)))
    assert taken == []
    run(network, parameters, Dense(vectors(SHORT + 1)))
    assert taken == (["fused"])


def test_an_error_in_a_cell_points_at_its_own_line():
    cell = load("lstm")
    weights = bind(make("lstm")[1], cell, 0, "forward")
    weights.b_hf = torch.zeros(3, dtype=torch.float64)
    with pytest.raises(RuntimeError) as caught:
        sub_steps(cell)(vectors(1)[0], *torch.zeros(2, 5, dtype=torch.float64), weights)
    deepest = caught.traceback[-1]
    assert str(deepest.path).endswith("lstm.py")
    assert deepest.lineno + 1 == next(e.line for e in cell.equations if e.symbol == "f")
