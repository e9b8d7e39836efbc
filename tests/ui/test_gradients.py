"""The Gradients screen, walked, turned, tabbed through, and written to files."""

from concurrent.futures import Future

import pytest

from rnntui.engine.worker import InlineEngine
from rnntui.errors import BadInput
from rnntui.paint import curve
from rnntui.scene import Scene
from rnntui.ui.keys import APP, GRADIENTS
from rnntui.ui.screens.ask import PageScreen
from tests.core.own.files import MGU as FILE
from tests.paint.flows import FOX, SMALL
from tests.paint.traces import MGU
from tests.ui.engines import Counting
from tests.ui.seen import notices, shown

PANES = ["curve", "knobs", "spectrum", "cell", "paths", "clipping", "weights"]


async def test_three_presses_of_f_show_that_default_cells_vanish_and_that_the_bias_opens_the_highway(open_app, press):
    async with open_app("explore:cell=lstm,text=the%20quick%20brown%20fox,hidden=8,seed=0,t=0") as (app, pilot):
        await press(app, pilot, "2")
        assert app.activity.ACTIVITY == "gradients"
        assert app.activity.cursor.t == 20
        curves = {one.cell: one for one in app.activity.record.curves}
        before = shown(app, "sentence")
        assert all(curves[cell].half_life < 2 for cell in ("rnn", "lstm", "gru"))
        assert f"halves every {curves['lstm'].half_life:.1f} steps" in before
        assert "Press f three times" in before
        await press(app, pilot, "f", "f", "f")
        assert app.activity.scene.init == "forget-bias=3"
        after = {one.cell: one for one in app.activity.record.curves}
        assert after["lstm"].half_life is None or after["lstm"].half_life > 8
        assert after["gru"].half_life > 8
        assert "With a forget bias of 3" in shown(app, "sentence")
        await press(app, pilot, "F", "u", "u")
        assert app.activity.scene.init == "forget-bias=2"
        await press(app, pilot, "ctrl+r")
        assert app.activity.scene.init == "forget-bias=3"


async def test_the_gradient_walks_back_and_returns_and_every_pane_goes_with_it(open_app, press):
    engine = Counting()
    async with open_app(FOX, engine=engine) as (app, pilot):
        activity, one = app.activity, app.activity.record.gradients.top
        assert "At the loss (last)" in shown(app, "sequence")
        await press(app, pilot, "left", "h", "left", "right", "down", "j", "k")
        assert (activity.cursor.t, activity.cursor.unit, activity.cursor.walk) == (18, 1, "back")
        assert f"= {one.total['h'][17, 1]:+.3f}".rstrip("0")[:5].replace("-", "−") in shown(app, "sequence")
        assert "t = 18" in str(app.activity.query_one("#paths").border_title)
        assert "at t = 18" in shown(app, "curve")
        await press(app, pilot, "home", "left")
        assert activity.cursor.t == 0
        assert "come to the initial state" in shown(app, "sequence")
        await press(app, pilot, "end", "right", "g", *"7", "enter")
        assert activity.cursor.t == 7
        await press(app, pilot, "w", "right", "right")
        assert (activity.cursor.t, activity.cursor.walk) == (2, "forward")
        assert "Nothing flows back" in shown(app, "paths")
        await press(app, pilot, "end")
        assert (activity.cursor.t, activity.cursor.walk) == (20, "back")
        assert engine.asked == ["study"]


async def test_space_plays_forward_to_the_loss_and_back_to_the_start(open_app, press):
    async with open_app(SMALL) as (app, pilot):
        activity = app.activity
        activity.autoplay.speed = 6
        await press(app, pilot, "w")
        seen = []

        def note(cursor):
            seen.append(cursor)

        app.watch(activity, "cursor", note)
        await press(app, pilot, "space")
        while activity.autoplay.playing:
            await pilot.pause()
        assert {one.walk for one in seen} == {"forward", "back"}
        assert (activity.cursor.t, activity.cursor.walk) == (0, "back")
        activity.autoplay.speed = 0
        await press(app, pilot, "space")
        assert activity.autoplay.playing
        assert activity.cursor.t >= 5
        await press(app, pilot, "escape")
        assert not activity.autoplay.playing


