"""The Train screen with a training that the test plays: started, paused, stepped, killed, resumed, rewound."""

import asyncio
import csv
import io
import pickle
import re
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from filelock import FileLock
from textual.widgets import Input

from rnntui.engine.client import Engine, Stream, WorkerDied
from rnntui.engine.worker import InlineEngine
from rnntui.errors import BadInput
from rnntui.home import Home, Settings
from rnntui.scene import parse
from rnntui.training.checkpoints import newest
from rnntui.training.folder import metrics
from rnntui.training.loop import train
from rnntui.training.progress import Look
from rnntui.training.record import Change
from rnntui.training.shelf import unfinished
from rnntui.training.spec import preset
from rnntui.ui.screens.ask import PageScreen
from rnntui.ui.screens.once import Line
from tests.core.own.files import MGU
from tests.training.snapshots import SPEC, neurons, reading, sample, snapshot

PANES = ["writing", "chances", "h", "gates", "neuron", "sequence", "bits", "norm", "ratio"]
RUN = "/somewhere/runs/one"
OPENINGS = Path("/somewhere/openings")


class Stage(InlineEngine):
    """An engine whose trainings do what the test says; the past is made up, everything else is computed."""

    def __init__(self):
        super().__init__()
        self.streams, self.begun, self.told, self.asked = [], [], [], []
        self.failing = None
        self.lingers = False
        self.left = SPEC

    def stream(self, name, *arguments, paused=False):
        stream = Stream(name, lambda tag, body: self.tell(stream, tag, body), paused)
        self.begun.append((name, *arguments, paused))
        self.streams.append(stream)
        return stream

    def tell(self, stream, tag, body):
        self.told.append((tag.name, pickle.loads(body) if body else None))
        if tag.name == "CANCEL" and not self.lingers:
            stream.finish("cancelled")

    def ask(self, name, *arguments):
        if name not in ("looked_back", "opened", "neurons", "standing"):
            return super().ask(name, *arguments)
        self.asked.append((name, *arguments))
        answer: Future[object] = Future()
        if self.failing is not None:
            answer.set_exception(self.failing)
        elif name == "looked_back":
            answer.set_result(Look(arguments[1], sample(f"It was step {arguments[1]}"), reading(arguments[1])))
        elif name == "standing":
            damaged = ("The checkpoint is damaged.",)
            answer.set_result(snapshot(step=30, bits=3.0, run=arguments[0], notices=damaged, spec=self.left))
        elif name == "neurons":
            answer.set_result(replace(neurons(arguments[1]), symbol=arguments[2]))
        else:
            answer.set_result(parse(f"{arguments[2]}:cell=gru,text=bye,hidden=3"))
        return answer

    def show(self, **fields):
        self.streams[-1].show(memoryview(pickle.dumps(snapshot(**{"run": RUN, **fields}))))


def shown(app, pane):
    return app.activity.query_one(f"#{pane}").painting().text()


def top(app):
    return app.activity.query_one("TopLine").render().plain.rstrip()


def notices(app):
    return [notice.message for notice in app._notifications]


@pytest.fixture
def play(open_app, press):
    """Opens the Train screen; the answer is the app, the stage, and what presses keys and waits for snapshots."""

    def opened(size=(120, 36), enter="3", **options):
        stage = Stage()
        options.setdefault("home", Home(Settings(welcomed=True), (), None, None, openings=OPENINGS))
        context = open_app(size=size, engine=stage, **options)

        class Play:
            async def __aenter__(self):
                self.app, self.pilot = await context.__aenter__()
                self.stage = stage
                await self.press(*enter)
                return self

            async def __aexit__(self, *failure):
                await context.__aexit__(*failure)

            async def press(self, *keys):
                await press(self.app, self.pilot, *keys)

            async def show(self, **fields):
                stage.show(**fields)
                await self.settle()

            async def settle(self):
                for _ in range(5):
                    await asyncio.sleep(0)
                await self.press()

            @property
            def record(self):
                return self.app.activity.record

        return Play()

    return opened


async def test_before_anything_trains_the_screen_says_which_key_starts(play):
    async with play() as one:
        assert one.app.activity.ACTIVITY == "train"
        assert "Press Space to train a tiny lstm" in " ".join(shown(one.app, "writing").split())
        await one.press("period", "less_than_sign", "e", "right", "down", "escape")
        assert one.stage.asked == []


async def test_space_starts_pauses_and_goes_on_and_a_dot_makes_one_step(play):
    async with play() as one:
        await one.press("space")
        assert one.stage.begun == [("train_for", one.record.spec, 60, None, False)]
        assert one.record.state == "starting"
        await one.show(step=0)
        await one.show(step=10, bits=4.0)
        assert one.record.state == "training"
        assert "step 10 of 200" in shown(one.app, "time")
        assert "among 16.0 characters" in shown(one.app, "sentence")
        assert "It writes (temperature 0.8)" in str(one.app.activity.query_one("#writing").border_title)
        await one.press("space")
        assert one.record.state == "paused"
        await one.press("full_stop")
        await one.show(step=11)
        assert one.record.state == "paused"
        await one.press("space")
        await one.show(step=12)
        assert one.record.state == "training"
        assert one.stage.told == [
            *[("CHANGE", Change("pace", 0)), ("STEP", None)] * 2,
            ("CHANGE", Change("pace", 0.1)),
            ("RESUME", None),
        ]


