"""The Train screen with trainings that are real: killed, finished, exploded."""

from contextlib import suppress
from dataclasses import replace

import psutil
import pytest
import torch

from rnntui.engine.client import Engine
from rnntui.home import Home, Settings
from rnntui.training.checkpoints import newest
from rnntui.training.folder import metrics
from rnntui.training.loop import train
from tests.training.snapshots import SPEC, snapshot
from tests.ui.seen import notices, shown

SHEEP = "".join(f"{number} sheep went over the bridge;\n" for number in range(120))


async def test_a_child_that_is_killed_costs_nothing_one_key_goes_on_to_the_very_same_end(open_app, press, tmp_path):
    file = tmp_path / "sheep.txt"
    file.write_text(SHEEP, encoding="utf-8")
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
    file.write_text(SHEEP, encoding="utf-8")
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
        file.write_text(SHEEP, encoding="utf-8")
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
