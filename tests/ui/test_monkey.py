"""Somebody presses anything at any size: the app stays alive and the cursor stays inside the trace."""

import asyncio
import random

import pytest

from rnntui.engine.stream import Stream
from rnntui.engine.worker import InlineEngine
from rnntui.home import Home
from rnntui.scene import Scene, parse
from rnntui.ui.app import RnntuiApp

MOVES = ["right", "left", "h", "l", "n", "N", "up", "down", "j", "k", "home", "end", "left_square_bracket"]
MOVES += ["right_square_bracket", "tab", "shift+tab", "enter", "backspace", "pagedown", "pageup", "e", "escape"]
CHANGES = [
    "c",
    "b",
    "t",
    "s",
    "i",
    "H",
    "u",
    "ctrl+r",
    "g",
    "y",
    "o",
    "question_mark",
    "colon",
    "ctrl+p",
    "space",
    "plus",
    "minus",
    "1",
    "2",
    "f",
    "F",
    "w",
    "p",
    "v",
    "d",
    "equals_sign",
    "u",
    "u",
]
TYPED = [
    "a",
    "7",
    "[",
    "]",
    "/",
    "=",
    ":",
    "%",
    "\\",
    "漢",
    "delete",
    "backspace",
    "end",
    "enter",
    "enter",
    "escape",
    "tab",
    "down",
]
LINES = [
    "explore:cell=lstm,text=hello,hidden=3,bidirectional=yes,layers=2,t=2,unit=2,layer=1,direction=backward",
    "explore:cell=gru,text=a,hidden=1,t=1",
    "explore:cell=rnn,text=1%2C0%2C1,tokens=number,hidden=2,layers=3,t=3,layer=2",
    "explore:cell=lstm,text=hello,hidden=3,set=f%3D1,versus=gru,t=4",
    "gradients:cell=gru,text=hello,hidden=2,bidirectional=yes,t=4,direction=backward,truncate=2",
    "gradients:cell=lstm,length=60,hidden=4,t=50,unit=3",
]
SIZES = [(120, 36), (80, 24), (200, 50), (20, 4), (39, 11), (40, 12), (60, 17), (100, 30), (1, 1)]
SCENES = [
    Scene(text="hello", hidden=3),
    Scene(text="the quick brown fox " * 30, cell="gru", hidden=40, layers=2, bidirectional=True),
    Scene(text="[/x] \x1b]52;c;SGk=\x07 漢字 🙂", cell="rnn", tokens="word", hidden=1),
    Scene(activity="gradients", text="hello", hidden=2, bidirectional=True, layers=2, t=3, clip="1"),
    Scene(text="1,0,-1,2", cell="gru-reset-before", tokens="number", dtype="float64"),
]


def one_event(chance, modal):
    """A key, a size or a whole other scene; where a question is open mostly what one types."""
    if chance.random() < 0.03:
        return chance.choice(SIZES)
    if not modal and chance.random() < 0.08:
        return parse(chance.choice(LINES))
    if modal:
        return chance.choice(TYPED if chance.random() < 0.9 else MOVES + CHANGES)
    return chance.choice(MOVES if chance.random() < 0.7 else CHANGES)


class Untrained(InlineEngine):
    """An engine whose trainings end at once: a monkey that finds the Train screen has no hour to wait."""

    def stream(self, name, *_arguments, paused=False):
        stream = Stream(name, lambda _tag, _body: None, paused)
        stream.finish("cancelled")
        return stream


async def stay():
    """What the palette's entry for leaving does, until the monkey has finished."""


async def play(scene, seed, count):
    """Press and resize so often; after every batch everything must be in order."""
    chance, history = random.Random(seed), []
    with Untrained() as engine:
        app = RnntuiApp(engine, scene, Home.nowhere())
        leave, app.action_quit = app.action_quit, stay
        async with app.run_test(size=(120, 36)) as pilot:
            await app.idle()
            for number in range(count):
                event = one_event(chance, len(app.screen_stack) > 1)
                history.append(event)
                if isinstance(event, tuple):
                    await pilot.resize_terminal(*event)
                elif isinstance(event, Scene):
                    await app.open(event)
                else:
                    await pilot.press(event)
                if number % 25 == 24:
                    await check(app, pilot, history)
            await pilot.resize_terminal(120, 36)
            for _ in range(4):
                await pilot.press("escape")
            await check(app, pilot, history)
            assert len(app.screen_stack) == 1, history[-40:]
            app.action_quit = leave
            await pilot.press("q")
            await pilot.pause()
        assert app.return_code == 0, history[-40:]


async def check(app, pilot, history):
    assert app.is_running, history[-40:]
    assert app._exception is None, history[-40:]
    explore = app.activity
    if explore.ACTIVITY == "train":  # it reads no scene
        return
    if explore.autoplay.playing:
        explore.autoplay.stop()
    await pilot.pause()
    trace = explore.trace
    assert trace is not None, history[-40:]
    cursor = explore.cursor
    assert explore.record.clamp(cursor).t == cursor.t, (cursor, history[-40:])
    assert 0 <= cursor.unit < trace.hidden, (cursor, history[-40:])
    assert 0 <= trace.steps_read(cursor) <= trace.steps + 1, (cursor, history[-40:])


@pytest.mark.slow
@pytest.mark.parametrize("number", range(5))
async def test_a_monkey_at_the_keys_leaves_the_app_alive(number):
    await asyncio.wait_for(play(SCENES[number], number, 75), 100)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(3))
async def test_a_patient_monkey_leaves_the_app_alive(seed):
    await asyncio.wait_for(play(SCENES[seed % len(SCENES)], 100 + seed, 700), 580)