async def test_a_killed_process_is_said_and_space_goes_on_with_its_run(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=10)
        one.stage.streams[-1].fail(WorkerDied("train_for broke off: its process was killed; nothing else is lost."))
        await one.settle()
        assert one.record.state == "broken"
        assert "was killed" in notices(one.app)[-1]
        assert "Space goes on from what was kept" in shown(one.app, "sentence")
        await one.press("plus", "space")
        assert one.stage.begun[-1] == ("resume", RUN, (Change("temperature", 0.9),), False)
        await one.show(step=8)
        assert one.record.state == "training"


async def test_a_run_whose_last_model_cannot_be_written_did_not_break_off(play):
    async with play(size=(200, 50)) as one:
        for last, key in ((200, ""), (150, "escape")):
            await one.press("space")
            final = {"final_loss": 2.0, "final_baselines": {3: 2.5}} if last == 200 else {}
            await one.show(step=last, **final)
            told, one.stage.tell = one.stage.tell, lambda *_: None  # it ends by itself
            await one.press(*key.split())
            one.stage.tell = told
            one.stage.streams[-1].fail(BadInput(f"The model of step {last} could not be kept (No space left)."))
            await one.settle()
            assert one.record.state == "unkept"
            assert shown(one.app, "sentence").endswith(
                f"The model of step {last} could not be kept; Space goes on from step 24."
            )
            assert ("On all text held out" in shown(one.app, "sentence")) == (last == 200)
            assert f"not kept · step {last} of 200" in shown(one.app, "time")
        await one.press("space")
        assert one.stage.begun[-1] == ("resume", RUN, (), False)
        await one.show(step=200, kept=(24, 200))
        one.stage.streams[-1].fail(WorkerDied("train_for broke off: its process was killed; nothing else is lost."))
        await one.settle()
        assert one.record.state == "finished"


async def test_what_cannot_be_learned_from_is_said(play):
    async with play() as one:
        await one.press("space")
        one.stage.streams[-1].fail(BadInput("The text 'x' has 3 characters to learn from."))
        await one.settle()
        assert notices(one.app) == ["The text 'x' has 3 characters to learn from."]
        await one.press("space")
        assert len(one.stage.streams) == 2


async def test_escape_stops_and_the_end_of_all_steps_is_known(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=10)
        await one.press("escape")
        await one.settle()
        assert one.record.state == "stopped"
        await one.press("space")
        await one.show(step=200)
        one.stage.streams[-1].finish("finished")
        await one.settle()
        assert one.record.state == "finished"
        assert "finished" in shown(one.app, "time")


async def test_an_explosion_is_explained_and_a_smaller_learning_rate_goes_along(play):
    async with play() as one:
        await one.press("space")
        for step in (0, 10, 20):
            await one.show(step=step)
        await one.show(step=16, stopped="Training exploded at step 21: the loss was nan.", stopped_at=21)
        one.stage.streams[-1].finish("finished")
        await one.settle()
        assert "The training exploded at step 21" in shown(one.app, "sentence")
        assert "then Space goes on from step 16." in shown(one.app, "sentence")
        assert "the loss was nan." in shown(one.app, "writing")
        assert one.record.curve.steps.tolist() == [10, 20]
        await one.press("n", "down", "enter", *["backspace"] * 5, *"0.001", "enter")
        await one.press("space")
        assert one.stage.begun[-1] == ("resume", RUN, (Change("learning_rate", 0.001),), False)


async def test_rewinding_begins_the_very_same_run_and_both_curves_stay(play):
    async with play() as one:
        await one.press("space")
        for step in (0, 10, 20):
            await one.show(step=step, bits=6 - step / 10)
        await one.press("r")
        await one.settle()
        assert one.stage.begun[-1] == ("train", SPEC, None, True)
        await one.show(step=0, bits=6.0)
        await one.show(step=10, bits=4.5)
        assert "before: lstm 6 4.00" in shown(one.app, "bits")
        assert "validation 4.50" in shown(one.app, "bits")


async def test_space_right_after_a_rewind_has_the_new_run_train(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=10)
        one.stage.lingers = True
        await one.press("r")
        assert one.record.state == "starting"
        await one.press("space", "space", "plus")
        await one.show(step=12)
        assert [begun[0] for begun in one.stage.begun] == ["train_for"]
        assert (one.record.state, one.record.step) == ("starting", 10)
        one.stage.streams[-1].finish("cancelled")
        await one.settle()
        assert one.stage.begun[1:] == [("train", SPEC, None, False)]
        assert one.stage.told[-1] == ("CHANGE", Change("temperature", 0.9))
        await one.show(step=1)
        assert one.record.state == "training"
        await one.press("r")
        one.stage.streams[-1].finish("cancelled")
        await one.settle()
        assert one.stage.begun[2:] == [("train", SPEC, None, True)]
        await one.press("space")
        await one.show(step=0)
        assert one.record.state == "training"
        await one.press("r", "space", "escape")
        one.stage.streams[-1].finish("cancelled")
        await one.settle()
        assert one.stage.begun[3:] == [("train", SPEC, None, True)]


