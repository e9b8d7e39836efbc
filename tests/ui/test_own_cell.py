"""A cell of one's own in the app: chosen by its path, run again when it is saved, and never run for a stranger."""

import asyncio

import pytest
from textual.widgets import Input

from rnntui.ui import watch
from rnntui.ui.screens.ask import ChoiceScreen, LineScreen
from tests.core.own.files import GOOD, MGU, write

PATIENCE = 20.0
SELDOM = 1000.0
"""Seconds between two looks at a file, where a test looks itself."""


def notices(app):
    return " ".join(notice.message for notice in app._notifications)


async def until(app, condition):
    """Wait for a condition; the app looks at its files by the clock."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)
    await app.idle()


async def answer(app, pilot, press, line):
    app.screen.query_one(Input).value = line
    await press(app, pilot, "enter")


async def test_a_file_of_ones_own_is_chosen_from_the_list_by_its_path(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=3") as (app, pilot):
        await press(app, pilot, "c", "end", "enter")
        assert isinstance(app.screen, LineScreen)
        await answer(app, pilot, press, f" {MGU} ")
        assert app.activity.trace.cell == "mgu.py:mgu"
        assert app.activity.cursor.t == 3
        assert app.activity.scene.cell == f"{MGU}:mgu"
        assert len(app.activity.scene.cell_sha256) == 64
        await press(app, pilot, "c")
        await press(app, pilot, "enter")
        assert app.screen.query_one(Input).value == f"{MGU}:mgu"
        await press(app, pilot, "escape", "u")
        assert app.activity.trace.cell == "lstm"
        assert app.activity.scene.cell_sha256 == ""


async def test_what_is_no_file_of_a_cell_is_said_and_nothing_is_lost(open_app, press):
    async with open_app() as (app, pilot):
        for line, said in (("mgu", "write FILE.py:FUNCTION"), ("/missing/mgu.py", "There is no file")):
            await press(app, pilot, "c", "end", "enter")
            await answer(app, pilot, press, line)
            assert said in notices(app)
            assert app.activity.trace.cell == "lstm"


async def test_saving_the_file_runs_it_again_and_a_broken_one_leaves_the_last_picture(open_app, press, tmp_path):
    file = write(tmp_path, GOOD)
    async with open_app(f"explore:cell={file},text=hello,hidden=3,t=2,unit=1") as (app, pilot):
        explore = app.activity
        first = explore.trace
        write(tmp_path, GOOD.replace("= tanh", "= = tanh"))
        await until(app, lambda: explore.waiting.startswith("own.py"))
        assert "own.py:4: this is not Python" in notices(app)
        assert explore.waiting == "own.py:f does not run · save it to try again"
        assert explore.trace is first
        await press(app, pilot, "right")
        write(tmp_path, GOOD.replace("tanh", "sigmoid"))
        await until(app, lambda: explore.trace is not first)
        assert explore.trace.equation("h").source.startswith("sigmoid")
        assert (explore.cursor.t, explore.cursor.unit) == (3, 1)
        assert not explore.history.past
        assert not explore.waiting
        assert not explore.trace.notices
        await press(app, pilot, "c", "home", "enter")
        assert not explore.lookout.looking


async def test_saving_the_file_of_what_stands_beside_it_runs_that_again(open_app, tmp_path):
    file = write(tmp_path, GOOD)
    async with open_app(f"explore:cell=lstm,text=hello,hidden=3,t=2,versus={file}") as (app, _):
        first = app.activity.second
        write(tmp_path, GOOD.replace("tanh", "sigmoid"))
        await until(app, lambda: app.activity.second is not first)
        assert app.activity.second.equation("h").source.startswith("sigmoid")


async def test_a_file_that_is_broken_at_first_is_shown_once_it_is_mended(open_app, tmp_path):
    file = write(tmp_path, "raise ValueError('not yet')\n" + GOOD)
    async with open_app(f"explore:cell={file},text=hello,hidden=3,t=2") as (app, _):
        assert app.activity.trace.cell == "lstm"
        assert "own.py:3: ValueError: not yet" in notices(app)
        write(tmp_path, GOOD)
        await until(app, lambda: app.activity.trace.cell == "own.py:f")
        assert app.activity.scene.text == "hello"


@pytest.mark.parametrize(
    ("looks", "told"),
    [(1, ""), (5, "own.py is gone; what is shown stays, and the file is run again once it is back.")],
)
async def test_a_file_that_goes_away_is_waited_for_and_one_that_stays_away_is_told_of_once(
    open_app, tmp_path, monkeypatch, looks, told
):
    monkeypatch.setattr(watch, "EVERY", SELDOM)
    file = write(tmp_path, GOOD)
    async with open_app(f"explore:cell={file},text=hello,hidden=3") as (app, _):
        first = app.activity.trace
        (tmp_path / "own.py").rename(tmp_path / "aside.py")
        for _ in range(looks):
            app.activity.lookout.look()
        await app.idle()
        assert notices(app) == told
        assert app.activity.trace is first
        write(tmp_path, GOOD.replace("tanh", "sigmoid"))
        app.activity.lookout.look()
        await until(app, lambda: app.activity.trace is not first)
        assert app.activity.trace.equation("h").source.startswith("sigmoid")
        assert notices(app) == told


async def test_a_file_is_run_for_the_activity_that_is_on_and_for_another_once_one_comes_back(
    open_app, press, tmp_path, monkeypatch
):
    monkeypatch.setattr(watch, "EVERY", SELDOM)
    file = write(tmp_path, GOOD)
    async with open_app(f"explore:cell={file},text=hello,hidden=3") as (app, pilot):
        explore = app.activity
        await press(app, pilot, "2")
        gradients = app.activity
        write(tmp_path, GOOD.replace("= tanh", "= = tanh"))
        for one in (explore, gradients):
            one.lookout.look()
            await app.idle()
        assert notices(app) == "own.py:4: this is not Python (invalid syntax)."
        write(tmp_path, GOOD.replace("tanh", "sigmoid"))
        gradients.lookout.look()
        await app.idle()
        assert gradients.trace.equation("h").source.startswith("sigmoid")
        assert explore.trace.equation("h").source.startswith("tanh")
        await press(app, pilot, "1")
        explore.lookout.look()
        await app.idle()
        assert explore.trace.equation("h").source.startswith("sigmoid")


async def test_a_pasted_scene_asks_before_it_runs_a_file(open_app, press, tmp_path):
    ran = tmp_path / "ran"
    file = write(tmp_path, f"open({str(ran)!r}, 'w').close()\n" + GOOD)
    line = f"explore:cell={file},text=hi,hidden=3"
    async with open_app() as (app, pilot):
        for key, leaving in (("o", "enter"), ("y", "escape")):
            await press(app, pilot, key)
            await answer(app, pilot, press, line)
            assert isinstance(app.screen, ChoiceScreen)
            assert file in app.screen.label
            await press(app, pilot, leaving)
            assert app.activity.trace.cell == "lstm"
            assert not ran.exists()
        await press(app, pilot, "o")
        await answer(app, pilot, press, line)
        await press(app, pilot, "down", "enter")
        assert app.activity.trace.cell == "own.py:f"
        assert ran.exists()
        await press(app, pilot, "o")
        await answer(app, pilot, press, line.replace("text=hi", "text=ho"))
        assert app.activity.scene.text == "ho"
