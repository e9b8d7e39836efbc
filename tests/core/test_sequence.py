"""What a network reads: in chunks, from any length and width, as ids or as the vectors that they stand for."""

import pytest
import torch

from rnntui.core.loops import LOOPS
from rnntui.core.sequence import Dense, OneHot
from rnntui.core.unroll import run
from rnntui.names import cell_names
from tests.core.networks import make, vectors


@pytest.mark.parametrize("hidden", [1, 3])
@pytest.mark.parametrize("steps", [1, 2, 3, 200, 1001])
@pytest.mark.parametrize("cell", LOOPS)
def test_lengths_and_widths_at_the_edges(cell, steps, hidden):
    network, parameters = make(cell, hidden=hidden, size=1, bidirectional=True)
    x = Dense(vectors(steps, size=1))
    for one, other in zip(run(network, parameters, x, "explicit"), run(network, parameters, x, "fused"), strict=True):
        for symbol in one:
            assert one[symbol].shape == (steps, hidden)
            torch.testing.assert_close(one[symbol], other[symbol], atol=1e-12, rtol=0)


@pytest.mark.parametrize("route", ["explicit", "fused"])
@pytest.mark.parametrize("cell", LOOPS)
def test_ids_read_the_same_as_the_one_hot_vectors_that_they_stand_for(cell, route):
    network, parameters = make(cell, bidirectional=True, layers=2)
    ids = torch.randint(4, (40,), generator=torch.Generator().manual_seed(2))
    sparse = run(network, parameters, OneHot(ids, 4, torch.float64), route)
    dense = run(network, parameters, Dense(torch.eye(4, dtype=torch.float64)[ids]), route)
    for one, other in zip(sparse, dense, strict=True):
        for symbol in one:
            torch.testing.assert_close(one[symbol], other[symbol], atol=1e-12, rtol=0)


@pytest.mark.parametrize("route", ["explicit", "fused"])
@pytest.mark.parametrize("cell", cell_names())
def test_a_long_sequence_read_in_chunks_is_the_same_sequence(cell, route, monkeypatch):
    network, parameters = make(cell, bidirectional=True, layers=2)
    ids = torch.randint(4, (100,), generator=torch.Generator().manual_seed(2))
    x = OneHot(ids, 4, torch.float64)
    whole = run(network, parameters, x, route)
    for limit, number in (("MOST_NUMBERS", 7 * 4), ("MOST_STEPS", 11)):
        with monkeypatch.context() as patch:
            patch.setattr(f"rnntui.core.unroll.{limit}", number)
            pieces = run(network, parameters, x, route)
        for one, other in zip(whole, pieces, strict=True):
            for symbol in one:
                torch.testing.assert_close(one[symbol], other[symbol], atol=1e-12, rtol=0)


def test_chunks_are_consecutive_and_whole():
    ids = torch.arange(10)
    assert [chunk.ids.tolist() for chunk in OneHot(ids, 10, torch.float32).chunks(4)] == [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9],
    ]
    assert [len(chunk) for chunk in Dense(torch.zeros(10, 2)).chunks(4)] == [4, 4, 2]


@pytest.mark.parametrize("cell", LOOPS)
def test_a_vocabulary_wider_than_the_gates_is_read_without_its_one_hot_vectors(cell, monkeypatch):
    network, parameters = make(cell, size=50, hidden=2, bidirectional=True, layers=2)
    x = OneHot(torch.randint(50, (60,), generator=torch.Generator().manual_seed(2)), 50, torch.float64)
    expected = run(network, parameters, x, "explicit")
    monkeypatch.delattr(OneHot, "rows")
    for one, other in zip(expected, run(network, parameters, x, "fused"), strict=True):
        for symbol in one:
            torch.testing.assert_close(one[symbol], other[symbol], atol=1e-12, rtol=0)