async def test_another_cell_or_length_is_for_the_next_run(play):
    async with play() as one:
        await one.press("c", "down", "enter", "d", "up", "enter")
        assert (one.record.spec.cell, one.record.seconds) == ("lstm", 30)
        await one.press("space")
        await one.show(step=0)
        await one.press("c", "down", "enter")
        assert one.record.spec.cell == "gru"
        assert notices(one.app)[-1] == "The next run: gru with 128 units for 30 s; r begins it."
        assert top(one.app).endswith("lstm · 6 units · seed 0 · next: gru with 128 units for 30 s")
        await one.press("plus", "r")
        await one.settle()
        assert one.stage.begun[-1][:3] == ("train_for", one.record.spec, 30)
        assert one.stage.told[-2:] == [("CHANGE", Change("temperature", 0.9)), ("STEP", None)]


async def test_another_cell_takes_the_place_of_a_run_that_waits_before_its_first_update(play):
    async with play() as one:
        await one.press("full_stop")
        await one.show(step=0)
        assert one.record.state == "paused"
        await one.press("c", "down", "enter")
        await one.settle()
        assert one.stage.begun[-1][:2] == ("train_for", one.record.spec)
        assert one.record.spec.cell == "gru"
        assert one.stage.begun[-1][-1] is True
        await one.show(step=1)
        await one.press("c", "down", "enter")
        assert len(one.stage.begun) == 2


async def test_a_cell_of_ones_own_is_read_when_its_path_is_typed_and_stays_when_the_length_changes(play, tmp_path):
    file = tmp_path / "mgu.py"
    file.write_text(Path(MGU).read_text())
    async with play(line=f"explore:cell={file},text=hello,hidden=3", enter="") as one:
        await one.press("3", "c", "end", "enter")
        assert one.app.screen.query_one(Input).value == f"{file}:mgu"
        await one.press("enter")
        assert one.record.spec.cell == f"{file}:mgu"
        assert "def mgu(x, h, W):" in one.record.spec.equations
        assert "mgu.py:mgu with 128 units for 60 s" in shown(one.app, "sentence")
        await one.press("d", "home", "down", "enter")
        assert (one.record.spec.cell_title, one.record.spec.hidden, one.record.seconds) == ("mgu.py:mgu", 128, 30)
        file.write_text("h = = x")
        await one.press("c", "enter", "enter")
        assert notices(one.app)[-1] == "mgu.py:1: this is not Python (invalid syntax)."
        await one.press("c", "enter", "ctrl+u", *"nonsense", "enter")
        assert notices(one.app)[-1] == "'nonsense' is no cell of your own; write FILE.py:FUNCTION."
        await one.press("space")
        assert one.stage.begun[-1][:3] == ("train_for", one.record.spec, 30)
        assert "def mgu(x, h, W):" in one.record.spec.equations


async def test_the_units_of_ones_own_cell_are_looked_at_by_its_state(play):
    async with play() as one:
        await one.press("space")
        found = reading(30)
        layers = ({"memory": found.layers[0]["h"]},)
        await one.show(step=30, reading=replace(found, layers=layers, state="memory"))
        assert "Hidden state memory" in str(one.app.activity.query_one("#h").border_title)
        await one.press("f")
        assert one.stage.asked[-1] == ("neurons", RUN, 24, "memory")
        await one.press("x", "escape", "s")


async def test_knobs_and_the_prime_are_sent_to_what_trains_and_nonsense_is_said(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=5)
        await one.press("minus")
        await one.press("t", *["backspace"] * 4, *"def ", "enter")
        await one.press("n", "down", "down", "enter", *["backspace"] * 4, *"0.5", "enter")
        await one.press("n", "enter", *"x", "enter")
        sent = [what for tag, what in one.stage.told if tag == "CHANGE"]
        assert sent == [Change("temperature", 0.7), Change("prime", "def "), Change("clip", 0.5)]
        assert one.record.snapshot.knobs.prime == "def "
        assert "is no number" in notices(one.app)[-1]
        await one.press("n", *["down"] * 3, "enter", *"00", "enter")
        assert notices(one.app)[-1] == "A truncation of 0 is outside 1…2048; choose a number between them."


async def test_a_model_that_does_not_train_writes_anew_when_a_knob_of_its_writing_is_turned(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=24)
        await one.press("space", "plus")
        assert one.stage.told[-2:] == [("CHANGE", Change("temperature", 0.9)), ("STEP", None)]
        await one.press("escape")
        await one.settle()
        await one.press("plus")
        assert one.stage.asked[-1][:3] == ("looked_back", RUN, 24)
        assert "It was step 24" in shown(one.app, "writing")
        assert (one.record.past, one.record.snapshot.knobs.temperature) == (None, 1.0)


