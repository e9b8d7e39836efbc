"""The panes of the Train screen: tabbed through, pointed at, written to files."""

import csv
import io

import pytest

from rnntui.ui.screens.ask import PageScreen
from rnntui.ui.screens.once import Line
from tests.training.snapshots import reading
from tests.ui.seen import notices, shown

PANES = ["writing", "chances", "h", "gates", "neuron", "sequence", "bits", "norm", "ratio"]


@pytest.mark.slow
async def test_every_pane_is_written_as_numbers_or_as_text(play, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with play(size=(200, 50)) as one:
        await one.press("space")
        for step in (0, 10):
            await one.show(step=step, bits=6 - step / 10, update_ratios={"layer 0": 0.01} if step else {})
        await one.press("f")
        written = {}
        for number in range(len(PANES)):
            await one.press("tab", "x")
            one.app.screen.query_one(Line).value = f"{number}.csv"
            await one.press("enter")
            written[one.app.activity.focused.id] = (tmp_path / f"{number}.csv").read_text().splitlines()
        heads = {pane: lines[0] for pane, lines in written.items()}
        assert heads == {
            "sequence": "t,character,layer,unit,i,f,g,o,c,h",
            "bits": "run,what,step,bits per character",
            "norm": "run,step,gradient norm,clip",
            "ratio": "run,step,layer 0",
            "writing": "place,character,seen in training",
            "chances": "character,probability after t=1",
            "h": "t,character,layer,unit,i,f,g,o,c,h",
            "gates": "t,character,layer,unit,i,f,g,o,c,h",
            "neuron": "t,character,h of unit 4",
        }
        assert written["bits"][1:4] == [
            "1 lstm 6,training,10,5.0",
            "1 lstm 6,validation,0,6.0",
            "1 lstm 6,validation,10,5.0",
        ]
        assert written["bits"][-1] == ",3-grams,,2.5"
        assert written["ratio"][1:] == ["1 lstm 6,10,0.01"]
        assert written["norm"][1].startswith("1 lstm 6,10,")
        assert len(written["h"]) == 1 + 9 * 6
        with io.StringIO("\n".join(written["chances"])) as stream:
            _, *expected = csv.reader(stream)
        assert sum(float(chance) for _, chance in expected) == pytest.approx(1)
        await one.press("tab", "x", "ctrl+u", *"pane.svg", "enter")
        assert "<svg" in (tmp_path / "pane.svg").read_text()
        assert notices(one.app)[-1] == "Written: pane.svg"
        await one.press("x", "ctrl+u", *"pane.svg", "enter")
        assert "exists already" in notices(one.app)[-1]


@pytest.mark.parametrize("size", [(200, 50), (120, 36), (80, 24), (60, 16)])
async def test_p_goes_from_plot_to_plot_and_each_row_keeps_the_pane_that_was_chosen(play, size):
    async with play(size=size) as one:
        await one.press("space")
        for step in range(8):
            await one.show(step=step, gradient_norm=10.0**-step, update_ratios={"layer 0": 10.0 ** (-2 - step)})
        await one.press("p")
        assert one.app.activity.focused.id == ("norm" if size[0] >= 100 else "bits")
        await one.press("p", *["p"] * (size[0] < 100))
        assert one.app.activity.focused.id == "ratio"
        assert "layer 0 1.0e−9" in shown(one.app, "ratio")
        if size[1] >= 20:
            one.app.activity.board.go("gates")
            await one.press()
            assert one.app.activity.query_one("#ratio").display
            assert one.app.activity.query_one("#gates").display
            await one.press("p")
            assert one.app.activity.query_one("#gates").display
            assert one.app.activity.focused.id == "bits"


async def test_the_cursor_moves_over_characters_and_units_and_a_click_points(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=5, reading=reading(5, layers=2))
        await one.press("right", "l", "left", "down", "j", "k", "right_square_bracket")
        cursor = one.app.activity.cursor
        assert (cursor.t, cursor.unit, cursor.layer) == (2, 1, 1)
        assert "layer 1 · unit 1" in str(one.app.activity.query_one("#h").border_title)
        await one.pilot.click("#chances")
        await one.pilot.click("#sequence", offset=(6, 0))
        assert one.app.activity.cursor.t == 4


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (200, 50), (60, 16), (40, 12)])
async def test_tab_goes_through_every_pane_which_shows_something(play, size):
    async with play(size=size) as one:
        await one.press("space")
        await one.show(step=0)
        await one.show(step=5)
        seen = []
        for _ in PANES:
            focused = one.app.activity.focused
            assert focused.region.area > 0, focused
            assert focused.painting().text().strip(), focused
            seen.append(focused.id)
            await one.press("tab")
        assert seen == PANES
        await one.press("question_mark")
        assert isinstance(one.app.screen, PageScreen)
