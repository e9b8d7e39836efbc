"""A run that is stopped and gone on with: to the bit the one that never stopped, whatever became of its folder."""

import threading
from dataclasses import replace
from itertools import islice

import pytest

from rnntui.errors import BadInput
from rnntui.tasks import corpora
from rnntui.training import checkpoints
from rnntui.training.folder import metrics, taken
from rnntui.training.keeping import NotKept
from rnntui.training.loop import resume, standing, train
from rnntui.training.past import looked_back
from rnntui.training.record import Change, Knobs
from rnntui.training.run import Run
from rnntui.training.textcopy import COPY
from tests.training.runs import last, same, tensors, until


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_run_that_is_stopped_and_resumed_is_to_the_bit_the_one_that_never_stopped(small, tmp_path, cell):
    spec = replace(small, cell=cell)
    last(train(spec, tmp_path / "whole"))
    until(train(spec, tmp_path / "parts"), 17)
    assert checkpoints.steps(tmp_path / "parts" / "checkpoints")[-1] == 17
    until(resume(tmp_path / "parts"), 40)
    assert last(resume(tmp_path / "parts")).finished
    assert same(tensors(tmp_path / "whole"), tensors(tmp_path / "parts"))
    steps = [line["step"] for line in metrics(tmp_path / "parts")]
    assert steps == sorted(set(steps))


def test_the_curve_of_a_resumed_run_is_to_the_bit_that_of_one_that_never_stopped(small, tmp_path):
    def curve(*snapshots):
        return [(one.step, one.train_loss, one.val_step, one.val_loss) for one in snapshots]

    def looked_at(training, steps):
        first = next(training)
        found = [first, training.send(Change("pace", 0)), *islice(training, steps)]
        training.close()
        return found

    whole = curve(*looked_at(train(small, tmp_path / "whole"), 99))
    before = curve(*looked_at(train(small, tmp_path / "parts"), 29))
    after = curve(*looked_at(resume(tmp_path / "parts"), 99))
    assert before == whole[: len(before)]
    assert after == whole[before[-1][0] :]


def test_where_a_run_stands_is_seen_while_another_trains_in_it(small, tmp_path, monkeypatch):
    monkeypatch.setattr("rnntui.training.cadence.SAVE_SECONDS", 0.0)
    training = train(small, tmp_path / "a")
    next(training)
    training.send(Change("pace", 0))
    training.send(Change("temperature", 0.5))
    *_, now = islice(training, 20)
    assert taken(tmp_path / "a")
    found = standing(tmp_path / "a")
    assert taken(tmp_path / "a")
    assert (found.run, found.step, found.kept) == (now.run, now.step, now.kept)
    assert (found.train_loss, found.val_loss, found.val_step) == (now.train_loss, now.val_loss, now.val_step)
    assert (found.knobs.temperature, found.baselines, found.parameters) == (0.5, now.baselines, now.parameters)
    training.close()
    assert not taken(tmp_path / "a")
    with pytest.raises(BadInput, match="no file spec"):
        standing(tmp_path)


def test_a_run_that_is_done_has_nothing_left_to_do(small, tmp_path):
    last(train(small, tmp_path / "a"))
    (only,) = resume(tmp_path / "a")
    assert only.finished


def test_knobs_turned_are_logged_and_turned_again_by_a_resume(small, tmp_path):
    def turned(folder, stop):
        training = train(small, folder)
        next(training)
        snapshot = training.send(Change("pace", 0))
        while snapshot.step < 20:
            snapshot = next(training)
        snapshot = training.send(Change("learning_rate", 0.03))
        assert snapshot.knobs.learning_rate == 0.03
        training.send(Change("sequence", 5))
        while snapshot.step < stop:
            snapshot = next(training)
        training.close()

    turned(tmp_path / "whole", 60)
    turned(tmp_path / "parts", 30)
    newer = [step for step in checkpoints.steps(tmp_path / "parts" / "checkpoints") if step > 16]
    for step in newer:
        (tmp_path / "parts" / "checkpoints" / f"step-{step:09d}.json").unlink()
    first, *_ = resumed = list(resume(tmp_path / "parts"))
    assert first.knobs.learning_rate == small.learning_rate
    assert resumed[-1].knobs.sequence == 5
    assert same(tensors(tmp_path / "whole"), tensors(tmp_path / "parts"))