async def test_the_time_machine_moves_every_pane_and_returns(play):
    async with play(size=(200, 50)) as one:
        await one.press("space")
        await one.show(step=30)
        now = {pane: shown(one.app, pane) for pane in ("writing", "chances", "h", "gates")}
        await one.press("less_than_sign")
        knobs = one.record.snapshot.knobs
        assert one.stage.asked == [("looked_back", RUN, step, knobs) for step in (24, 16)]
        assert "It was step 24" in shown(one.app, "writing")
        assert all(shown(one.app, pane) != text for pane, text in now.items() if pane != "h")
        await one.show(step=31)
        assert "It was step 24" in shown(one.app, "writing")
        await one.press("less_than_sign", "less_than_sign", "greater_than_sign")
        assert one.record.step == 16
        await one.press("escape")
        assert (one.record.past, one.record.state) == (None, "training")
        await one.press("less_than_sign", "greater_than_sign")
        assert one.record.past is None
        assert len(one.stage.asked) == 3
        one.stage.failing = BadInput("The checkpoint at step 24 is damaged.")
        await one.press("plus", "less_than_sign")
        assert notices(one.app)[-1] == "The checkpoint at step 24 is damaged."


async def test_however_fast_one_goes_back_one_question_is_asked_at_a_time_and_the_last_wish_is_shown(play, monkeypatch):
    async with play() as one:
        await one.press("space")
        await one.show(step=30)
        asked = []
        monkeypatch.setattr(one.stage, "ask", lambda *question: asked.append((question[2], Future())) or asked[-1][1])
        await one.pilot.press("less_than_sign", "less_than_sign", "less_than_sign")
        assert [step for step, _ in asked] == [24]
        asked[0][1].set_result(Look(24, sample("It was step 24"), reading(24)))
        while len(asked) < 2:
            await one.pilot.pause()
        assert [step for step, _ in asked] == [24, 0]
        assert one.record.past.step == 24
        asked[1][1].set_result(Look(0, sample("It was step 0"), reading(0)))
        await one.settle()
        assert "It was step 0" in shown(one.app, "writing")
        await one.press("escape")
        assert (one.record.past, one.record.state) == (None, "training")


async def test_units_are_looked_at_once_the_moment_is_there_that_one_goes_back_to(play, monkeypatch):
    async with play() as one:
        await one.press("space")
        await one.show(step=30)
        asked = []
        monkeypatch.setattr(one.stage, "ask", lambda *question: asked.append((question, Future())) or asked[-1][1])
        await one.pilot.press("less_than_sign", "f")
        answers = [Look(step, sample(f"It was step {step}"), reading(step)) for step in (24, 16)] + [neurons(24)]
        for answer in answers:
            while asked[-1][1].done():
                await one.pilot.pause()
            asked[-1][1].set_result(answer)
        await one.settle()
        names = [(question[0], question[2]) for question, _ in asked]
        assert names == [("looked_back", 24), ("looked_back", 16), ("neurons", 24)]
        assert (one.record.past.step, one.record.neurons.step) == (24, 24)
        await one.press("escape")
        assert (one.record.past, one.record.state) == (None, "training")


@pytest.fixture
def slow_engine(monkeypatch):
    """Has an engine answer when the test says; of several questions at once the last wins, as of a real one's."""

    class Slow:
        def __init__(self, stage):
            self.asked, answers = [], stage.ask

            def ask(*question):
                for _, one in self.asked:
                    one.cancel()
                self.asked.append((question, Future()))
                return self.asked[-1][1]

            self.answers = answers
            monkeypatch.setattr(stage, "ask", ask)

        async def answer(self, pilot, *names):
            """Answer so many questions, one after the other: those named."""
            for place, name in enumerate(names, start=len([one for _, one in self.asked if one.done()])):
                while len(self.asked) <= place:
                    await pilot.pause()
                question, future = self.asked[place]
                assert (question[0], future.cancelled()) == (name, False)
                future.set_result(self.answers(*question).result())

    return Slow


async def test_a_question_about_units_is_answered_before_the_moment_that_is_asked_for_at_once_after_it(
    play, slow_engine
):
    async with play() as one:
        await one.press("space")
        await one.show(step=30)
        slow = slow_engine(one.stage)
        await one.pilot.press("f", "f", "s", "less_than_sign", "less_than_sign")
        await slow.answer(one.pilot, "neurons", "neurons", "looked_back", "looked_back")
        await one.settle()
        assert [question[2:4] for question, _ in slow.asked[:2]] == [(24, "h"), (24, "i")]
        assert (one.record.past.step, one.record.neurons.step, one.record.neurons.symbol) == (16, 24, "i")
        assert one.record.neurons.features[one.record.neurons.chosen] == "inside brackets"
        assert not one.record.asked


async def test_what_opens_at_once_after_a_step_back_is_the_moment_to_which_it_led(play, slow_engine):
    async with play() as one:
        await one.press("space")
        await one.show(step=30)
        slow = slow_engine(one.stage)
        await one.pilot.press("less_than_sign", "e")
        await slow.answer(one.pilot, "looked_back", "looked_back", "opened", "trace")
        await one.settle()
        assert slow.asked[2][0] == ("opened", RUN, 24, "explore", 0, OPENINGS)
        assert one.app.activity.ACTIVITY == "explore"
        assert one.app.activity.scene.text == "bye"
        assert one.stage.told[-1] == ("STEP", None)
        await one.pilot.press("3")
        assert (one.record.past.step, one.record.state) == (24, "paused")


