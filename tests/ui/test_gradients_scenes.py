"""Other scenes for the Gradients screen: by its knobs, from Explore, of last time, and what has no gradient."""

import pytest

from rnntui import lab
from rnntui.home import Home, Settings
from rnntui.scene import parse
from rnntui.ui.panes.knobs import KnobsPane
from tests.paint.flows import SMALL
from tests.ui.engines import Counting
from tests.ui.seen import notices, shown


async def test_knobs_are_chosen_and_turned_by_keys_and_clicks_and_taken_back(open_app, press):
    async with open_app(SMALL) as (app, pilot):
        activity = app.activity
        await press(app, pilot, "tab", "down", "down", "right")
        assert activity.focused.id == "knobs"
        assert activity.scene.init == "orthogonal"
        assert "↑↓ choose" in shown(app, "knobs")
        await press(app, pilot, "j", "plus", "l")
        assert activity.scene.length == 20
        assert activity.cursor.t == 21
        await press(app, pilot, "down", "right", "right", "right", "down", "right")
        assert (activity.scene.truncate, activity.scene.loss) == (5, "mean")
        assert sum(activity.record.gradients.reached) == 5 or activity.scene.loss == "mean"
        await press(app, pilot, "minus", "down", "right", "down", "right")
        assert (activity.scene.loss, activity.scene.clip, activity.scene.seed) == ("last", "0.1", 1)
        await press(app, pilot, "u", "u")
        assert (activity.scene.clip, activity.scene.seed) == ("", 0)
        pane = activity.query_one(KnobsPane)
        spot = next(hit for hit in pane.painting().hits if hit.move == {"knob": 8, "by": 1})
        inset = pane.content_region.offset - pane.region.offset
        await pilot.click(pane, offset=(spot.left + 1 + inset.x, spot.y + inset.y))
        await app.idle()
        assert activity.scene.seed == 1


@pytest.mark.slow
async def test_the_digits_carry_the_scene_over_and_both_screens_keep_their_place(open_app, press):
    async with open_app("explore:cell=gru,text=hello,hidden=3,seed=5,t=3,unit=2") as (app, pilot):
        await press(app, pilot, "2")
        gradients = app.activity
        assert (gradients.scene.cell, gradients.scene.seed, gradients.cursor.unit) == ("gru", 5, 2)
        await press(app, pilot, "left", "left", "f", "1")
        assert app.activity.scene.init == "forget-bias=1"
        assert app.activity.cursor.t == 3
        await press(app, pilot, "u", "2")
        assert app.activity is gradients
        assert (gradients.scene.init, gradients.cursor.t) == ("torch", 4)
        await press(app, pilot, "o", *"explore:cell=rnn,text=abc,hidden=2,t=1", "enter")
        assert (app.activity.ACTIVITY, app.activity.trace.cell, app.activity.cursor.t) == ("explore", "rnn", 1)
        await press(app, pilot, "u")
        assert app.activity.trace.cell == "gru"
        await press(app, pilot, "o", *"gradients:text=abc,hidden=2", "enter", "y")
        assert parse(app.clipboard).activity == "gradients"
        assert parse(app.clipboard).t == 4
        await press(app, pilot, "escape")
        assert app.kept().scene.startswith("gradients:")


async def test_coming_back_to_the_same_scene_asks_nothing_and_a_changed_one_is_asked_for(open_app, press):
    engine = Counting()
    async with open_app(SMALL.replace("gradients:", "explore:"), engine=engine) as (app, pilot):
        await press(app, pilot, "2", "right", "1")
        assert engine.asked == ["trace", "study"]
        await press(app, pilot, "2", "1", "3", "2")
        assert engine.asked == ["trace", "study"]
        await press(app, pilot, "f", "1", "u", "2")
        assert engine.asked[2:] == ["study", "trace", "trace", "study"]
        assert app.activity.scene.init == "torch"


async def test_a_network_that_became_smaller_is_asked_for_where_one_stood_on_a_unit_that_is_gone(open_app, press):
    async with open_app(SMALL.replace("gradients:", "explore:").replace("hidden=2", "hidden=5")) as (app, pilot):
        await press(app, pilot, "down", "down", "down", "down", "2", "H", "backspace", "3", "enter", "1")
        assert (app.activity.ACTIVITY, app.activity.scene.hidden, app.activity.cursor.unit) == ("explore", 3, 2)


