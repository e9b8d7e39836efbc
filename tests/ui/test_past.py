"""The time machine of the Train screen, and its weights opened in the other activities."""

from concurrent.futures import Future

from rnntui.errors import BadInput
from rnntui.training.progress import Look
from tests.training.snapshots import neurons, reading, sample
from tests.ui.seen import notices, shown
from tests.ui.stage import OPENINGS, RUN


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
        answers = [Look(24, sample("It was step 24"), reading(24)), neurons(24)]
        for answer in answers:
            while asked[-1][1].done():
                await one.pilot.pause()
            asked[-1][1].set_result(answer)
        await one.settle()
        names = [(question[0], question[2]) for question, _ in asked]
        assert names == [("looked_back", 24), ("neurons", 24)]
        assert (one.record.past.step, one.record.neurons.step) == (24, 24)
        await one.press("escape")
        assert (one.record.past, one.record.state) == (None, "training")


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
