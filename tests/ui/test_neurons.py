"""The neuron view: which unit follows which property of a text."""

from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest

from tests.training.snapshots import neurons, reading
from tests.ui.seen import shown
from tests.ui.stage import RUN


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