async def test_both_directions_and_layers_are_walked(open_app, press):
    async with open_app(SMALL + ",layers=2,bidirectional=yes") as (app, pilot):
        seen = []
        for _ in range(4):
            await press(app, pilot, "end", "left", "left")
            cursor = app.activity.cursor
            seen.append((cursor.layer, cursor.direction, cursor.t))
            await press(app, pilot, "right_square_bracket")
        assert seen == [(0, "forward", 4), (0, "backward", 2), (1, "forward", 4), (1, "backward", 2)]
        await press(app, pilot, "tab", "tab")
        last = shown(app, "spectrum")
        assert "layer 1 · ← backward" in str(app.activity.query_one("#spectrum").border_title)
        await press(app, pilot, "left_square_bracket")
        assert shown(app, "spectrum") != last
        assert "computing" not in shown(app, "spectrum")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (200, 50), (60, 16), (40, 12)])
async def test_tab_goes_through_every_pane_which_shows_something(open_app, press, size):
    engine = Counting()
    async with open_app(SMALL + ",clip=1", size=size, engine=engine) as (app, pilot):
        await press(app, pilot, "left")
        seen = []
        for _ in range(8):
            focused = app.activity.focused
            assert focused.region.area > 0, focused
            assert focused.painting().text().strip(), focused
            seen.append(focused.id)
            assert app.activity.query_one("#sequence").painting().text().strip()
            await press(app, pilot, "tab")
        assert seen == [*PANES, "sequence"]
        assert "computing" not in shown(app, "spectrum")
        assert engine.asked.count("spectrum") == 1
        await press(app, pilot, "shift+tab")
        assert app.activity.focused.id == "sequence"


async def test_clicks_on_the_curve_and_on_the_sequence_move_the_cursor(open_app):
    async with open_app(FOX) as (app, pilot):
        for name, t in (("curve", 5), ("sequence", 12), ("weights", 3)):
            app.activity.board.go(name)
            await app.idle()
            await pilot.pause()
            pane = app.activity.query_one(f"#{name}")
            spot = next(hit for hit in pane.painting().hits if hit.move.get("t") == t)
            inset = pane.content_region.offset - pane.region.offset
            await pilot.click(pane, offset=(spot.left + inset.x, spot.y + inset.y))
            await app.idle()
            assert app.activity.cursor.t == t


async def test_a_cell_of_ones_own_is_walked_through_its_own_paths_and_boxes(open_app, press, tmp_path):
    file = tmp_path / "mgu.py"
    file.write_text(f"from torch import sigmoid, tanh\n{MGU}")
    scene = Scene(activity="gradients", cell=f"{file}:mgu", text="hello", hidden=3, t=3)
    async with open_app(str(scene)) as (app, pilot):
        assert [one.cell for one in app.activity.record.curves] == ["rnn", "lstm", "gru", "mgu.py:mgu"]
        assert all(f"via {symbol}₄" in shown(app, "paths") for symbol in "fnh")
        seen = []
        assert "through h₃, " in shown(app, "cell")
        for _ in range(8):
            await press(app, pilot, "tab")
            seen.append(app.activity.focused.id)
        assert seen == ["knobs", "spectrum", "cell", "paths", "clipping", "weights", "sequence", "curve"]
        await press(app, pilot, "tab", "tab")
        assert "W_hn" in shown(app, "spectrum")
        assert notices(app) == []


async def test_what_is_set_by_hand_in_the_scenes_cell_is_left_out_of_the_others(open_app):
    async with open_app(SMALL + ",set=weight_hh_l0%5B0%2C0%5D%3D0.5") as (app, _pilot):
        notes = {one.cell: one.note for one in app.activity.record.curves}
        assert notes == {"lstm": "", "rnn": "nothing set by hand", "gru": "nothing set by hand"}


