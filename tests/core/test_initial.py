import itertools

import pytest
import torch

from rnntui.core.equations import load
from rnntui.core.initial import draw, input_vectors
from rnntui.core.parameters import Network
from rnntui.names import cell_names


@pytest.mark.parametrize("cell", cell_names())
def test_the_distribution_is_torchs_uniform_within_one_over_the_root_of_hidden(cell):
    drawn = draw(Network(load(cell), 40, 64, 2, True), 0, tuple(map(str, range(40))))
    for values in drawn.values():
        assert values.abs().max() <= 1 / 8
    everything = torch.cat([values.flatten() for values in drawn.values()]) * 8
    assert everything.dtype == torch.float64
    assert abs(everything.mean()) < 0.01
    assert abs(everything.var() - 1 / 3) < 0.01
    for low in torch.linspace(-1, 0.9, 20):
        assert abs(((everything >= low) & (everything < low + 0.1)).double().mean() - 0.05) < 0.005


def test_editing_the_text_leaves_the_weights_of_what_stayed_untouched():
    cell = load("lstm")
    before = draw(Network(cell, 3, 5, 2, True), 7, "abc")
    after = draw(Network(cell, 4, 5, 2, True), 7, "xcab")
    for name in before:
        if name in {"weight_ih_l0", "weight_ih_l0_reverse"}:
            for column, token in enumerate("abc"):
                assert torch.equal(before[name][:, column], after[name][:, "xcab".index(token)])
        else:
            assert torch.equal(before[name], after[name])


def test_adding_a_layer_or_a_direction_leaves_the_others_untouched():
    cell = load("gru")
    small = draw(Network(cell, 3, 5), 0, "abc")
    deep, wide = draw(Network(cell, 3, 5, 3), 0, "abc"), draw(Network(cell, 3, 5, 1, True), 0, "abc")
    for name, values in small.items():
        assert torch.equal(values, deep[name])
        assert torch.equal(values, wide[name])


def test_no_two_parameters_columns_or_seeds_share_their_numbers():
    cell = load("rnn")
    drawn = [draw(Network(cell, 2, 5, 2, True), seed, "ab") for seed in (0, 1, 2**63 - 1)]
    columns = [values.flatten()[:5] for one in drawn for values in one.values()]
    columns += [values[:, 1] for one in drawn for name, values in one.items() if name.startswith("weight_ih_l0")]
    for one, other in itertools.combinations(columns, 2):
        assert not torch.equal(one, other)


def test_the_drawn_numbers_never_change_between_versions_of_ours_nor_between_processes():
    """Every process has other hashes of strings: numbers that hung on them would not be these."""
    drawn = draw(Network(load("rnn"), 2, 1), 0, "ab")
    assert [round(value, 6) for value in drawn["weight_ih_l0"].flatten().tolist()] == [0.479853, 0.4109]


def test_input_vectors_are_standard_normal_and_the_tokens_own():
    many = input_vectors(tuple(map(str, range(2000))), 16, 0)
    assert many.shape == (2000, 16)
    assert abs(many.mean()) < 0.02
    assert abs(many.std() - 1) < 0.02
    assert torch.equal(input_vectors("ab", 16, 3)[1], input_vectors("xyb", 16, 3)[2])
    assert not torch.equal(input_vectors("a", 16, 3), input_vectors("a", 16, 4))
