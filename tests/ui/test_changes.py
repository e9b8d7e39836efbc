"""Other scenes for Explore: cell, text, seed and all else that is asked for, undone, copied, opened again."""

from concurrent.futures import Future

import numpy as np
import pytest
from textual import events

from rnntui import lab
from rnntui.engine.worker import InlineEngine
from rnntui.home import Home, Settings
from rnntui.scene import Cursor, Scene, parse
from rnntui.ui.app import RnntuiApp
from rnntui.ui.screens.ask import ChoiceScreen, LineScreen
from tests.ui.seen import notices


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
        assert notices(app) == [
            "The scene's symbol 'q' is none of lstm's (i, f, g, o, c, h); i is lit.",
            f"The scene's t = 99 is past the end of the text; it opens at t = {end}.",
        ]
        await press(app, pilot, "H", "4", "enter", "u")
        assert len(notices(app)) == 2
    for start in (f"{activity}:text=hello,hidden=3", f"{activity}:text=hello,bidirectional=yes,direction=backward"):
        async with open_app(start) as (app, _):
            assert not notices(app)
