from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnntui.core.equations import load
from rnntui.errors import BadInput
from rnntui.training.record import Change, Knobs, knobs_at
from rnntui.training.spec import CELLS, PRESETS, RANGES, CharModelSpec, preset

specs = st.builds(
    CharModelSpec,
    cell=st.sampled_from(CELLS),
    file=st.text(st.characters(exclude_categories=["Cs"])),
    hidden=st.integers(1, 1024),
    dropout=st.floats(0, 0.9),
    learning_rate=st.floats(*RANGES["learning_rate"]),
    clip=st.floats(0, 100),
    seed=st.integers(0, 2**63 - 1),
    steps=st.integers(1, 10**9),
)


@given(specs)
def test_a_spec_comes_back_from_its_json_to_the_last_bit(spec):
    assert CharModelSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hidden": 0}, "hidden = 0 is outside 1…1024"),
        ({"hidden": 2.5}, "whole number"),
        ({"hidden": True}, "whole number"),
        ({"tied": 1}, "yes or no"),
        ({"corpus": 3}, "text"),
        ({"learning_rate": float("nan")}, "learning_rate = nan is outside"),
        ({"learning_rate": 0}, "outside"),
        ({"cell": "lstn"}, "'lstm'"),
        ({"cell": "mgu"}, "Known: lstm, gru"),
        ({"tied": True}, "make them equal"),
        ({"seed": -1}, "seed"),
        ({"hidden": 1024, "batch": 1024, "sequence": 2048}, "more than 16,777,216; make one of them smaller"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_its_field(changes, said):
    with pytest.raises(BadInput, match=said):
        CharModelSpec(**changes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no spec"),
        ("[1]", "no spec"),
        ('{"format": 2}', "another version"),
        ('{"format": 1, "hiden": 3}', "'hidden'"),
        ('{"format": 1, "hidden": "3"}', "whole number"),
    ],
)
def test_what_is_no_spec_is_refused(text, said):
    with pytest.raises(BadInput, match=said):
        CharModelSpec.from_json(text)


def test_the_learning_rate_rises_straight_and_falls_as_half_a_cosine():
    spec = CharModelSpec(learning_rate=1.0, warm_up=10, decay=0.1, steps=110)
    assert [spec.rate(step) for step in (1, 5, 10)] == pytest.approx([0.1, 0.5, 1.0])
    assert spec.rate(60) == pytest.approx(0.55)
    assert spec.rate(110) == pytest.approx(0.1)
    assert spec.rate(60, peak=2.0) == pytest.approx(1.1)
    assert CharModelSpec(warm_up=0, steps=1).rate(1) > 0


@pytest.mark.parametrize("cell", [None, *CELLS])
@pytest.mark.parametrize("seconds", [0.1, 10, 29, 45, 60, 1e6])
def test_every_time_and_cell_has_a_preset(seconds, cell):
    spec = preset(seconds, cell)
    assert cell in {None, spec.cell}
    assert ("forget-bias" in spec.init) == (load(spec.cell).keeping_gate is not None)
    longest = max((known for known in PRESETS if known <= seconds), default=10)
    assert spec.hidden == PRESETS[longest].hidden


def test_a_cell_of_ones_own_has_a_preset_of_its_own_and_a_short_name():
    spec = preset(60, "/a folder/mgu.py:mgu")
    assert (spec.hidden, spec.init, spec.slow) == (128, "orthogonal", True)
    assert (spec.title, spec.cell_title) == ("stdlib-docs-mgu", "mgu.py:mgu")
    assert CharModelSpec(cell="/x/a\x1b.py:f").cell_title == "a?.py:f"
    assert CharModelSpec.from_json(spec.to_json()) == spec


def test_knobs_are_a_function_of_the_spec_and_the_log():
    spec = CharModelSpec()
    log = (Change("learning_rate", 0.5, 3), Change("sequence", 7.0, 5), Change("learning_rate", 0.25, 5))
    assert knobs_at(spec, log, 2) == Knobs.of(spec)
    assert knobs_at(spec, log, 3) == replace(Knobs.of(spec), learning_rate=0.5)
    found = knobs_at(spec, log, 9)
    assert (found.learning_rate, found.sequence, type(found.sequence)) == (0.25, 7, int)


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("learning_rat", 1),
        ("learning_rate", "much"),
        ("learning_rate", float("inf")),
        ("sequence", 0),
        ("sequence", 2.5),
        ("top_p", 0),
        ("prime", 3),
        ("clip", -1),
    ],
)
def test_a_knob_turned_too_far_is_refused(knob, value):
    with pytest.raises(BadInput):
        Change(knob, value)


def test_a_change_comes_back_from_its_fields():
    change = Change("prime", "hé\n", 3)
    assert Change(**change.to_fields()) == change
    assert asdict(change) == change.to_fields()