async def test_a_step_back_at_once_after_opening_waits_until_one_is_back(play, slow_engine):
    async with play() as one:
        await one.press("space")
        await one.show(step=30)
        slow = slow_engine(one.stage)
        await one.pilot.press("e", "less_than_sign")
        await slow.answer(one.pilot, "opened", "trace")
        await one.settle()
        assert [question[0] for question, _ in slow.asked] == ["opened", "trace"]
        assert one.app.activity.scene.text == "bye"
        await one.pilot.press("3")
        await slow.answer(one.pilot, "looked_back", "looked_back")
        await one.settle()
        assert one.record.past.step == 24


async def test_the_trained_weights_open_in_the_other_activities_and_the_training_waits(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=30)
        await one.press("down", "e")
        await one.settle()
        assert one.stage.asked[-1] == ("opened", RUN, 30, "explore", 1, OPENINGS)
        assert one.app.activity.ACTIVITY == "explore"
        assert one.app.activity.scene.text == "bye"
        assert one.stage.told[-1] == ("STEP", None)
        await one.press("u")
        assert one.app.activity.scene.text == "hello"
        await one.press("3")
        assert one.record.state == "paused"
        await one.press("2")
        assert one.app.activity.ACTIVITY == "gradients"
        assert one.app.activity.scene.text == "hello"


async def test_the_scene_line_of_the_weights_is_copied_and_a_pasted_one_opened(play):
    async with play() as one:
        await one.press("y")
        assert one.stage.asked == []
        await one.press("space")
        await one.show(step=30)
        await one.press("less_than_sign", "down", "y")
        assert one.stage.asked[-1] == ("opened", RUN, 24, "explore", 1, OPENINGS)
        assert one.app.clipboard == "explore:cell=gru,text=bye,hidden=3,seed=0,t=0"
        assert one.app.screen.query_one("#ask-label").visual.plain == "The scene on the screen, as one line"
        await one.press("escape", "o", *"gradients:text=abc,hidden=2", "enter")
        while one.app.activity.ACTIVITY != "gradients" or one.app.activity.scene is None:
            await one.pilot.pause()
        assert one.app.activity.scene.text == "abc"
        await one.press("3", "o", *"nonsense", "enter")
        assert one.app.activity.ACTIVITY == "train"
        assert "this one has no colon" in notices(one.app)[-1]


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


async def test_f_goes_from_property_to_property_to_the_unit_that_follows_it(play):
    async with play() as one:
        await one.press("f", "space")
        await one.show(step=30)
        await one.press("f")
        assert one.stage.asked == [("neurons", RUN, 24, "h")]
        assert one.app.activity.focused.id == "neuron"
        found = one.record.neurons
        assert one.app.activity.cursor.unit == found.ranked(0)[0] == 4
        assert "Unit 4 · inside quotes r = −1.00" in str(one.app.activity.query_one("#neuron").border_title)
        await one.press("f")
        assert "Unit 4 · inside brackets is nowhere in" in str(one.app.activity.query_one("#neuron").border_title)
        await one.press("f")
        assert len(one.stage.asked) == 1
        assert one.app.activity.cursor.unit == found.ranked(2)[0]
        unit = one.app.activity.cursor.unit
        await one.press("s")
        assert one.stage.asked[-1] == ("neurons", RUN, 24, "i")
        assert f"Unit {unit}, i · line position r" in str(one.app.activity.query_one("#neuron").border_title)


async def test_m_marks_stretches_of_the_text_and_finds_the_unit_that_follows_them(play):
    async with play() as one:
        await one.press("m", "space")
        await one.show(step=30)
        await one.press("m")
        assert one.stage.asked == [("neurons", RUN, 24, "h")]
        assert "m begins a stretch" in shown(one.app, "neuron")
        here = one.app.activity.cursor
        await one.press("right", "right", "m", "right", "right", "left")
        assert one.app.activity.cursor == here
        assert "m ends the stretch" in shown(one.app, "neuron")
        await one.press("m", *["right"] * 3, "m", "enter")
        found = one.record.neurons
        assert found.marking.stretches == (range(2, 4), range(6, 7))
        assert found.features[found.chosen] == "marked"
        mask = [float(place in (2, 3, 6)) for place in range(len(found.text))]
        expected = [np.corrcoef(mask, found.units[:, unit])[0, 1] for unit in range(6)]
        assert found.correlations[found.chosen] == pytest.approx(expected, abs=1e-6)
        best = sorted(range(6), key=lambda unit: -abs(expected[unit]))
        assert one.app.activity.cursor.unit == best[0]
        assert f"Unit {best[0]} · marked r = " in str(one.app.activity.query_one("#neuron").border_title)
        assert f"marked: {best[0]} (" in shown(one.app, "neuron")
        await one.press("down", "down", "up")
        assert one.app.activity.cursor.unit == best[1]
        await one.press("less_than_sign", "less_than_sign", "f")
        assert one.stage.asked[-1] == ("neurons", RUN, 16, "h")
        assert one.record.neurons.marking == found.marking
        assert one.app.activity.check_action("stop", ())
        await one.press("escape")
        assert one.record.neurons.marking.stretches == ()
        assert "marked" not in one.record.neurons.features
        assert one.record.past is not None
        await one.press("escape", "escape")
        await one.settle()
        assert (one.record.past, one.record.state) == (None, "stopped")


