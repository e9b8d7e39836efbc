"""Runs that were left unfinished, and runs that another process trains."""

import re
from dataclasses import replace

from filelock import FileLock

from rnntui.engine.client import WorkerDied
from rnntui.errors import BadInput
from rnntui.training.shelf import unfinished
from rnntui.training.spec import preset
from tests.training.snapshots import SPEC
from tests.ui.seen import notices, shown, top


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