def test_a_resume_with_another_learning_rate_forgets_later_changes(small, tmp_path):
    until(train(small, tmp_path / "a"), 20)
    with_later = Run(tmp_path / "a")
    with_later.log_changes([Change("learning_rate", 0.5, 10), Change("clip", 9, 40)])
    with_later.close()
    final = last(resume(tmp_path / "a", [Change("learning_rate", 0.001)]))
    assert (final.knobs.learning_rate, final.knobs.clip) == (0.001, small.clip)


def test_a_line_of_a_log_that_says_nothing_is_passed_over(small, tmp_path):
    until(train(small, tmp_path / "a"), 20)
    wrong = ("null", '"step"', '{"step": "9"}', '{"knob": "clip", "value": 0.5, "step": "9"}')
    turned = ('{"knob": "clip", "value": 0.5, "step": -1}', '{"knob": "clip", "value": 0.25, "step": 0}')
    for name in ("changes.jsonl", "metrics.jsonl"):
        (tmp_path / "a" / name).write_text("\n".join((*wrong, *turned)))
    assert last(resume(tmp_path / "a")).knobs.clip == 0.25


def test_a_full_disk_costs_a_notice_and_not_the_training(small, tmp_path, monkeypatch):
    training = train(small, tmp_path / "a")
    next(training)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "write", full)
    monkeypatch.setattr("rnntui.training.cadence.SAVE_SECONDS", 0.0)
    snapshots = []
    with pytest.raises(NotKept, match=r"step 60 could not be kept \(No space.*\); the checkpoint at step 0 is kept"):
        snapshots.extend(training)
    assert snapshots[-1].finished
    assert list(snapshots[-1].notices) == [
        "The run cannot be written (No space left on device); training goes on, and the checkpoint at step 0 is kept."
    ]
    monkeypatch.undo()
    assert last(resume(tmp_path / "a")).finished


def test_whatever_snapshot_is_left_out_no_notice_is(small, tmp_path):
    until(train(small, tmp_path / "a"), 20)
    (tmp_path / "a" / "checkpoints" / "step-000000020.json").write_bytes(b"")
    snapshots = list(resume(tmp_path / "a"))
    assert len(snapshots) > 1
    assert {snapshot.notices for snapshot in snapshots} == {snapshots[0].notices}
    assert "step 20 is damaged" in snapshots[0].notices[0]


def test_a_second_writer_is_kept_out_and_told_so(small, tmp_path):
    training = train(small, tmp_path / "a")
    next(training)
    refused = []

    def second():
        try:
            next(resume(tmp_path / "a"))
        except BadInput as error:
            refused.append(str(error))

    other = threading.Thread(target=second)
    other.start()
    other.join()
    assert "Another rnntui is training" in refused[0]
    training.close()
    assert last(resume(tmp_path / "a")).finished


def test_a_text_that_has_changed_is_no_text_to_go_on_with(small, tmp_path):
    until(train(small, tmp_path / "a"), 5)
    assert not (tmp_path / "a" / COPY).exists()
    (tmp_path / "sheep.txt").write_text("quite another text\n" * 100)
    with pytest.raises(BadInput, match="has changed since this run began"):
        next(resume(tmp_path / "a"))


def test_a_run_goes_on_with_its_own_copy_of_what_another_python_says_otherwise(small, tmp_path, monkeypatch):
    spec = replace(small, file="", corpus="brackets")
    last(train(spec, tmp_path / "whole"))
    until(train(spec, tmp_path / "parts"), 20)
    other = replace(corpora.read("brackets"), documents=("[({})]\n" * 50, "()\n"))
    monkeypatch.setattr(corpora, "read", lambda name, file: other)
    assert last(resume(tmp_path / "parts")).finished
    assert same(tensors(tmp_path / "whole"), tensors(tmp_path / "parts"))
    assert looked_back(tmp_path / "parts", 20, Knobs.of(spec)).step == 20
    (tmp_path / "parts" / COPY).write_bytes(b"cut short")
    with pytest.raises(BadInput, match=r"The text brackets has changed .* this is Python 3\..* or start a new run"):
        next(resume(tmp_path / "parts"))
