"""Pictures of the app, drawn from stored records, so that no processor's last bit changes them.

RNNTUI_DRAW=1 draws the records and pictures anew; look at them before committing. RNNTUI_DRAW=train --timeout 0 also
trains anew, which takes minutes, for the pictures of a training.
"""

import os
from concurrent.futures import Future
from pathlib import Path

from rnntui.ui.app import RnntuiApp

HERE = Path(__file__).parent
DRAW = os.environ.get("RNNTUI_DRAW", "")
PANGRAM = "the%20quick%20brown%20fox%20jumps%20over%20the%20lazy%20dog"


def record(name):
    """The file of a stored record."""
    return HERE / "records" / f"{name}.npz"


class Stored:
    """An engine that answers questions with stored records: the name of a question → what reads its answer."""

    def __init__(self, **answers):
        self.answers = answers
        self.ready = Future()
        self.ready.set_result(None)

    def listen(self, _tell):
        """Nothing ever happens."""

    def start(self):
        """Nothing has to be started."""

    def warm_up(self):
        """Ready as well."""
        return self.ready

    def ask(self, question, *_arguments):
        answer = Future()
        answer.set_result(self.answers[question]())
        return answer


async def looks_as_approved(picture, engine, scene, size, theme, moves, monkeypatch):
    """Open a scene, press keys or call functions of the app, and compare with the approved picture of that name."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = RnntuiApp(engine, scene, theme=theme, colours="truecolor")
    async with app.run_test(size=size) as pilot:
        await app.idle()
        for move in moves:
            await pilot.press(move) if isinstance(move, str) else move(app)
            await app.idle()
        await pilot.pause()
        svg = app.export_screenshot()
    approved = HERE / "snapshots" / f"{picture}.svg"
    if DRAW:
        approved.write_text(svg, encoding="utf-8")
    same = svg == approved.read_text(
        encoding="utf-8"
    )  # of two pictures, pytest would compare line with line for minutes
    assert same, f"{approved.name} is another picture now"


def named(name, size, theme, *more):
    """What a picture is called: lstm-80x24-light-n."""
    return "-".join([name, f"{size[0]}x{size[1]}", *([theme] if theme != "dark" else []), *more])
