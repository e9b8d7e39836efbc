"""What the Gradients screen looks like, drawn from stored records; the first picture is the README's."""

import numpy as np
import pytest

from rnntui.paint import highway
from rnntui.scene import parse
from tests.ui.pictures import DRAW, PANGRAM, Stored, looks_as_approved, named, record
from tests.ui.stored import found, keep

OPEN = f"gradients:cell=lstm,text={PANGRAM},hidden=16,seed=0,init=forget-bias%3D3,t=30,unit=2"
RIVER = "gradients:cell=gru,text=the%20river%20bank%20floods,tokens=word,hidden=6,bidirectional=yes,loss=mean"
RIVER += ",clip=value:0.01,seed=3,t=3,direction=backward"
CELLS = ("rnn", "lstm", "gru")

PICTURES = [
    ("gradients-lstm", OPEN, (120, 36), "dark", ()),
    ("gradients-lstm", OPEN, (80, 24), "light", ()),
    ("gradients-lstm", OPEN, (200, 50), "dark", ()),
    ("gradients-lstm", OPEN, (60, 16), "contrast", ("home",)),
    ("gradients-gru-both-ways", RIVER, (120, 36), "dark", ("shift+tab", "shift+tab")),
]


def engine(name, line):
    """Answers with the stored study and spectrum of a scene."""
    if DRAW:
        from rnntui import lab

        keep(lab.study(parse(line), CELLS), record(f"{name}-study"))
        keep(lab.spectrum(parse(line)), record(f"{name}-spectrum"))
    return Stored(
        study=lambda: found(record(f"{name}-study")),
        spectrum=lambda: found(record(f"{name}-spectrum")),
    )


@pytest.mark.parametrize(("name", "line", "size", "theme", "keys"), PICTURES)
async def test_the_screen_looks_as_it_was_approved(name, line, size, theme, keys, monkeypatch):
    picture = named(name, size, theme)
    await looks_as_approved(picture, engine(name, line), parse(line), size, theme, keys, monkeypatch)


def test_a_stored_record_is_the_study_of_its_scene():
    from rnntui import lab

    for name, line in {name: line for name, line, *_ in PICTURES}.items():
        stored, fresh = found(record(f"{name}-study")), lab.study(parse(line), CELLS)
        assert highway.sentences(stored) == highway.sentences(fresh)
        for one, other in zip(stored.gradients.passes, fresh.gradients.passes, strict=True):
            assert list(one.paths) == list(other.paths)
            for path in one.paths:
                np.testing.assert_allclose(one.paths[path], other.paths[path], rtol=1e-4, atol=1e-6)
