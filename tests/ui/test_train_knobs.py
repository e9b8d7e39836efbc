"""What is asked and turned on the Train screen: cell, length, knobs, the prime; for this run or for the next."""

from pathlib import Path

from textual.widgets import Input

from rnntui.training.record import Change
from tests.core.own.files import MGU
from tests.ui.seen import notices, shown, top
from tests.ui.stage import RUN


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