async def test_while_the_text_is_read_that_is_said_and_keys_do_not_ask_again(play, monkeypatch):
    async with play() as one:
        await one.press("space")
        await one.show(step=30)
        slow, asked = Future(), []
        monkeypatch.setattr(one.stage, "ask", lambda *question: asked.append(question) or slow)
        await one.pilot.press("m", "m", "f")
        assert len(asked) == 1
        assert "reads a text that was never learned from…" in shown(one.app, "neuron")
        slow.set_result(neurons(24))
        await one.settle()
        assert one.record.neurons.marking.active
        assert not one.record.asked


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


async def test_runs_are_kept_where_the_home_says(play, tmp_path):
    (tmp_path / "stdlib-docs-lstm-1").mkdir()
    home = Home(Settings(welcomed=True), (), None, None, tmp_path)
    async with play(home=home) as one:
        await one.press("space")
        assert one.stage.begun[-1][3] == str(tmp_path / "stdlib-docs-lstm-2")


@pytest.fixture
def left(tmp_path):
    """A home with a run that was left at step 24 of 200."""
    folder = tmp_path / "gru-7"
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "spec.json").write_text(SPEC.to_json())
    (folder / "checkpoints" / "step-000000024.json").write_text("{}")
    lines = ['{"step": 0, "val_bpc": 6}', '{"step": 25, "train_bpc": 5, "val_bpc": 4}', '{"step": 99, "val_bpc": 1}']
    (folder / "metrics.jsonl").write_text("\n".join(lines))
    return Home(Settings(welcomed=True), (), None, None, tmp_path)


async def test_a_run_that_was_left_is_told_of_looked_at_and_gone_on_with_by_one_key(play, left, tmp_path):
    async with play(enter="", home=left, keys={"app.train": "ctrl+t"}) as one:
        assert notices(one.app)[0] == "gru-7 was left at step 24 of 200: ctrl+t shows it, then Space goes on with it."
        await one.press("ctrl+t")
        assert one.stage.asked == [("standing", str(tmp_path / "gru-7"))]
        assert "gru-7 was left at step 30 of 200: Space goes on with it, r trains it anew" in shown(one.app, "sentence")
        assert "This is a text" in shown(one.app, "writing")
        assert one.record.curve.val_steps.tolist() == [0, 25, 30]
        await one.press("less_than_sign", "escape", "f")
        assert {asked[0] for asked in one.stage.asked} == {"standing", "looked_back", "neurons"}
        await one.press("space")
        assert one.stage.begun == [("resume", str(tmp_path / "gru-7"), (), False)]
        await one.show(step=24, run=str(tmp_path / "gru-7"))
        await one.show(step=31, run=str(tmp_path / "gru-7"))
        assert (one.record.state, one.record.offered) == ("training", None)
        assert one.record.curve.val_steps.tolist() == [0, 24, 31]


async def test_the_curves_that_stood_beside_a_run_are_drawn_again_after_a_restart(play, left, tmp_path):
    before = tmp_path / "stdlib-docs-lstm-1"
    before.mkdir()
    (before / "spec.json").write_text(preset(30).to_json())
    (before / "metrics.jsonl").write_text('{"step": 0, "val_bpc": 6}\n{"step": 60, "val_bpc": 2.75}\n')
    (tmp_path / "gru-7" / "beside").write_text("stdlib-docs-lstm-1\nnone")
    async with play(enter="", home=left) as one:
        await one.press("3")
        assert re.search(r"before: \S+ \d+ 2\.75", shown(one.app, "bits"))
        await one.press("r")
        await one.settle()
        new = tmp_path / "stdlib-docs-lstm-2"
        assert one.stage.begun == [("train", SPEC, str(new), True)]
        assert (new / "beside").read_text() == "stdlib-docs-lstm-1\ngru-7"
        await one.press("escape", "escape")
    (tmp_path / "gru-7" / "aside").unlink()
    async with play(enter="", home=left) as one:
        await one.press("3", "escape")
        assert one.record.earlier == ()


async def test_space_goes_on_with_it_even_before_it_is_shown(play, left, tmp_path):
    async with play(enter="", home=left) as one:
        assert len(notices(one.app)) == 1
        one.stage.failing = WorkerDied("standing broke off.")
        await one.press("3", "space")
        assert one.stage.begun == [("resume", str(tmp_path / "gru-7"), (), False)]
        one.stage.show(step=30, run=str(tmp_path / "gru-7"))
        while one.record.state != "training":
            await one.pilot.pause()
        assert one.record.curve.val_steps.tolist() == [0, 25, 30]


async def test_r_trains_it_anew_even_before_it_is_shown(play, left, tmp_path):
    async with play(enter="", home=left) as one:
        one.stage.failing = WorkerDied("standing broke off.")
        await one.press("3")
        assert one.record.snapshot is None
        assert top(one.app).endswith("lstm · 6 units · seed 0")
        await one.press("r")
        await one.settle()
        assert one.stage.begun == [("train", SPEC, str(tmp_path / "stdlib-docs-lstm-1"), True)]
        assert unfinished(tmp_path) is None


