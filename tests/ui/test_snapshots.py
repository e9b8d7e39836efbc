"""What the Explore screen looks like, drawn from stored records; the first picture is the README's."""

import pytest

from rnntui.core.store import from_npz, to_npz
from rnntui.scene import parse
from tests.ui.pictures import DRAW, PANGRAM, Stored, looks_as_approved, named, record

FOX = f"explore:cell=lstm,text={PANGRAM},hidden=8,seed=0,t=9,symbol=f,unit=2"
RIVER = "explore:cell=gru,text=the%20river%20bank,tokens=word,hidden=6,bidirectional=yes,seed=3,t=2,symbol=z"
RELU = "explore:cell=rnn-relu,text=1%2C0%2C0%2C-1%2C0,tokens=number,hidden=4,seed=1,t=4"

PICTURES = [
    ("lstm", FOX, (120, 36), "dark", ()),
    ("lstm", FOX, (80, 24), "dark", ()),
    ("lstm", FOX, (200, 50), "dark", ()),
    ("lstm", FOX, (120, 36), "light", ("n", "n", "n")),
    ("lstm", FOX, (120, 36), "contrast", ("enter", "down")),
    ("gru-both-ways", RIVER, (120, 36), "dark", ()),
    ("gru-both-ways", RIVER, (80, 24), "light", ()),
    ("rnn-relu-numbers", RELU, (120, 36), "dark", ("e",)),
    ("rnn-relu-numbers", RELU, (60, 16), "dark", ()),
]


@pytest.mark.parametrize(("name", "line", "size", "theme", "keys"), PICTURES)
async def test_the_screen_looks_as_it_was_approved(name, line, size, theme, keys, monkeypatch):
    if DRAW:
        from rnntui import lab

        to_npz(lab.trace(parse(line)), record(name))
    engine = Stored(trace=lambda: from_npz(record(name)))
    await looks_as_approved(named(name, size, theme, *keys), engine, parse(line), size, theme, keys, monkeypatch)


def test_a_stored_record_is_the_trace_of_its_scene():
    from rnntui import lab

    for name, line in {name: line for name, line, *_ in PICTURES}.items():
        stored, fresh = from_npz(record(name)), lab.trace(parse(line))
        assert stored.tokens == fresh.tokens
        assert stored.equations == fresh.equations
        assert abs(stored.output - fresh.output).max() < 1e-5