async def test_what_is_set_by_hand_and_a_cell_of_ones_own_are_walked_beside_the_usual_cells(open_app, press):
    async with open_app(f"explore:cell={FILE}:mgu,text=abc,hidden=2,set=f=1") as (app, pilot):
        await press(app, pilot, "2", "left")
        assert app.activity.ACTIVITY == "gradients"
        assert [curve.cell for curve in app.activity.record.curves] == ["rnn", "lstm", "gru", "mgu.py:mgu"]
        assert "mgu.py:mgu" in shown(app, "curve")
        assert (app.activity.trace.passes[0].values["f"] == 1).all()
        held = [one.norm for one in app.activity.record.gradients.weights if one.name.startswith("hf")]
        assert held == [0]


async def test_a_spectrum_that_cannot_be_is_said_where_it_would_stand_and_the_rest_goes_on(open_app, press):
    class Failing(InlineEngine):
        def ask(self, name, *arguments):
            if name == "spectrum":
                answer = Future()
                answer.set_exception(BadInput("No spectrum today."))
                return answer
            return super().ask(name, *arguments)

    async with open_app(SMALL, engine=Failing()) as (app, pilot):
        await press(app, pilot, "tab", "tab", "left")
        assert shown(app, "spectrum").strip() == "No spectrum today."
        assert app.activity.cursor.t == 5


async def test_overflow_is_shown_at_its_step(open_app, press):
    line = "gradients:cell=rnn-relu,text=ab,length=400,hidden=8,init=spectral-radius%3D100"
    async with open_app(line) as (app, pilot):
        assert "overflows at t = " in shown(app, "sentence")
        assert "overflows at t = " in shown(app, "curve")
        await press(app, pilot, "left", "home", "tab", "tab", "end")
        assert "The forward pass overflows, so there are no Jacobians" in shown(app, "spectrum")


@pytest.mark.parametrize("kind", ["csv", "svg", "txt"])
async def test_a_pane_is_written_to_a_file(open_app, press, tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    async with open_app(SMALL + ",t=3") as (app, pilot):
        await press(app, pilot, "x", *["backspace"] * 3, *kind, "enter")
        text = (tmp_path / f"rnntui-lstm-curve.{kind}").read_text()
        assert "lstm" in text
        if kind == "csv":
            value = app.activity.record.curves[1].log_norms["c"][2]
            assert float(next(line for line in text.splitlines() if line.startswith("3,l")).split(",")[4]) == value
            app.activity.board.go("paths")
            await press(app, pilot, "x", "enter")
            written = (tmp_path / "rnntui-lstm-paths.csv").read_text().splitlines()
            assert written[0].startswith("t,token,layer,direction,unit,dL/di")
            assert len(written) == 1 + 5 * 2


async def test_help_and_palette_name_every_key(open_app, press):
    async with open_app(SMALL) as (app, pilot):
        await press(app, pilot, "left", "question_mark")
        assert isinstance(app.screen, PageScreen)
        for binding in (*GRADIENTS, *APP):
            assert (binding.tooltip or binding.description) in app.screen.text.plain
        await press(app, pilot, "2", "escape")
        assert app.screen is app.activity
        titles = [command.title for command in app.get_system_commands(app.activity)]
        assert any(title.startswith("Raise the bias of the gate that keeps") for title in titles)


async def test_a_resized_plot_is_drawn_anew_once_the_window_has_come_to_rest(open_app):
    async with open_app(FOX) as (app, pilot):
        pane, record = app.activity.query_one("#curve"), app.activity.record
        for size in [(110, 36), (105, 34), (130, 40)]:
            await pilot.resize_terminal(*size)

        def expected():
            return curve.paint(record, app.activity.cursor, *pane.content_size, app.palette).text()

        while pane.canvas.painting.text() != expected() or app.size.width != 130:
            await pilot.pause()
