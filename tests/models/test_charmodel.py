import pytest
import torch

from rnntui.core.modules import module
from rnntui.models.charmodel import EMBEDDING, READOUT, CharModel, Shape, initial

CHARACTERS = tuple("abcdefgh\n")
SIZES = [(0, False, 1), (5, False, 2), (6, True, 1)]


def made(cell, embedding, tied, layers, init="torch"):
    shape = Shape(cell, 6, layers, embedding, tied, len(CHARACTERS))
    return CharModel(shape, initial(shape, CHARACTERS, 0, init))


def some_ids(steps=12, rows=3):
    return torch.randint(len(CHARACTERS), (steps, rows), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn", "rnn-relu"])
@pytest.mark.parametrize(("embedding", "tied", "layers"), SIZES)
def test_logits_are_those_of_torchs_modules_with_the_same_parameters(cell, embedding, tied, layers):
    model = made(cell, embedding, tied, layers)
    ids = some_ids()
    network = model.shape.network
    theirs = module(network, {name: model.parameters[name] for name in network.shapes})
    x = model.parameters[EMBEDDING][ids] if embedding else torch.eye(len(CHARACTERS))[ids]
    weight = model.parameters[EMBEDDING if tied else READOUT[0]]
    expected = theirs(x)[0] @ weight.t() + model.parameters[READOUT[1]]
    found, _ = model.read(ids, model.start(3))
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn", "gru-reset-before"])
def test_reading_in_two_pieces_with_the_states_carried_is_reading_at_once(cell):
    model, ids = made(cell, 5, False, 2), some_ids()
    whole, _ = model.read(ids, model.start(3))
    first, states = model.read(ids[:5], model.start(3))
    second, _ = model.read(ids[5:], states)
    torch.testing.assert_close(torch.cat([first, second]), whole, rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn", "gru-reset-before"])
def test_every_parameter_gets_the_gradient_that_a_small_change_has(cell):
    model = made(cell, 5, False, 2)
    doubled = {name: values.double().requires_grad_() for name, values in model.parameters.items()}
    ids = some_ids(4, 2)

    def loss(*parameters):
        changed = CharModel(model.shape, dict(zip(doubled, parameters, strict=True)))
        logits, _ = changed.read(ids[:-1], changed.start(2))
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[1:].flatten())

    assert torch.autograd.gradcheck(loss, tuple(doubled.values()), fast_mode=True)


def test_a_character_keeps_its_numbers_in_another_text():
    shape = Shape("lstm", 6, 1, 5, False, 3)
    first, second = (initial(shape, text, 0, "torch") for text in (("a", "b", "c"), ("b", "c", "d")))
    assert torch.equal(first[EMBEDDING][1], second[EMBEDDING][0])
    assert torch.equal(first[READOUT[0]][2], second[READOUT[0]][1])
    assert torch.equal(first["weight_hh_l0"], second["weight_hh_l0"])


def test_dropout_leaves_units_out_and_keeps_the_mean_and_repeats_with_its_source():
    model, ids = made("gru", 5, False, 2), some_ids()
    plain, _ = model.read(ids, model.start(3))
    found = [model.read(ids, model.start(3), 0.5, torch.Generator().manual_seed(seed))[0] for seed in (0, 0, 1)]
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])
    assert not torch.equal(found[0], plain)


def test_names_and_initialisations_are_those_of_every_other_network():
    model = made("lstm", 5, False, 1, "orthogonal,forget-bias=1")
    assert list(model.parameters) == list(model.shape.shapes)
    assert all(tuple(model.parameters[name].shape) == shape for name, shape in model.shape.shapes.items())
    assert torch.equal(model.parameters["bias_ih_l0"][6:12], torch.ones(6))
    block = model.parameters["weight_hh_l0"][:6]
    torch.testing.assert_close(block @ block.t(), torch.eye(6))
