"""The properties of a text that units are compared with, and how closely they follow them."""

import numpy as np
import pytest

from rnntui.training.features import FEATURES, constants, correlations
from rnntui.training.neurons import EVERYWHERE, NOWHERE, Marking
from tests.training.snapshots import neurons

MARKED = {
    "inside quotes": ("say \"hi\" it's\n'no' _'", "    +++       +++    "),
    "inside brackets": ("f(a[0])+b]", " +++++    "),
    "after a capital": ("AbC d", " + + "),
    "digit": ("a1b22", " + ++"),
    "vowel": ("aXeU", "+ ++"),
    "indentation": ("  a b\n\tc", "++    + "),
}


def test_an_apostrophe_opens_no_quotation():
    assert not any(FEATURES["inside quotes"]("it doesn't work, as x isn't y"))


@pytest.mark.parametrize("name", MARKED)
def test_a_property_is_computed_for_every_character(name):
    text, marks = MARKED[name]
    assert "".join(" +"[int(value)] for value in FEATURES[name](text)) == marks


def test_the_position_in_a_line_begins_anew_with_every_line():
    assert FEATURES["line position"]("ab\nc") == [0, 1, 2, 0]


def test_correlations_are_pearsons_and_0_where_nothing_changes():
    text = "The 12 (old) 'x' Rules\n  go 3" * 5
    units = np.random.default_rng(0).normal(size=(len(text), 4)).astype(np.float32)
    units[:, 3] = 0.5
    found = correlations(text, units)
    assert found.shape == (len(FEATURES), 4)
    for place, measure in enumerate(FEATURES.values()):
        for unit in range(3):
            assert found[place, unit] == pytest.approx(np.corrcoef(measure(text), units[:, unit])[0, 1], abs=1e-6)
    assert not found[:, 3].any()


def test_a_property_that_never_changes_is_known_to_be_nowhere_or_everywhere():
    assert constants("(aa") == {
        "inside quotes": 0,
        "inside brackets": 1,
        "after a capital": 0,
        "digit": 0,
        "indentation": 0,
    }
    found = neurons(text="(aa").marked(Marking((range(3),)))
    said = {name: found.absence(place) for place, name in enumerate(found.features)}
    assert {name for name, words in said.items() if words == EVERYWHERE} == {"inside brackets", "marked"}
    assert {name for name, words in said.items() if not words} == {"line position", "vowel"}
    assert said["digit"] == NOWHERE
