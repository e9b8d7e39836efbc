"""Sending only what changed must leave the same screen as sending everything."""

import runpy

import pytest
from textual import _compositor, events
from textual.app import App
from textual.driver import Driver

from rnntui.ui import frame, memory
from tests.ui.emulated import (
    Cover,
    Inline,
    Question,
    Recorder,
    batch,
    change_column,
    move,
    narrow,
    palette,
    play,
    plays_alike,
    pop,
    push,
    resize,
    restyle,
    toggle,
    wander,
    widen,
)

pytestmark = pytest.mark.usefixtures("true_colours")


async def test_the_screen_is_the_one_that_textual_shows():
    await plays_alike(change_column, restyle, widen, narrow, toggle, toggle, batch, resize, restyle)


async def test_modals_and_other_screens_share_one_terminal():
    await plays_alike(push(Question), pop, push(Cover), push(Question), resize, pop, pop, palette, change_column)


async def test_what_floats_over_wide_characters_does_not_split_them():
    await plays_alike(widen, *(move(x, y) for x in range(68, 80) for y in (3, 14)))


@pytest.mark.parametrize("seed", [0, *(pytest.param(rest, marks=pytest.mark.slow) for rest in (1, 2, 3))])
async def test_the_screen_is_the_same_after_any_changes(seed):
    await plays_alike(*(wander(seed * 100 + i) for i in range(20)))


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"COLORTERM": "", "TERM": "xterm"}, id="16 colours"),
        pytest.param({"NO_COLOR": "1"}, id="NO_COLOR"),
        pytest.param({"COLORTERM": ""}, id="256 colours", marks=pytest.mark.slow),
        pytest.param({"TERM": "dumb"}, id="no colour known", marks=pytest.mark.slow),
    ],
)
async def test_terminals_with_fewer_colours_get_theirs(environment, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    await plays_alike(change_column, restyle, push(Question), pop)


@pytest.mark.parametrize(
    "notice",
    [
        lambda app: app.invalidate(),
        lambda app: app.post_message(Driver.SignalResume()),
        lambda app: app.post_message(events.Resize(app.size, app.size)),
    ],
    ids=["invalidate()", "Ctrl+Z", "a resize that came back"],
)
async def test_what_was_scribbled_on_is_repainted_after(notice):
    def scribble(app, _):
        app._driver.scribble()
        notice(app)

    (before, after), _ = await play(frame.DiffApp, scribble)
    assert after == before


async def test_a_program_that_borrowed_the_terminal_leaves_no_trace():
    def borrow(app, _):
        with app.suspend():
            app._driver.scribble()

    (before, after), _ = await play(frame.DiffApp, borrow)
    assert after == before


WHAT_TEXTUAL_SHOWS = {}


async def shows_what_textual_shows(app_class, driver=Recorder):
    steps = change_column, restyle, push(Question)
    if driver not in WHAT_TEXTUAL_SHOWS:
        WHAT_TEXTUAL_SHOWS[driver] = (await play(App, *steps, driver=driver))[0][-1]
    (*_, shown), _ = await play(app_class, *steps, driver=driver)
    return shown == WHAT_TEXTUAL_SHOWS[driver]


@pytest.fixture
def _comparing_fails(monkeypatch):
    def fail(*_):
        raise AttributeError("chops")

    monkeypatch.setattr(memory.Memory, "draw", fail)


@pytest.mark.usefixtures("_comparing_fails")
async def test_inline_apps_are_left_to_textual(caplog):
    assert await shows_what_textual_shows(frame.DiffApp, Inline)
    assert not caplog.records


@pytest.mark.usefixtures("_comparing_fails")
async def test_when_comparing_fails_textual_goes_on_alone(caplog):
    assert await shows_what_textual_shows(frame.DiffApp)
    assert [record.message for record in caplog.records] == ["frames are sent as Textual makes them from now on"]


@pytest.mark.usefixtures("_comparing_fails")
async def test_another_textual_is_noticed_and_left_alone(monkeypatch, caplog):
    class AnotherUpdate(_compositor.ChopsUpdate):
        def __init__(self, fragments):
            """Not the arguments we know."""

    assert frame.supported()
    frame.supported.cache_clear()
    monkeypatch.setattr(frame, "ChopsUpdate", AnotherUpdate)
    try:
        assert await shows_what_textual_shows(frame.DiffApp)
        assert not frame.supported()
    finally:
        frame.supported.cache_clear()
    assert [record.message.split(":")[0] for record in caplog.records] == ["frames are sent as Textual makes them"]


async def test_without_the_private_names_the_module_still_works(monkeypatch):
    with monkeypatch.context() as other:
        other.delattr(_compositor, "ChopsUpdate")
        names = runpy.run_path(frame.__file__)
    assert not names["supported"]()
    assert await shows_what_textual_shows(names["DiffApp"])
