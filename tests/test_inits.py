"""The comma list of an initialisation, read and changed word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnntui import inits, lab
from rnntui.scene import Scene

LISTS = st.lists(
    st.sampled_from(["torch", "orthogonal", "identity", "zeros", "forget-bias=1", "spectral-radius=0.9", "delay=20"]),
    min_size=1,
).map(",".join)


@pytest.mark.parametrize(
    ("init", "name", "value", "expected"),
    [
        ("torch", "forget-bias", 1.0, "forget-bias=1"),
        ("forget-bias=2", "forget-bias", 3.0, "forget-bias=3"),
        ("orthogonal", "forget-bias", -0.5, "orthogonal,forget-bias=-0.5"),
        ("orthogonal,forget-bias=2,zeros", "forget-bias", 3.0, "orthogonal,forget-bias=3,zeros"),
        ("forget-bias=1", "forget-bias", None, "torch"),
        ("spectral-radius=1, forget-bias=1", "spectral-radius", None, "forget-bias=1"),
        ("forget-bias=1,zeros,forget-bias=2", "forget-bias", 3.0, "zeros,forget-bias=3"),
    ],
)
def test_a_number_replaces_the_one_there_was_and_stays_in_its_place(init, name, value, expected):
    assert inits.with_number(init, name, value) == expected


@given(LISTS, st.sampled_from(["forget-bias", "spectral-radius"]), st.none() | st.integers(-5, 5))
def test_what_was_put_in_is_read_again_and_nothing_else_has_changed(init, name, value):
    changed = inits.with_number(init, name, value)
    assert inits.number(changed, name) == value
    assert inits.base(changed) == inits.base(init)
    others = [word for word in inits.words(init) if not word.startswith(name) and word != "torch"]
    assert [word for word in inits.words(changed) if not word.startswith(name) and word != "torch"] == others


@given(LISTS, st.sampled_from(inits.BASES))
def test_another_base_comes_first_and_what_is_done_to_it_stays(init, name):
    changed = inits.with_base(init, name)
    assert inits.base(changed) == name
    kept = [word for word in inits.words(init) if word not in inits.BASES]
    assert [word for word in inits.words(changed) if word not in inits.BASES] == kept


def test_a_number_that_is_none_counts_as_none():
    assert inits.number("forget-bias=much", "forget-bias") is None


def test_a_number_may_have_the_minus_that_the_screen_writes():
    assert inits.number("orthogonal,forget-bias=−1.5", "forget-bias") == -1.5
    drawn = [lab.parameters(Scene(text="ab", init=f"forget-bias={minus}1.5"))["bias_ih_l0"] for minus in "-−"]
    assert (drawn[0] == drawn[1]).all()
