from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from rnntui.cellname import OwnCell
from rnntui.core.cellfile import kept, read_cell
from rnntui.errors import BadInput
from rnntui.models.charmodel import CharModel, Shape, initial
from rnntui.models.sampler import Sampler, Taste
from rnntui.models.stepper import Stepper, reader
from rnntui.training.spec import CELLS
from tests.core.own.files import PAPERS

CHARACTERS = tuple("abcdefghijkl\n")


def made(cell, embedding=5, tied=False, layers=1, hidden=24, equations=""):
    shape = Shape(cell, hidden, layers, embedding, tied, len(CHARACTERS), equations)
    return CharModel(shape, {name: values * 2 for name, values in initial(shape, CHARACTERS, 0, "torch").items()})


def sampler(model):
    return Sampler(model.shape.cell, {name: values.numpy() for name, values in model.parameters.items()})


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("embedding", "tied", "layers"), [(0, False, 1), (5, False, 2), (24, True, 3)])
def test_logits_are_those_of_torch(cell, embedding, tied, layers):
    model = made(cell, embedding, tied, layers)
    ids = torch.randint(len(CHARACTERS), (60, 1), generator=torch.Generator().manual_seed(0))
    expected, _ = model.read(ids, model.start(1))
    reader = sampler(model)
    found = np.stack([reader.read(one) for one in ids[:, 0].tolist()])
    assert np.abs(found - expected[:, 0].numpy()).max() <= 1e-6 * max(1, float(expected.abs().max()))


@pytest.mark.parametrize("name", ["mgu", "peephole"])
@pytest.mark.parametrize(("embedding", "tied", "layers"), [(0, False, 1), (24, True, 2)])
def test_a_cell_of_ones_own_is_read_character_by_character_as_it_is_in_training(name, embedding, tied, layers):
    own = OwnCell(str(PAPERS / f"{name}.py"), name)
    equations = kept(read_cell(own, Path(own.file).read_bytes()))
    model = made(str(own), embedding, tied, layers, equations=equations)
    ids = torch.randint(len(CHARACTERS), (30, 1), generator=torch.Generator().manual_seed(0))
    expected, _ = model.read(ids, model.start(1))
    one = reader(model)
    found = np.stack([one.read(each) for each in ids[:, 0].tolist()])
    assert np.abs(found - expected[:, 0].numpy()).max() <= 1e-6 * max(1, float(expected.abs().max()))
    assert isinstance(one, Stepper)


def test_the_same_seed_writes_the_same_and_another_seed_does_not():
    def written(seed):
        return list(islice(sampler(made("lstm")).write((0, 1), Taste(1.0), seed), 50))

    assert written(0) == written(0)
    assert written(0) != written(1)


LOGITS = np.array([2, 1, 0.1], np.float32)


@pytest.mark.parametrize(
    ("taste", "chances"),
    [
        (Taste(0.5), (0.864, 0.117, 0.019)),
        (Taste(1), (0.659, 0.242, 0.099)),
        (Taste(2), (0.502, 0.304, 0.194)),
        (Taste(0), (1, 0, 0)),
        (Taste(1e-300), (1, 0, 0)),
        (Taste(1, top_k=2), (0.731, 0.269, 0)),
        (Taste(1, top_k=99), (0.659, 0.242, 0.099)),
        (Taste(1, top_p=0.66), (0.731, 0.269, 0)),
        (Taste(1, top_p=0.6), (1, 0, 0)),
        (Taste(1, top_k=1, top_p=0.9), (1, 0, 0)),
    ],
)
def test_temperature_top_k_and_top_p_do_what_their_formulas_say(taste, chances):
    assert taste.chances(LOGITS) == pytest.approx(chances, abs=6e-4)


def test_characters_come_as_often_as_their_chances_say():
    model = made("rnn", hidden=3)
    reader = sampler(model)
    expected = Taste(1).chances(reader.read(0))
    counts = np.zeros(len(CHARACTERS))
    for seed in range(3000):
        counts[next(sampler(model).write((0,), Taste(1), seed))] += 1
    assert np.abs(counts / 3000 - expected).max() < 0.03


@pytest.mark.parametrize("wrong", [{"temperature": -1}, {"temperature": float("nan")}, {"top_k": -1}, {"top_p": 0}])
def test_a_taste_that_makes_no_chances_is_refused(wrong):
    with pytest.raises(BadInput):
        Taste(**wrong)
