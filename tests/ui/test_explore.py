"""The Explore screen, stepped through, explained, tabbed through, and drawn at every size."""

import numpy as np

from rnntui import lab
from rnntui.scene import Scene, parse
from tests.ui.engines import Counting
from tests.ui.seen import notices, shown


async def test_arrows_and_letters_step_through_the_text_and_choose_units(open_app, press):
    async with open_app() as (app, pilot):
        explore = app.activity
        await press(app, pilot, "right", "l", "l", "left", "down", "j", "k")
        assert (explore.cursor.t, explore.cursor.unit) == (2, 1)
        await press(app, pilot, "end", "right")
        assert explore.cursor.t == 5
        await press(app, pilot, "home", "h", "up", "up")
        assert (explore.cursor.t, explore.cursor.unit) == (0, 0)


async def test_stepping_back_never_asks_the_engine_again(open_app, press):
    engine = Counting()
    async with open_app(engine=engine) as (app, pilot):
        await press(app, pilot, "right", "right", "left", "n", "N", "end", "home", "down", "enter", "escape")
        assert engine.asked == ["trace"]


async def test_sub_steps_light_one_symbol_after_the_other_and_dim_what_is_not_computed(open_app, press):
    async with open_app() as (app, pilot):
        await press(app, pilot, "n", "n")
        cursor = app.activity.cursor
        assert (cursor.t, cursor.symbol, cursor.partial) == (1, "f", True)
        trace = app.activity.trace
        assert f"{trace.passes[0].values['f'][0][0]:.2f}" in shown(app, "equations")
        assert f"{trace.passes[0].values['o'][0][0]:.2f}" not in shown(app, "equations")
        await press(app, pilot, "N", "N")
        assert app.activity.cursor.t == 0


