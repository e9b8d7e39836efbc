"""What the screens look like, drawn from stored records, so that no processor's last bit changes a picture.

RNNTUI_DRAW=1 draws the records and pictures anew; look at them before committing.
"""

import os
from concurrent.futures import Future
from pathlib import Path

import pytest

from rnntui.core.store import from_npz, to_npz
from rnntui.scene import parse
from rnntui.ui.app import RnntuiApp

HERE = Path(__file__).parent
DRAW = bool(os.environ.get("RNNTUI_DRAW"))
PANGRAM = "the%20quick%20brown%20fox%20jumps%20over%20the%20lazy%20dog"
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


class Stored:
    """An engine that answers every question with one stored record."""

    def __init__(self, name, line):
        self.file = HERE / "records" / f"{name}.npz"
        if DRAW:
            from rnntui import lab

            to_npz(lab.trace(parse(line)), self.file)

    def listen(self, _tell):
        """Nothing ever happens."""

    def start(self):
        """Nothing has to be started."""

    def ask(self, *_question):
        answer = Future()
        answer.set_result(from_npz(self.file))
        return answer


@pytest.mark.parametrize(("name", "line", "size", "theme", "keys"), PICTURES)
async def test_the_screen_looks_as_it_was_approved(name, line, size, theme, keys, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = RnntuiApp(Stored(name, line), parse(line), theme=theme, colours="truecolor")
    async with app.run_test(size=size) as pilot:
        await app.idle()
        await pilot.press(*keys)
        await app.idle()
        await pilot.pause()
        svg = app.export_screenshot()
    words = "-".join([name, f"{size[0]}x{size[1]}", *([theme] if theme != "dark" else []), *keys])
    approved = HERE / "snapshots" / f"{words}.svg"
    if DRAW:
        approved.write_text(svg, encoding="utf-8")
    assert svg == approved.read_text(encoding="utf-8")


def test_a_stored_record_is_the_trace_of_its_scene():
    from rnntui import lab

    for name, line in {name: line for name, line, *_ in PICTURES}.items():
        stored, fresh = from_npz(HERE / "records" / f"{name}.npz"), lab.trace(parse(line))
        assert stored.tokens == fresh.tokens
        assert stored.equations == fresh.equations
        assert abs(stored.output - fresh.output).max() < 1e-5
