"""Every key of the Explore screen, pressed."""

from concurrent.futures import Future

import numpy as np
import pytest
from textual import events
from textual.widgets import Input, OptionList

from rnntui import lab
from rnntui.engine.worker import InlineEngine
from rnntui.home import Home, Settings
from rnntui.scene import Cursor, Scene, parse
from rnntui.ui.app import RnntuiApp
from rnntui.ui.keys import APP, EXPLORE
from rnntui.ui.screens.ask import ChoiceScreen, LineScreen, PageScreen


def shown(app, pane):
    return app.activity.query_one(f"#{pane}").painting().text()


def notices(app):
    return [notice.message for notice in app._notifications]


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
    class Counting(InlineEngine):
        asked = 0

        def ask(self, name, *arguments):
            self.asked += 1
            return super().ask(name, *arguments)

    engine = Counting()
    async with open_app(engine=engine) as (app, pilot):
        await press(app, pilot, "right", "right", "left", "n", "N", "end", "home", "down", "enter", "escape")
        assert engine.asked == 1


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


async def test_another_cell_is_chosen_from_a_list_and_keeps_text_and_place(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=3") as (app, pilot):
        await press(app, pilot, "c")
        assert isinstance(app.screen, ChoiceScreen)
        await press(app, pilot, "up", "enter")
        assert app.activity.trace.cell == "gru-reset-before"
        assert app.activity.cursor.t == 3
        await press(app, pilot, "c", "escape")
        assert app.activity.trace.cell == "gru-reset-before"


async def test_both_ways_and_back_keep_how_many_tokens_were_read(open_app, press):
    async with open_app("explore:cell=rnn,text=hello,hidden=3,t=2") as (app, pilot):
        await press(app, pilot, "b", "right_square_bracket")
        cursor = app.activity.cursor
        assert (cursor.direction, cursor.t) == ("backward", 4)
        await press(app, pilot, "right")
        assert app.activity.cursor.t == 3
        await press(app, pilot, "b")
        assert (app.activity.cursor.direction, app.activity.cursor.t) == ("forward", 3)


async def test_editing_the_text_keeps_the_weights_of_what_stays(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=3") as (app, pilot):
        before = app.activity.trace
        await press(app, pilot, "t", "end", "s", "enter")
        after = app.activity.trace
        assert "".join(after.tokens) == "hellos"
        for attribute, weights in before.passes[0].weights.items():
            kept = after.passes[0].weights[attribute]
            assert np.array_equal(weights, kept[:, : weights.shape[1]] if kept.ndim == 2 else kept)
        assert np.array_equal(before.passes[0].values["h"], after.passes[0].values["h"][:5])
        assert app.activity.cursor.t == 3


async def test_a_text_that_is_pasted_comes_in_whole_and_joiners_that_are_typed_count(open_app, press):
    async with open_app() as (app, pilot):
        explore = app.activity
        await press(app, pilot, "t", "ctrl+u")
        app.screen.focused.post_message(events.Paste("one\r\ntwo \\n\n"))
        await press(app, pilot, "enter")
        assert explore.scene.text == "one\ntwo \\n"
        await press(app, pilot, "t", "ctrl+u")
        for character in "می\u200cخ👩\u200d👧":
            app.screen.focused.post_message(events.Key(character, character))
        await press(app, pilot, "enter")
        assert explore.trace.tokens[-1] == "👩\u200d👧"
        assert "\u200c" in explore.scene.text


async def test_a_scene_line_that_was_broken_where_it_was_copied_is_opened_whole(open_app, press):
    async with open_app() as (app, pilot):
        await press(app, pilot, "o")
        app.screen.focused.post_message(events.Paste("\nexplore:cell=gru,text=abc,hid\nden=3,seed=0,t=2\n"))
        await press(app, pilot, "enter")
        assert str(app.activity.scene).startswith("explore:cell=gru,text=abc,hidden=3,seed=0,t=2")


async def test_the_text_is_edited_where_it_stands_at_every_size(open_app, press):
    async with open_app("explore:cell=rnn,text=hello,hidden=3,t=2") as (app, pilot):
        for size in [(80, 24), (120, 36), (200, 50), (40, 12)]:
            await pilot.resize_terminal(*size)
            await press(app, pilot, "b")
            pane = app.activity.query_one("#sequence")
            lines = pane.painting().text().split("\n")
            y = next(y for y, line in enumerate(lines) if "h e l l o" in line)
            await press(app, pilot, "t")
            where = app.screen.query_one("#ask-line").content_region.offset
            assert where - pane.region.offset == (lines[y].index("h"), y), size
            hint = app.screen.query_one("#ask-hint").region
            assert hint.y == where.y + 1, size
            assert hint.bottom <= pane.region.bottom + 1, "the panes below are not covered, but for a border"
            await press(app, pilot, "escape")


async def test_seed_units_and_initialisation_are_asked_for(open_app, press):
    async with open_app() as (app, pilot):
        await press(app, pilot, "s", *["backspace"] * 3, "7", "enter")
        assert app.activity.scene.seed == 7
        await press(app, pilot, "H", *["backspace"] * 3, "5", "enter")
        assert app.activity.trace.hidden == 5
        await press(app, pilot, "i", *"zeros", "enter")
        assert not app.activity.trace.passes[0].weights["ii"].any()


async def test_what_cannot_be_used_is_said_and_nothing_is_lost(open_app, press):
    async with open_app() as (app, pilot):
        trace = app.activity.trace
        await press(app, pilot, "H", *["backspace"] * 3, *"4000", "enter")
        assert "1 to 1024" in notices(app)[-1]
        await press(app, pilot, "i", *["backspace"] * 5, *"orthogoal", "enter")
        assert "orthogonal" in notices(app)[-1]
        await press(app, pilot, "t", *["backspace"] * 9, "enter")
        assert "empty" in notices(app)[-1]
        await press(app, pilot, "o", *"explore:celll=gru", "enter")
        assert "did you mean 'cell'" in notices(app)[-1]
        assert app.activity.trace is trace


async def test_undo_and_redo_go_through_scenes_not_cursor_moves(open_app, press):
    async with open_app("explore:cell=rnn,text=hello,hidden=3") as (app, pilot):
        await press(app, pilot, "right", "right", "b", "right", "H", *["backspace"] * 3, "4", "enter")
        await press(app, pilot, "u")
        assert (app.activity.trace.hidden, app.activity.trace.bidirectional) == (3, True)
        await press(app, pilot, "u")
        assert not app.activity.trace.bidirectional
        assert app.activity.cursor.t == 2
        await press(app, pilot, "ctrl+r", "ctrl+r")
        assert app.activity.trace.hidden == 4


@pytest.mark.slow
async def test_a_scene_comes_back_in_the_direction_and_layer_where_it_was_left(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,bidirectional=yes,layers=2,t=2") as (app, pilot):
        await press(app, pilot, *["]"] * 3, "enter", "p", "escape")
        left = app.activity.cursor
        assert (left.layer, left.direction) == (1, "backward")
        await press(app, pilot, "o", *"explore:cell=gru,text=abc,hidden=2,t=2", "enter")
        assert not app.activity.trace.bidirectional
        await press(app, pilot, "u")
        assert app.activity.trace.bidirectional
        assert app.activity.cursor == left
        await press(app, pilot, "o", *"explore:cell=lstm,text=abc,hidden=2,versus=gru", "enter")
        assert app.activity.second.cell == "gru"
        await press(app, pilot, "u")
        assert app.activity.second is None
        assert app.activity.cursor == left


async def test_the_scene_line_can_be_copied_and_opened_again(open_app, press):
    async with open_app("explore:cell=gru,text=a%20b,hidden=3,t=2,unit=1") as (app, pilot):
        await press(app, pilot, "y")
        line = app.clipboard
        assert parse(line).cursor == Cursor(t=2, unit=1, symbol="r")
        assert isinstance(app.screen, LineScreen)
        assert app.screen.value == line
        await press(app, pilot, "escape", "o", *"explore:cell=rnn,text=abc,hidden=2,t=3", "enter")
        assert app.activity.trace.cell == "rnn"
        assert app.activity.cursor.t == 3


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


async def test_help_tells_about_the_focused_pane_and_every_key(open_app, press):
    async with open_app() as (app, pilot):
        app.activity.query_one("#gates").focus()
        await press(app, pilot, "question_mark")
        assert isinstance(app.screen, PageScreen)
        text = app.screen.text.plain
        assert "every gate" in text
        for binding in (*EXPLORE, *APP):
            assert (binding.tooltip or binding.description) in text
        for columns in (120, 80, 40):
            await pilot.resize_terminal(columns, 36)
            await press(app, pilot)
            page = app.screen.query_one("#page")
            label, room = app.screen.query_one("Label"), page.scrollable_content_region.width
            lines = ["".join(piece.text for piece in label.render_line(y)).rstrip() for y in range(label.size.height)]
            keys = [line for line in lines[lines.index("") :] if line]
            assert all(len(line) <= room and line[14:16] == "  " for line in keys)
            words = " ".join(" ".join(line[16:].split()) for line in keys)
            assert all((binding.tooltip or binding.description) in words for binding in (*EXPLORE, *APP))
        await press(app, pilot, "escape")
        assert app.screen is app.activity


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


async def test_every_binding_has_a_stable_id_of_its_own():
    ids = [binding.id for binding in (*EXPLORE, *APP)]
    assert all(ids)
    assert len(set(ids)) == len(ids)


async def test_the_palette_lists_every_live_action_and_the_themes(open_app, press):
    async with open_app("explore:cell=rnn,text=abc,hidden=2,t=1") as (app, pilot):
        await press(app, pilot, "b")
        titles = [command.title for command in app.get_system_commands(app.activity)]
        for binding in (*EXPLORE, *APP):
            if binding.id not in {"explore.unit-up", "explore.lane-back", "explore.redo"}:
                assert any(title.startswith(binding.tooltip) for title in titles), binding.id
        assert "Theme: light" in titles


async def test_the_palette_runs_actions_where_they_are_at_home(open_app, press):
    async with open_app() as (app, pilot):
        commands = {command.title.partition("  ·")[0]: command for command in app.get_system_commands(app.activity)}
        commands["Theme: light"].callback()
        await press(app, pilot)
        assert app.settings.theme == "light"
        assert app.activity.palette == app.palette
        commands["Read the next token"].callback()
        await press(app, pilot)
        assert app.activity.cursor.t == 1
        commands["Leave rnntui; the scene is kept"].callback()
        await pilot.pause()
        assert not app.is_running


async def test_the_palette_is_typed_into_and_obeys(open_app, press):
    async with open_app() as (app, pilot):
        await press(app, pilot, "colon")
        assert not app.screen.query_one(Input).cursor_blink
        await pilot.press(*"after the last")
        while not any(found.option_count == 1 for found in app.screen.query(OptionList)):
            await pilot.pause()
        await press(app, pilot, "enter", "enter", "enter")
        assert app.screen is app.activity
        assert app.activity.cursor.t == 5


async def test_keys_typed_ahead_of_a_question_and_its_answer_all_arrive(open_app, press):
    async with open_app() as (app, pilot):
        for key, character in [("s", "s"), ("5", "5"), ("enter", None), ("H", "H"), ("4", "4"), ("backspace", None),
                               ("6", "6"), ("enter", None), ("enter", None), ("right", None)]:  # fmt: skip
            app.post_message(events.Key(key, character))
        await press(app, pilot)
        await press(app, pilot)
        assert (app.activity.scene.seed, app.activity.trace.hidden) == (5, 6)
        assert app.is_running


async def test_changes_made_faster_than_they_are_computed_build_on_each_other(open_app, press):
    class Slow(InlineEngine):
        def __init__(self):
            super().__init__()
            self.waiting = []

        def ask(self, name, *arguments):
            answer = Future()
            for earlier, _ in self.waiting:
                earlier.cancel()
            self.waiting = [(answer, (name, arguments))]
            return answer

        def answer(self):
            (future, (name, arguments)), self.waiting = self.waiting[0], []
            future.set_result(InlineEngine.ask(self, name, *arguments).result())

    engine = Slow()
    app = RnntuiApp(engine, parse("explore:cell=gru,text=my%20own,hidden=2"), colours="truecolor")
    async with app.run_test(size=(120, 36)) as pilot:
        await app.begun.wait()
        await pilot.press("b")
        await pilot.pause()
        engine.answer()
        await press(app, pilot)
        assert (app.activity.trace.cell, app.activity.trace.bidirectional) == ("gru", True)
        assert "".join(app.activity.trace.tokens) == "my own"
        await pilot.press("b", "b")
        await pilot.pause()
        engine.answer()
        await press(app, pilot)
        assert app.activity.trace.bidirectional
        await pilot.press("u", "u", "u")
        await pilot.pause()
        engine.answer()
        await press(app, pilot)
        assert not app.activity.trace.bidirectional


async def test_a_scene_that_cannot_be_shown_is_said_and_not_forgotten_for_the_stand_in(open_app, press):
    line = "explore:cell=gru,file=/nowhere/at/all.txt,hidden=2,seed=7,t=0"
    async with open_app(line, home=Home.nowhere(Settings(scene=line, welcomed=True))) as (app, pilot):
        await press(app, pilot, "right")
        assert "".join(app.activity.trace.tokens) == "hello world"
        assert app.kept().scene == line


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


async def test_which_content_of_a_large_file_is_shown_is_said_once_it_is_there(open_app, press, tmp_path):
    path = tmp_path / "w.safetensors"
    lab.save_weights(Scene(text="hello", hidden=3), path)
    async with open_app(f"explore:cell=lstm,text=hello,hidden=3,weights={path}") as (app, pilot):
        assert app.activity.scene == lab.pinned(Scene(text="hello", hidden=3, weights=str(path)))
        assert f"weights-sha256={app.activity.scene.weights_sha256}" in app.kept().scene
        await press(app, pilot, "b")
        assert app.activity.scene.weights_sha256


@pytest.mark.parametrize("activity", ["explore", "gradients"])
async def test_a_place_of_the_scene_that_is_not_there_is_said_once(open_app, press, activity):
    line = f"{activity}:cell=lstm,text=hello,hidden=3,t=99,symbol=q"
    async with open_app(line) as (app, pilot):
        end = 5 if activity == "explore" else 6
        told = [notice.message for notice in app._notifications]
        assert told == [
            "The scene's symbol 'q' is none of lstm's (i, f, g, o, c, h); i is lit.",
            f"The scene's t = 99 is past the end of the text; it opens at t = {end}.",
        ]
        await press(app, pilot, "H", "4", "enter", "u")
        assert len(app._notifications) == 2
    for start in (f"{activity}:text=hello,hidden=3", f"{activity}:text=hello,bidirectional=yes,direction=backward"):
        async with open_app(start) as (app, _):
            assert not app._notifications