async def test_escape_puts_it_aside_and_r_trains_it_anew(play, left, tmp_path):
    async with play(enter="", home=left) as one:
        await one.press("3", "escape")
        assert (one.record.state, one.record.snapshot) == ("idle", None)
        assert "Press Space to train" in " ".join(shown(one.app, "writing").split())
        assert unfinished(tmp_path) is None
        await one.press("1", "3", "space")
        assert one.stage.begun[0][0] == "train_for"
    (tmp_path / "gru-7" / "aside").unlink()
    async with play(enter="", home=left) as one:
        await one.press("3", "r")
        await one.settle()
        assert one.stage.begun == [("train", SPEC, str(tmp_path / "stdlib-docs-lstm-2"), True)]
        assert unfinished(tmp_path) is None


async def test_another_cell_or_length_learns_from_the_text_of_the_run_that_was_left(play, left, tmp_path):
    spec = replace(SPEC, file=str(tmp_path / "my.txt"))
    (tmp_path / "gru-7" / "spec.json").write_text(spec.to_json())
    async with play(enter="", home=left) as one:
        one.stage.left = spec
        await one.press("3", "d", "enter")
        assert one.record.spec == replace(preset(60), file=spec.file)
        await one.press("c", "down", "enter", "r")
        await one.settle()
        assert one.stage.begun[0][:3] == ("train_for", replace(preset(60, "gru"), file=spec.file), 60)


async def test_a_run_that_another_process_trains_is_looked_at_and_nothing_more(play, left, tmp_path):
    with FileLock(tmp_path / "gru-7" / "lock"):
        async with play(enter="", home=left) as one:
            assert notices(one.app) == []
            await one.press("3")
            assert "Another rnntui trains gru-7, so here it can only be looked at" in shown(one.app, "sentence")
            assert "trained elsewhere" in shown(one.app, "time")
            await one.press("less_than_sign")
            assert "It was step 24" in shown(one.app, "writing")
            await one.press("escape", "f", "space", "full_stop")
            assert one.record.neurons is not None
            assert "can only be looked at; stop it there first" in notices(one.app)[-1]
            assert one.stage.begun == []
            assert [asked[0] for asked in one.stage.asked].count("standing") == 2
            await one.press("escape")
            assert (one.record.offered, one.record.snapshot) == (None, None)
    assert unfinished(tmp_path) is not None


async def test_a_run_that_cannot_be_read_is_said_once_and_offered_no_more(play, left, tmp_path):
    async with play(enter="", home=left) as one:
        one.stage.failing = BadInput("The text has changed.")
        await one.press("3")
        assert notices(one.app)[-1] == "The text has changed."
        assert (one.record.state, one.record.offered, unfinished(tmp_path)) == ("idle", None, None)


async def test_a_run_stopped_here_that_another_process_has_taken_is_left_to_it(play, tmp_path):
    async with play() as one:
        await one.press("space")
        await one.show(step=10, run=str(tmp_path))
        await one.press("escape")
        await one.settle()
        with FileLock(tmp_path / "lock"):
            await one.press("space")
            assert len(one.stage.begun) == 1
            assert one.record.elsewhere
        await one.press("space")
        assert one.stage.begun[-1] == ("resume", str(tmp_path), (), False)


async def test_every_notice_of_a_training_is_told_exactly_once(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=0, notices=("one",))
        one.stage.show(step=5, notices=("one", "two"))
        one.stage.show(step=6, notices=("one", "two", "three"))
        await one.settle()
        await one.show(step=7, notices=("one", "two", "three"))
        assert notices(one.app) == ["one", "two", "three"]


async def test_where_no_run_can_be_kept_it_is_said_and_trained(play, tmp_path):
    (tmp_path / "file").write_text("")
    home = Home(Settings(welcomed=True), (), None, None, tmp_path / "file")
    async with play(home=home) as one:
        await one.press("space")
        assert one.stage.begun[-1][3] is None
        assert "No run can be kept in" in notices(one.app)[-1]


async def test_what_is_being_got_ready_is_said_until_it_is(open_app, press):
    class Cold(Stage):
        def warm_up(self):
            self.warm = Future()
            return self.warm

    stage = Cold()
    async with open_app(engine=stage) as (app, pilot):
        await press(app, pilot, "3")
        assert app.activity.waiting == "getting ready to train…"
        stage.warm.set_result(None)
        while app.activity.waiting:
            await pilot.pause()


