"""Questions that the Train screen asks in a row: each is answered, as if one had waited between the keys."""

from concurrent.futures import Future
from contextlib import asynccontextmanager

import pytest

from tests.ui.stage import OPENINGS, RUN


@pytest.fixture
def slowly(play, monkeypatch):
    """A training at step 30 whose engine answers when the test says; the last of several questions at once wins."""

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

    @asynccontextmanager
    async def begun():
        async with play() as one:
            await one.press("space")
            await one.show(step=30)
            yield one, Slow(one.stage)

    return begun


async def test_a_question_about_units_is_answered_before_the_moment_that_is_asked_for_at_once_after_it(slowly):
    async with slowly() as (one, slow):
        await one.pilot.press("f", "f", "s", "less_than_sign", "less_than_sign")
        await slow.answer(one.pilot, "neurons", "neurons", "looked_back", "looked_back")
        await one.settle()
        assert [question[2:4] for question, _ in slow.asked[:2]] == [(24, "h"), (24, "i")]
        assert (one.record.past.step, one.record.neurons.step, one.record.neurons.symbol) == (16, 24, "i")
        assert one.record.neurons.features[one.record.neurons.chosen] == "inside brackets"
        assert not one.record.asked


async def test_what_opens_at_once_after_a_step_back_is_the_moment_to_which_it_led(slowly):
    async with slowly() as (one, slow):
        await one.pilot.press("less_than_sign", "e")
        await slow.answer(one.pilot, "looked_back", "opened", "trace")
        await one.settle()
        assert slow.asked[1][0] == ("opened", RUN, 24, "explore", 0, OPENINGS)
        assert one.app.activity.ACTIVITY == "explore"
        assert one.app.activity.scene.text == "bye"
        assert one.stage.told[-1] == ("STEP", None)
        await one.pilot.press("3")
        assert (one.record.past.step, one.record.state) == (24, "paused")


async def test_a_step_back_at_once_after_opening_waits_until_one_is_back(slowly):
    async with slowly() as (one, slow):
        await one.pilot.press("e", "less_than_sign")
        await slow.answer(one.pilot, "opened", "trace")
        await one.settle()
        assert [question[0] for question, _ in slow.asked] == ["opened", "trace"]
        assert one.app.activity.scene.text == "bye"
        await one.pilot.press("3")
        await slow.answer(one.pilot, "looked_back", "looked_back")
        await one.settle()
        assert one.record.past.step == 24


async def test_a_moment_that_is_only_fetched_ahead_of_time_gives_way_to_what_is_asked(slowly):
    async with slowly() as (one, slow):
        await one.pilot.press("less_than_sign")
        await slow.answer(one.pilot, "looked_back")
        while len(slow.asked) < 2:
            await one.pilot.pause()
        await one.pilot.press("f")
        while len(slow.asked) < 3:
            await one.pilot.pause()
        (ahead, dropped), (asked, waits) = slow.asked[1:]
        assert (ahead[2], dropped.cancelled()) == (16, True)
        assert (asked[0], asked[2], waits.done()) == ("neurons", 24, False)
        await one.pilot.press("less_than_sign")
        await slow.answer(one.pilot, "neurons", "looked_back", "looked_back")
        await one.settle()
        assert (one.record.neurons.step, one.record.past.step) == (24, 16)
