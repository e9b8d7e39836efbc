"""Which runs lie there, who trains in them, which is offered, and which make room."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from rnntui.errors import BadInput
from rnntui.training import shelf
from rnntui.training.folder import taken
from rnntui.training.loop import resume, standing, train
from rnntui.training.record import Change
from rnntui.training.remembered import remembered
from rnntui.training.sampling import checkpoint
from rnntui.training.shelf import new_folder, prune, put_aside, spec_of, unfinished


def trained(folder, spec, steps, age=0):
    """A run that was left after so many steps, so many seconds ago."""
    training = train(spec, folder)
    next(training)
    snapshot = training.send(Change("pace", 0))
    while snapshot.step < steps:
        snapshot = next(training)
    training.close()
    aged(folder, age)
    return folder


def aged(folder, age):
    then = (folder / "checkpoints").stat().st_mtime - age
    os.utime(folder / "checkpoints", (then, then))


@pytest.fixture
def tiny(small):
    return replace(small, hidden=2, layers=1, embedding=2, steps=20)


def test_a_second_process_may_only_look_until_the_first_is_killed(small, tmp_path):
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "tests.training.holder", folder, small.to_json()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True) as first:
        assert first.stdout.readline() == "0\n"
        assert taken(folder)
        assert unfinished(tmp_path) == shelf.Kept(str(folder), 0, spec_of(folder), taken=True)
        with pytest.raises(BadInput, match=r"Another rnntui is training in .* it can only be looked at"):
            next(resume(folder))
        put_aside(folder)
        assert standing(folder).step == 0
        assert checkpoint(folder, None)[0].step == 0
        first.kill()
        first.wait()
        assert not taken(folder)
        assert unfinished(tmp_path) == shelf.Kept(str(folder), 0, spec_of(folder), taken=False)
    *_, last = resume(folder)
    assert last.finished


def test_the_newest_run_that_was_left_is_offered_until_it_is_done_or_put_aside(tiny, tmp_path):
    assert unfinished(tmp_path / "nowhere") is None
    older, newer = trained(tmp_path / "older", tiny, 5, age=20), trained(tmp_path / "newer", tiny, 9, age=10)
    trained(tmp_path / "done", tiny, 20)
    (tmp_path / "no run").mkdir()
    (tmp_path / "a file").write_text("")
    (trained(tmp_path / "damaged", tiny, 5) / "spec.json").write_text("{")
    assert unfinished(tmp_path) == shelf.Kept(str(newer), 9, spec_of(newer), taken=False)
    assert unfinished(tmp_path).name == "newer"
    put_aside(newer)
    assert unfinished(tmp_path).folder == str(older)
    next(resume(newer))
    assert unfinished(tmp_path).folder == str(newer)


def test_the_oldest_runs_make_room_but_never_one_that_was_named_or_is_trained_in(tiny, tmp_path):
    runs = [new_folder(tmp_path, "lstm") for _ in range(7)]
    assert [run.name for run in runs] == [f"lstm-{number}" for number in range(1, 8)]
    trained(tmp_path / "named", tiny, 5, age=900)
    for age, run in enumerate(reversed(runs)):
        trained(run, tiny, 5, age=100 * age)
    runs[0].rename(tmp_path / "renamed")
    holder = resume(runs[1])
    next(holder)
    aged(runs[1], 700)
    left = []

    def elsewhere():
        prune(tmp_path, most=5)
        left.append({run.name for run in tmp_path.iterdir()})
        prune(tmp_path, most_bytes=1)
        left.append({run.name for run in tmp_path.iterdir()})

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    always = {"named", "renamed", "lstm-2", "lstm-5", "lstm-6", "lstm-7", "sheep.txt"}
    assert left == [always | {"lstm-3", "lstm-4"}, always]
    holder.close()
    prune(tmp_path, most_bytes=1)
    assert {run.name for run in tmp_path.iterdir()} == always - {"lstm-2"}


def test_two_that_begin_at_once_get_two_directories_and_where_none_can_be_is_said(tmp_path):
    found = []
    threads = [threading.Thread(target=lambda: found.append(new_folder(tmp_path / "runs", "lstm"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {folder.name for folder in found} == {f"lstm-{number}" for number in range(1, 9)}
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="No run can be kept in"):
        new_folder(tmp_path / "file", "lstm")


def test_the_curve_of_a_run_is_remembered_up_to_where_it_stands(small, tmp_path):
    trained(tmp_path / "a", small, 55)
    found = standing(tmp_path / "a")
    before, beside = remembered(found)
    curve = before.longer(found)
    assert beside == ()
    assert curve.val_steps.tolist() == [0, 25, 50]
    assert curve.steps.tolist() == sorted(set(curve.steps.tolist()))
    assert (curve.steps[-1], curve.training[-1]) == (55, found.train_bpc)
    assert (curve.validation[-1], found.val_step) == (found.val_bpc, 50)
    with (tmp_path / "a" / "metrics.jsonl").open("a") as stream:
        stream.write('{"step": "x"}\n{"step": 3, "train_bpc": "x", "update_ratios": 4}\n[1]\nnonsense')
    assert remembered(found)[0].val_steps.tolist() == curve.val_steps.tolist()
    assert remembered(replace(found, run=str(tmp_path / "none")))[0].steps.size == 0


def test_a_run_remembers_the_curves_that_stood_beside_its_own(small, tmp_path):
    names = ["lstm-1", "gone", "unmeasured", "../elsewhere", "\x1b[31m", "lstm-2"]
    run = trained(new_folder(tmp_path / "runs", "gru", [str(tmp_path / "runs" / name) for name in names]), small, 5)
    found = standing(run)
    for name in ("lstm-1", "lstm-2"):
        trained(tmp_path / "runs" / name, small, 30)
    trained(tmp_path / "elsewhere", small, 30)
    trained(tmp_path / "runs" / "unmeasured", small, 5)
    (tmp_path / "runs" / "unmeasured" / "metrics.jsonl").unlink()
    _, beside = remembered(found)
    assert [Path(curve.run).name for curve in beside] == ["lstm-1", "lstm-2"]
    assert all(curve.name == "gru 12" and curve.val_steps.tolist() == [0, 25] for curve in beside)
    (run / "beside").write_bytes(b"../elsewhere\n/etc\n..\n\n\xff\nlstm-2")
    assert [Path(curve.run).name for curve in remembered(found)[1]] == ["lstm-2"]
    unused = new_folder(tmp_path / "runs", "gru", [str(run)])
    assert (unused / "beside").read_text() == run.name
    shelf.discard(unused)
    assert not unused.exists()