async def test_a_child_that_is_killed_costs_nothing_one_key_goes_on_to_the_very_same_end(open_app, press, tmp_path):
    file = tmp_path / "sheep.txt"
    file.write_text("".join(f"{number} sheep went over the bridge;\n" for number in range(120)), encoding="utf-8")
    spec = replace(SPEC, file=str(file), hidden=12, batch=4, sequence=8, steps=500)
    home = Home(Settings(welcomed=True), (), None, None, tmp_path / "runs")
    run = tmp_path / "runs" / "file-lstm-1"
    with Engine() as engine:
        async with open_app(home=home, engine=engine) as (app, pilot):
            await press(app, pilot, "3")
            activity = app.activity
            activity.record = replace(activity.record, spec=spec, snapshot=snapshot(spec=spec))
            activity.start()
            while activity.record.step < 100 or len(activity.record.kept) < 4:
                await pilot.pause()
            victims = [one for one in psutil.Process().children(recursive=True) if trains_in(one, run)]
            for one in victims:
                one.kill()
            while activity.record.state != "broken":
                await pilot.pause()
            assert len(victims) == 1
            assert "was killed by SIGKILL" in notices(app)[-1]
            await press(app, pilot, "space")
            while activity.record.state != "finished":
                await pilot.pause()
            curve = activity.record.curve
    for _ in train(spec, tmp_path / "whole"):
        pass
    killed, whole = (newest(folder / "checkpoints")[0] for folder in (run, tmp_path / "whole"))
    assert all(torch.equal(killed.tensors[name], values) for name, values in whole.tensors.items())
    found = [{line["step"]: line["val_bpc"] for line in metrics(one)} for one in (run, tmp_path / "whole")]
    validated = [{step: bits for step, bits in one.items() if bits is not None} for one in found]
    assert validated[0] == validated[1]
    drawn = dict(zip(curve.val_steps.tolist(), curve.validation.tolist(), strict=True))
    assert drawn.items() <= validated[0].items()  # of several between two frames only the last is drawn
    assert {0, 500} <= drawn.keys()


def trains_in(process, run):
    """Whether a process holds the lock of a run."""
    with suppress(psutil.Error):
        return any(file.path == str(run / "lock") for file in process.open_files())
    return False


async def test_a_real_training_shows_words_and_ends(open_app, press, tmp_path):
    file = tmp_path / "sheep.txt"
    file.write_text("".join(f"{number} sheep went over the bridge;\n" for number in range(120)), encoding="utf-8")
    runs, openings = tmp_path / "runs", tmp_path / "cache" / "openings"
    home = Home(Settings(welcomed=True), (), None, None, runs, openings)
    async with open_app(home=home) as (app, pilot):
        await press(app, pilot, "3")
        activity = app.activity
        spec = replace(SPEC, file=str(file), hidden=12, batch=4, sequence=8, steps=40)
        activity.record = replace(activity.record, spec=spec, snapshot=snapshot(spec=spec))
        await press(app, pilot, "r")
        while activity.record.state != "paused":
            await pilot.pause()
        first = activity.record.curve.last
        await press(app, pilot, "space")
        while activity.record.live:
            await pilot.pause()
        assert (activity.record.state, activity.record.snapshot.step) == ("finished", 40)
        assert activity.record.curve.last < first
        now = shown(app, "chances")
        await press(app, pilot, "less_than_sign", "less_than_sign")
        assert activity.record.step < 40
        assert shown(app, "chances") != now
        await press(app, pilot, "f")
        assert activity.record.neurons.step == activity.record.step
        assert abs(activity.record.neurons.correlations).max() > 0.1
        await press(app, pilot, "s")
        assert activity.record.neurons.symbol != "h"
        reading = activity.record.reading
        before = sorted(runs.rglob("*"))
        await press(app, pilot, "e")
        while app.activity.ACTIVITY != "explore" or app.activity.trace is None:
            await pilot.pause()
        while len(app.activity.trace.tokens) != len(reading.text):
            await pilot.pause()
        trace = app.activity.trace
        assert "".join(trace.tokens) == reading.text
        assert trace.passes[0].values["h"] == pytest.approx(reading.layers[0]["h"], abs=1e-5)
        assert trace.readout is not None
        assert sorted(runs.rglob("*")) == before
        assert len([*openings.iterdir()]) == 1


async def test_a_refused_run_leaves_no_directory_and_an_explosion_goes_on_with_a_smaller_rate(
    open_app, press, tmp_path
):
    file, runs = tmp_path / "sheep.txt", tmp_path / "runs"
    home = Home(Settings(welcomed=True), (), None, None, runs)
    async with open_app(home=home) as (app, pilot):
        await press(app, pilot, "3")
        activity = app.activity
        spec = replace(SPEC, file=str(file), hidden=12, batch=4, sequence=8, steps=40, learning_rate=1000, clip=0)
        activity.record = replace(activity.record, spec=spec, snapshot=snapshot(spec=spec))

        async def until_it_ends(key):
            await press(app, pilot, key)
            while activity.record.live:
                await pilot.pause()

        await until_it_ends("r")
        assert "no file" in notices(app)[-1]
        assert [*runs.iterdir()] == []
        file.write_text("".join(f"{number} sheep went over the bridge;\n" for number in range(120)), encoding="utf-8")
        activity.record = replace(activity.record, spec=spec, snapshot=snapshot(spec=spec))
        activity.start()
        while activity.record.live:
            await pilot.pause()
        assert (activity.record.state, activity.record.snapshot.step) == ("broken", 0)
        assert "Training exploded at step" in activity.record.snapshot.stopped
        await press(app, pilot, "n", "down", "enter", *".01", "enter")
        await until_it_ends("space")
        assert (activity.record.state, activity.record.snapshot.step) == ("finished", 40)
        assert activity.record.snapshot.stopped == ""
