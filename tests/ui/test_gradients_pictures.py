"""What the Gradients screen looks like, drawn from stored records; RNNTUI_DRAW=1 draws them anew.

The first picture is the README's.
"""

import os
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from rnntui.paint import highway
from rnntui.scene import parse
from rnntui.ui.app import RnntuiApp
from tests.ui.stored import found, keep

HERE = Path(__file__).parent
DRAW = bool(os.environ.get("RNNTUI_DRAW"))
PANGRAM = "the%20quick%20brown%20fox%20jumps%20over%20the%20lazy%20dog"
OPEN = f"gradients:cell=lstm,text={PANGRAM},hidden=16,seed=0,init=forget-bias%3D3,t=30,unit=2"
RIVER = "gradients:cell=gru,text=the%20river%20bank%20floods,tokens=word,hidden=6,bidirectional=yes,loss=mean"
RIVER += ",clip=value:0.01,seed=3,t=3,direction=backward"

PICTURES = [
    ("gradients-lstm", OPEN, (120, 36), "dark", ()),
    ("gradients-lstm", OPEN, (80, 24), "light", ()),
    ("gradients-lstm", OPEN, (200, 50), "dark", ()),
    ("gradients-lstm", OPEN, (60, 16), "contrast", ("home",)),
    ("gradients-gru-both-ways", RIVER, (120, 36), "dark", ("shift+tab", "shift+tab")),
]


class Stored:
    """An engine that answers with stored records."""

    def __init__(self, name, line):
        self.name = name
        if DRAW:
            from rnntui import lab

            cells = ("rnn", "lstm", "gru")
            keep(lab.study(parse(line), cells), self.file("study"))
            keep(lab.spectrum(parse(line)), self.file("spectrum"))

    def file(self, question):
        return HERE / "records" / f"{self.name}-{question}.npz"

    def listen(self, _tell):
        """Nothing dies."""

    def start(self):
        """Nothing has to be started."""

    def ask(self, question, *_arguments):
        answer = Future()
        answer.set_result(found(self.file(question)))
        return answer


@pytest.mark.parametrize(("name", "line", "size", "theme", "keys"), PICTURES)
async def test_the_screen_looks_as_it_was_approved(name, line, size, theme, keys, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = RnntuiApp(Stored(name, line), parse(line), theme=theme, colours="truecolor")
    async with app.run_test(size=size) as pilot:
        await app.idle()
        for key in keys:
            await pilot.press(key)
            await app.idle()
        await pilot.pause()
        svg = app.export_screenshot()
    words = "-".join([name, f"{size[0]}x{size[1]}", *([theme] if theme != "dark" else [])])
    approved = HERE / "snapshots" / f"{words}.svg"
    if DRAW:
        approved.write_text(svg, encoding="utf-8")
    assert svg == approved.read_text(encoding="utf-8")


def test_a_stored_record_is_the_study_of_its_scene():
    from rnntui import lab

    for name, line in {name: line for name, line, *_ in PICTURES}.items():
        stored, fresh = found(Stored(name, line).file("study")), lab.study(parse(line), ("rnn", "lstm", "gru"))
        assert highway.sentences(stored) == highway.sentences(fresh)
        for one, other in zip(stored.gradients.passes, fresh.gradients.passes, strict=True):
            assert list(one.paths) == list(other.paths)
            for path in one.paths:
                np.testing.assert_allclose(one.paths[path], other.paths[path], rtol=1e-4, atol=1e-6)
