"""Every key of the app has a name of its own, by which it can be remapped, wherever it is bound."""

import re
from collections import Counter

from textual.binding import Binding

from rnntui.home import Home, Settings
from rnntui.ui import help
from rnntui.ui.keymap import classes, ids, lost
from rnntui.ui.keys import APP, EXPLORE, GRADIENTS
from rnntui.ui.panes.keyline import KeyLine
from rnntui.ui.panes.knobs import KnobsPane
from rnntui.ui.panes.why import WhyPane
from rnntui.ui.screens.ask import ChoiceScreen, LineScreen, PageScreen, WelcomeScreen


def bound():
    """Every list of bindings by the class that has it."""
    return {cls: list(vars(cls)["BINDINGS"]) for cls in classes() if vars(cls).get("BINDINGS")}


def test_every_key_of_the_app_its_screens_and_its_panes_has_an_id_of_its_own():
    lists = bound()
    assert {WhyPane, KnobsPane, LineScreen, ChoiceScreen, PageScreen} <= set(lists)
    bindings = [binding for bindings in lists.values() for binding in bindings]
    assert {id(binding) for binding in (*APP, *EXPLORE, *GRADIENTS)} <= {id(binding) for binding in bindings}
    for binding in bindings:
        assert isinstance(binding, Binding), binding
        assert re.fullmatch(r"[a-z]+(\.[a-z]+(-[a-z]+)*)", binding.id or ""), binding
    assert [name for name, count in Counter(binding.id for binding in bindings).items() if count > 1] == []
    assert set(ids()) == {binding.id for binding in bindings}


def test_no_key_is_bound_twice_in_one_place():
    for cls, bindings in bound().items():
        keys = Counter(key.strip() for binding in bindings for key in binding.key.split(","))
        assert [key for key, count in keys.items() if count > 1] == [], cls


def test_every_key_leads_to_an_action_that_there_is():
    for cls, bindings in bound().items():
        for binding in bindings:
            action = binding.action.partition("(")[0]
            assert callable(getattr(cls, f"action_{action}", None)), (cls, binding)


async def test_a_key_of_every_screen_can_be_remapped_by_its_id(open_app, press):
    async with open_app() as (app, pilot):
        app.set_keymap(
            {"explore.step": "f2", "why.down": "f3", "ask.leave": "f4", "choice.leave": "f5", "page.close": "f6"}
        )
        await press(app, pilot, "f2", "f2", "right")
        assert app.activity.cursor.t == 2
        await press(app, pilot, "enter", "f3", "f3")
        assert app.activity.query_one(WhyPane).selected == 2
        for opening, kind, leaving in (
            ("s", LineScreen, "f4"),
            ("c", ChoiceScreen, "f5"),
            ("question_mark", PageScreen, "f6"),
        ):
            await press(app, pilot, opening)
            assert isinstance(app.screen, kind)
            await press(app, pilot, leaving)
            assert app.screen is app.activity


def test_keys_that_activities_share_do_the_same_in_each():
    explore, gradients = ({one.id.partition(".")[2]: one for one in bindings} for bindings in (EXPLORE, GRADIENTS))
    shared = {
        "cell",
        "text",
        "both-ways",
        "lane",
        "seed",
        "init",
        "hidden",
        "undo",
        "redo",
        "go",
        "copy",
        "open",
        "help",
    }
    assert shared <= set(explore) & set(gradients)
    for name in set(explore) & set(gradients) - {"back", "first"}:
        assert (explore[name].key, explore[name].action) == (gradients[name].key, gradients[name].action), name


async def test_the_hints_of_the_first_minute_take_any_key_and_bind_none(open_app, press):
    assert WelcomeScreen not in bound()
    async with open_app(None, home=Home.nowhere(Settings())) as (app, pilot):
        assert isinstance(app.screen, WelcomeScreen)
        await press(app, pilot, "right")
        assert app.screen is app.activity
        assert app.activity.cursor.t == 1


async def test_a_configured_key_is_obeyed_and_the_action_that_lost_it_is_known(open_app, press):
    keys = {"explore.step": "left,f2", "app.quit": "f10"}
    assert lost(keys) == ("Go back one token",)
    assert lost({"explore.step": "left", "explore.back": "right"}) == ()
    async with open_app(keys=keys) as (app, pilot):
        await press(app, pilot, "left", "f2", "right", "q")
        assert app.activity.cursor.t == 2
        await press(app, pilot, "question_mark")
        assert "← f2  Read the next token\n" in app.screen.text.plain
        assert "f10  Leave rnntui; the scene is kept\n" in app.screen.text.plain
        await press(app, pilot, "escape")


async def test_the_last_line_keeps_its_order_whatever_keys_are_given(open_app, press):
    async with open_app(size=(120, 36)) as (app, pilot):
        line = app.screen.query_one(KeyLine)
        before = line.render().plain.split()
        app.set_keymap({"explore.step": "equals_sign", "explore.by-hand": "f4", "explore.help": "f1"})
        await press(app, pilot, "equals_sign")
        assert line.render().plain.split() == [{"←→": "=", "=": "f4", "?": "f1"}.get(word, word) for word in before]
        assert line.render().plain.split()[-2:] == ["f1", "help"]


async def test_without_unicode_the_last_line_calls_keys_by_their_names(open_app, press):
    async with open_app(size=(120, 36), ascii=True) as (app, pilot):
        await press(app, pilot, "right")
        line = app.screen.query_one(KeyLine)
        assert line.render().plain.startswith(" left/right step  n sub-step  up/down unit  enter why  space play")
        await press(app, pilot, "enter")
        assert line.render().plain.startswith(" up/down part  backspace return  enter follow  left/right step")


def test_the_help_names_the_keys_that_were_given_and_none_that_another_action_has_taken():
    text = help.page("", [*EXPLORE, *APP], {"explore.step": "f2,d", "app.quit": "n"}).plain
    lines = {line[16:]: line[:14].strip() for line in text.splitlines()}
    assert lines["Read the next token"] == "f2 d"
    assert lines["Show differences to the other, or to the untouched network"] == ""
    assert lines["Compute the next symbol of this step"] == "n"


def test_help_is_broken_into_lines_by_the_screen_that_shows_it():
    assert "\n" not in help.page(help.HELP["curve"], [], {}).plain.strip()