async def test_a_click_on_an_activity_in_the_top_line_goes_there(open_app):
    async with open_app(SMALL) as (app, pilot):
        for word, name in (("Explore", "explore"), ("Gradients", "gradients")):
            top = app.screen.query_one("TopLine")
            await pilot.click(top, offset=(top.render().plain.index(word) + 2, 0))
            await app.idle()
            await pilot.pause()
            assert name == app.activity.ACTIVITY


async def test_the_scene_of_last_time_opens_where_it_was_walked_to(open_app, press):
    line = SMALL + ",t=2,walk=back"
    async with open_app(None, home=Home.nowhere(Settings(scene=line, welcomed=True))) as (app, _pilot):
        assert app.activity.ACTIVITY == "gradients"
        assert app.activity.cursor.t == 2


async def test_what_cannot_be_computed_is_said_and_what_was_there_stays(open_app, press):
    async with open_app(SMALL.replace("lstm", "rnn")) as (app, pilot):
        before = app.activity.record
        await press(app, pilot, "o", *"gradients:text=abc,hidden=2,loss=token:9", "enter")
        assert "token" in notices(app)[-1]
        assert app.activity.record is before
        await press(app, pilot, "t", *["backspace"] * 9, "enter")
        assert "empty" in notices(app)[-1]
        await press(app, pilot, "left")
        assert app.activity.cursor.t == 5


async def test_a_change_that_fails_does_not_take_the_one_before_with_it_that_had_not_yet_arrived(open_app, press):
    async with open_app(SMALL) as (app, pilot):
        app.activity.show(parse(SMALL.replace("hello", "goodbye")))
        app.activity.show(parse(SMALL.replace("hello", "goodbye") + ",loss=token:9"))
        await press(app, pilot)
        assert "token" in notices(app)[-1]
        assert "".join(app.activity.trace.tokens) == "goodbye"


@pytest.mark.slow
async def test_a_scene_that_has_no_gradient_here_leads_back_to_where_it_was(open_app, press):
    async with open_app("explore:cell=lstm,text=abc,hidden=2,loss=token:9") as (app, pilot):
        await press(app, pilot, "2")
        assert app.activity.ACTIVITY == "explore"
        assert "token:9" in notices(app)[-1]
        assert app.activity.scene.text == "abc"
        await press(app, pilot, "t", "d", "enter", "2", "u")
        assert (app.activity.ACTIVITY, app.activity.scene.text) == ("explore", "abc")
        await press(app, pilot, "o", *"gradients:text=xy,hidden=2,loss=token:3", "enter")
        assert (app.activity.ACTIVITY, app.activity.scene.text) == ("explore", "abc")
        await press(app, pilot, "o", *"gradients:text=xy,hidden=2", "enter")
        assert (app.activity.ACTIVITY, app.activity.scene.text) == ("gradients", "xy")


async def test_a_knob_of_the_initialisation_says_that_it_leaves_the_weights_of_the_file(open_app, press, tmp_path):
    lab.save_weights(parse(SMALL), tmp_path / "w.safetensors")
    async with open_app(f"{SMALL},weights={tmp_path}/w.safetensors") as (app, pilot):
        await press(app, pilot, "f")
        assert "not the file's; u goes back" in notices(app)[-1]
        await press(app, pilot, "u")
        assert app.activity.scene.weights


async def test_what_is_set_by_hand_here_stops_the_gradient_and_can_be_taken_back(open_app, press):
    async with open_app(SMALL.replace("lstm", "rnn")) as (app, pilot):
        await press(app, pilot, "left", "equals_sign", *"h@3=0", "enter")
        assert app.activity.ACTIVITY == "gradients"
        assert app.activity.scene.set == "h@3=0"
        assert not app.activity.record.gradients.of(0, "forward").total["h"][:2].any()
        await press(app, pilot, "u")
        assert app.activity.record.gradients.of(0, "forward").total["h"][:2].all()