async def test_the_numbers_on_the_screen_are_the_traces(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=3") as (app, pilot):
        values = lab.trace(parse("explore:cell=lstm,text=hello,hidden=3")).passes[0].values
        await press(app, pilot, "down", "up")
        for symbol in "ifo":
            assert f"{values[symbol][2][0]:.2f}".removeprefix("0") in shown(app, "gates")
        assert f"{values['h'][2][0]:+.2f}".replace("-", "−") in str(app.activity.query_one("#state-0").border_title)
        assert f"{values['c'][2][0]:+.2f}".replace("-", "−") in str(app.activity.query_one("#state-1").border_title)


async def test_enter_explains_a_value_follows_its_parts_and_returns(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=3,symbol=c,unit=1") as (app, pilot):
        why = app.activity.query_one("#why")
        await press(app, pilot, "enter")
        assert why.display
        assert why.has_focus
        assert why.explanation.name == "c₃[1]"
        parts = why.parts
        index = next(i for i, part in enumerate(parts) if "c" in part.label)
        await press(app, pilot, *["down"] * index, "enter")
        assert why.explanation.name == parts[index].label
        memory = next(i for i, part in enumerate(why.parts) if part.source and part.source.symbol == "c")
        await press(app, pilot, *["up"] * 9, *["down"] * memory, "enter")
        assert (app.activity.cursor.symbol, app.activity.cursor.t) == ("c", 2)
        assert why.explanation.name == "c₂[1]"
        await press(app, pilot, "backspace")
        assert app.activity.cursor.t == 3
        assert why.explanation.name == parts[index].label
        await press(app, pilot, "backspace")
        assert why.explanation.name == "c₃[1]"
        await press(app, pilot, "escape")
        assert not why.display


async def test_the_explanation_goes_with_the_cursor(open_app, press):
    async with open_app("explore:cell=gru,text=hello,hidden=3,t=2") as (app, pilot):
        await press(app, pilot, "enter", "right")
        assert app.activity.query_one("#why").explanation.name == "r₃[0]"


async def test_e_cycles_numbers_symbols_and_the_torch_line(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=1") as (app, pilot):
        assert "W_ii x₁" in shown(app, "equations")
        await press(app, pilot, "e")
        assert "W_ii xₜ" in shown(app, "equations")
        await press(app, pilot, "e")
        assert "sigmoid(W.ii @ x" in shown(app, "equations")
        assert app.settings.equations == "source"
        await press(app, pilot, "e")
        assert "W_ii x₁" in shown(app, "equations")


async def test_go_to_a_step_by_its_number(open_app, press):
    async with open_app() as (app, pilot):
        await press(app, pilot, "g", "4", "enter")
        assert app.activity.cursor.t == 4
        await press(app, pilot, "g", "9", "enter")
        assert "0 to 5" in notices(app)[-1]
        assert app.activity.cursor.t == 4


async def test_a_pane_is_exported_and_an_existing_file_is_left_alone(open_app, press, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=2") as (app, pilot):
        app.activity.query_one("#state-1").focus()
        for kind in ("csv", "svg", "txt"):
            await press(app, pilot, "x", *["backspace"] * 3, *kind, "enter")
            text = (tmp_path / f"rnntui-lstm-state-1.{kind}").read_text()
            assert "h" in text
            assert len(text) > 50
        rows = (tmp_path / "rnntui-lstm-state-1.csv").read_text().splitlines()
        row = next(line for line in rows if line.startswith("2,e,0,forward,2,"))
        assert np.float32(row.rpartition(",")[2]) == app.activity.trace.passes[0].values["c"][1][2]
        await press(app, pilot, "x", *["backspace"] * 3, *kind, "enter")
        assert "exists already" in notices(app)[-1]
        assert (tmp_path / f"rnntui-lstm-state-1.{kind}").read_text() == text


async def test_tab_goes_through_every_pane_at_every_size(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=2") as (app, pilot):
        for size in [(120, 36), (80, 24), (200, 50), (40, 12)]:
            await pilot.resize_terminal(*size)
            await press(app, pilot)
            seen = set()
            for _ in range(8):
                await press(app, pilot, "tab")
                focused = app.activity.focused
                assert focused.display
                assert focused.region.area > 0, (size, focused.id)
                seen.add(focused.id)
            assert {"sequence", "cell", "equations", "gates", "state-0", "state-1"} <= seen, size


async def test_a_pane_that_the_next_cell_has_not_got_gives_its_place_back(open_app, press):
    async with open_app() as (app, pilot):
        for size in [(120, 36), (80, 24)]:
            await pilot.resize_terminal(*size)
            await press(app, pilot)
            app.activity.query_one("#state-1").focus()
            await press(app, pilot, "enter", "c")
            await press(app, pilot, "k", "k", "enter")
            await press(app, pilot, "escape", "tab", "tab")
            assert app.activity.trace.cell == "gru"
            assert app.activity.focused.region.area > 0, size
            await press(app, pilot, "u")


async def test_leaving_the_explanation_by_tab_closes_it_at_every_size(open_app, press):
    async with open_app() as (app, pilot):
        for size in [(120, 36), (80, 24)]:
            await pilot.resize_terminal(*size)
            await press(app, pilot, "right", "enter", "shift+tab")
            assert app.activity.focused.region.area > 0, size
            await press(app, pilot, "escape")
            assert not app.activity.query_one("#why").display, size


async def test_space_plays_to_the_end_and_stops_by_itself(open_app, press):
    async with open_app("explore:cell=rnn,text=abc,hidden=2") as (app, pilot):
        app.activity.autoplay.speed = 0
        await pilot.press("space")
        assert app.activity.autoplay.playing
        await pilot.press(*["plus"] * 6)
        assert app.settings.speed == 20
        while app.activity.autoplay.playing:
            await pilot.pause()
        assert app.activity.cursor.t == 3
        await pilot.press(*["minus"] * 6, "space")
        assert app.activity.cursor.t == 0
        await pilot.press("space")
        assert not app.activity.autoplay.playing


async def test_a_screen_too_small_says_so_and_recovers(open_app, press):
    async with open_app() as (app, pilot):
        for size in [(20, 4), (39, 36), (120, 11)]:
            await pilot.resize_terminal(*size)
            await app.idle()
            assert app.activity.query_one("#too-small").display
            await press(app, pilot, "colon", "right")
            assert app.screen is app.activity
        await pilot.resize_terminal(120, 36)
        await app.idle()
        assert not app.activity.query_one("#too-small").display
        assert app.activity.query_one("#cell").region.area > 0


async def test_markup_in_the_text_is_shown_as_it_is(open_app, press):
    hostile = "[/x][@click=app.quit]w[i][j]\x1b]52;c;aGk=\x07"
    async with open_app(str(Scene(text=hostile, hidden=2))) as (app, pilot):
        await press(app, pilot, "right", "enter", "escape", "b", "question_mark", "escape")
        app.say(hostile)
        await app.idle()
        assert "".join(app.activity.trace.tokens) == hostile
        assert "[/" in shown(app, "sequence").replace(" ", "")
        assert "\x1b" not in app.export_screenshot()


async def test_long_text_shows_a_window_that_turns_half_a_page_at_a_time(open_app, press):
    async with open_app(str(Scene(text="abcdefghij" * 1000, hidden=2))) as (app, pilot):

        def header():
            return shown(app, "state-0").splitlines()[0]

        changes, last = 0, header()
        for _ in range(32):
            await pilot.press("right")
            await app.idle()
            changes += header() != last
            last = header()
        assert changes <= 32 // 8
        await press(app, pilot, "end")
        assert app.activity.cursor.t == 10_000
