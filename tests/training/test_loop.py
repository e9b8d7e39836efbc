import json
import math
import pickle
import threading
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from rnntui.core.equations import load as load_cell
from rnntui.errors import BadInput
from rnntui.files import write
from rnntui.models.ngram import bits
from rnntui.tasks import corpora
from rnntui.training import checkpoints, opening
from rnntui.training.budget import within
from rnntui.training.data import prepare
from rnntui.training.folder import metrics, taken
from rnntui.training.keeping import NotKept
from rnntui.training.learner import Learner
from rnntui.training.look import SENTENCE, fixed_sentence
from rnntui.training.loop import resume, standing, train
from rnntui.training.opening import opened
from rnntui.training.past import looked_back, neurons
from rnntui.training.record import Change, Knobs
from rnntui.training.run import Run
from rnntui.training.spec import CELLS, SLOW
from rnntui.training.textcopy import COPY


def last(training):
    *_, snapshot = training
    return snapshot


def tensors(folder):
    found, notices = checkpoints.newest(folder / "checkpoints")
    assert notices == ()
    return {"step": torch.tensor(found.step), **found.tensors}


def same(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def until(training, step):
    """Every step is a snapshot; stop after this one."""
    next(training)
    snapshot = training.send(Change("pace", 0))
    while snapshot.step < step:
        snapshot = next(training)
    training.close()
    return snapshot


@pytest.mark.parametrize("cell", CELLS)
def test_a_model_learns_and_every_snapshot_is_complete(small, cell):
    spec = replace(small, cell=cell, init="orthogonal", dropout=0.0, steps=100)
    snapshots = list(train(spec))
    first, final = snapshots[0], snapshots[-1]
    assert (first.step, final.step, final.finished) == (0, 100, True)
    assert any("3 times as long" in notice for notice in first.notices) == (cell in SLOW)
    assert first.val_loss == pytest.approx(math.log(len(first.reading.characters)), rel=0.2)
    assert final.val_loss < 0.7 * first.val_loss
    assert 0 < final.train_loss < first.val_loss
    assert final.val_bpc == final.val_loss / math.log(2)
    assert final.gradient_norm > 0
    assert final.characters_per_second > 0
    assert set(final.baselines) == {1, 2, 3, 4, 5, 6}
    assert len(final.sample.text) == len(final.sample.seen) == 320
    assert all(0 < ratio < 1 for ratio in final.update_ratios.values())
    assert final.parameters == sum(values.numel() for values in Learner(*prepare(spec)).parameters.values())


def test_the_update_of_a_layer_is_measured_against_its_weights_at_every_snapshot(small):
    snapshot = until(train(small), 20)
    learner = Learner(*prepare(small))
    while learner.step < 20:
        before = {name: values.detach().clone() for name, values in learner.parameters.items()}
        learner.update(snapshot.knobs)
    after = learner.parameters
    layers = {
        "layer 0": [name for name in before if name.endswith("_l0")],
        "layer 1": [name for name in before if name.endswith("_l1")],
        "embedding": ["embedding.weight"],
        "read-out": ["readout.weight", "readout.bias"],
    }
    assert sorted(name for names in layers.values() for name in names) == sorted(before)
    assert snapshot.update_ratios.keys() == layers.keys()
    for layer, names in layers.items():
        old, new = (torch.cat([values[name].flatten().double() for name in names]) for values in (before, after))
        assert snapshot.update_ratios[layer] == pytest.approx(((new - old).norm() / old.norm()).item(), rel=1e-4)


def test_the_reading_is_what_the_cells_equations_make_of_the_trained_weights(small):
    final = last(train(small))
    reading = pickle.loads(pickle.dumps(final)).reading
    symbols = tuple(equation.symbol for equation in load_cell("gru").equations)
    assert [tuple(layer) for layer in reading.layers] == [symbols, symbols]
    assert reading.layers[1]["h"].shape == (len(reading.text), small.hidden)
    assert np.allclose(reading.chances.sum(1), 1, atol=1e-5)
    assert reading.chances.shape == (len(reading.text), len(reading.characters))


def test_what_is_learned_does_not_depend_on_how_often_one_looks(small, tmp_path):
    last(train(small, tmp_path / "a"))
    until(train(small, tmp_path / "b"), 60)
    assert same(tensors(tmp_path / "a"), tensors(tmp_path / "b"))


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


def test_the_fixed_sentence_is_whole_or_the_texts_own():
    assert fixed_sentence("It (was) so.", [*SENTENCE]) == SENTENCE
    assert fixed_sentence("unused", [*set(SENTENCE) - {*'()"'}]) == "Return the first item or None of the list."
    assert fixed_sentence("1 sheep\n2 sheep\n", [*"12 shep\n"]) == "1 sheep\n2 sheep\n"


def test_what_is_asked_for_is_seen_at_once_a_single_step_and_a_turned_knob(small):
    training = train(small)
    first = next(training)
    step = training.send(Change("pace", 0))
    assert not step.reading.same_as(first.reading)
    warmer = training.send(Change("temperature", 3))
    assert (step.step, warmer.step, warmer.knobs.temperature) == (1, 1, 3)
    assert warmer.sample.text != step.sample.text
    assert training.send(Change("learning_rate", 0.03)).step == 1
    assert next(training).step == 2


def test_where_a_run_stands_is_seen_while_another_trains_in_it(small, tmp_path, monkeypatch):
    monkeypatch.setattr("rnntui.training.session.SAVE_SECONDS", 0.0)
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


@pytest.mark.parametrize("steps", [60, 21])
def test_an_explosion_falls_back_to_a_model_that_was_sound_and_a_lower_rate_goes_on_from_it(
    small, tmp_path, monkeypatch, steps
):
    monkeypatch.setattr("rnntui.training.session.SAVE_SECONDS", 0.0)  # so the ruined model is kept, too
    spec = replace(small, steps=steps)
    training = train(spec, tmp_path / "a")
    next(training)
    snapshot = training.send(Change("pace", 0))
    while snapshot.step < 20:
        snapshot = next(training)
    training.send(Change("learning_rate", 1000))
    *_, final = training
    assert "Training exploded at step" in final.stopped
    assert "gradient norm" in final.stopped
    assert f"It is back at step {final.step}, the newest model kept that was sound." in final.stopped
    assert 15 < final.step < final.stopped_at <= steps
    assert (final.kept[-1], final.knobs.learning_rate) == (final.step, spec.learning_rate)
    learner = Learner(*prepare(spec))
    kept = checkpoints.newest(tmp_path / "a" / "checkpoints")[0]
    learner.restore(kept.tensors, kept.step, kept.place)
    assert learner.validate() < snapshot.val_loss
    again = last(resume(tmp_path / "a", [Change("learning_rate", 0.001)]))
    assert (again.finished, again.stopped) == (True, "")
    assert again.val_loss < snapshot.val_loss


def test_initial_weights_that_no_learning_rate_helps_are_said_to_be_at_fault(small, tmp_path):
    spec = replace(small, cell="rnn-relu", init="spectral-radius=1e6", clip=0.0)
    assert within(spec, 60).steps == 20
    assert within(replace(spec, init="orthogonal", learning_rate=1000, warm_up=0), 0.4).steps > 20
    final = last(train(spec, tmp_path / "a"))
    assert final.stopped.startswith("The training cannot begin: with the initial weights the loss was ")
    assert (final.step, final.stopped_at) == (0, 0)


def test_a_model_that_is_stopped_after_its_ruin_is_not_gone_on_with_twice(small, tmp_path):
    until(train(small, tmp_path / "a"), 20)
    ruined = resume(tmp_path / "a", [Change("learning_rate", 1000)])
    until(ruined, 21)
    assert last(resume(tmp_path / "a", [Change("learning_rate", 0.001)])).step < 21
    assert last(resume(tmp_path / "a", [Change("learning_rate", 0.001)])).finished


def test_validation_and_n_grams_are_of_the_same_characters_also_at_the_end(small, monkeypatch):
    for place in ("data", "session"):
        monkeypatch.setattr(f"rnntui.training.{place}.GLANCE", 110)
    monkeypatch.setattr("rnntui.training.data.VALIDATION_STEPS", 20)
    text = prepare(small)[1]
    text.__dict__.pop("_baselines", None)  # those of another glance
    assert len(text.validation) > 200
    first, *_, final = train(small)
    learner, guessed = Learner(*prepare(small)), []

    def heard(logits, wanted, **how):
        guessed.extend(wanted.tolist())
        return cross_entropy(logits, wanted, **how)

    monkeypatch.setattr("rnntui.training.learner.cross_entropy", heard)
    each = bits(text.training.numpy(), text.validation.numpy(), len(text.characters))
    for most, baselines in ((110, final.baselines), (len(text.validation), final.final_baselines)):
        guessed.clear()
        learner.validate(most)
        rows = (most - 1) // 20
        places = [place for place in range(most // rows * rows) if place % (most // rows)]
        assert rows > 1
        assert sorted(guessed) == sorted(text.validation[places].tolist())
        assert baselines == pytest.approx({order: one[places].mean() for order, one in each.items()})
    assert (first.baselines, first.val_loss) == (final.baselines, learner.validate(110))
    assert first.val_loss != learner.validate()
    assert (first.final_baselines, math.isnan(first.final_loss)) == ({}, True)
    assert final.final_loss != final.val_loss
    text.__dict__.pop("_baselines")


def test_weights_are_opened_in_the_cache_and_the_oldest_make_room(small, tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST", 2)
    final = last(train(small, tmp_path / "a"))
    (tmp_path / "a").chmod(0o500)
    before = sorted((tmp_path / "a").rglob("*"))
    steps = [*final.kept[:3], final.kept[0]]
    scenes = [opened(tmp_path / "a", step, "explore", 0, tmp_path / "cache") for step in steps]
    (tmp_path / "a").chmod(0o700)
    assert sorted((tmp_path / "a").rglob("*")) == before
    assert len([*(tmp_path / "cache").iterdir()]) == 2
    assert Path(scenes[-1].weights).is_file()


def test_a_full_disk_costs_a_notice_and_not_the_training(small, tmp_path, monkeypatch):
    training = train(small, tmp_path / "a")
    next(training)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "write", full)
    monkeypatch.setattr("rnntui.training.session.SAVE_SECONDS", 0.0)
    snapshots = []
    with pytest.raises(NotKept, match=r"step 60 could not be kept \(No space.*\); the checkpoint at step 0 is kept"):
        snapshots.extend(training)
    assert snapshots[-1].finished
    assert list(snapshots[-1].notices) == [
        "The run cannot be written (No space left on device); training goes on, and the checkpoint at step 0 is kept."
    ]
    monkeypatch.undo()
    assert last(resume(tmp_path / "a")).finished


def test_where_nothing_can_be_written_a_run_is_refused_in_one_sentence(small, tmp_path, monkeypatch):
    until(train(small, tmp_path / "run"), 3)

    for name, begun in (
        ("changes.jsonl", lambda: resume(tmp_path / "run", [Change("learning_rate", 0.001)])),
        ("metrics.jsonl", lambda: resume(tmp_path / "run")),
        ("spec.json", lambda: train(small, tmp_path / "new")),
    ):

        def full(file, fill, name=name):
            if file.name == name:
                raise OSError(28, "No space left on device")
            write(file, fill)

        monkeypatch.setattr("rnntui.training.run.write", full)
        with pytest.raises(BadInput, match=r"The run directory .* cannot be used \(No space left on device\)"):
            next(begun())
        assert not taken(tmp_path / "run")
        assert not taken(tmp_path / "new")


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


@pytest.mark.parametrize("content", ["a", "ab\n", "short text\n"])
def test_a_text_shorter_than_one_sequence_is_refused(small, tmp_path, content):
    (tmp_path / "sheep.txt").write_text(content)
    with pytest.raises(BadInput, match="longer"):
        next(train(replace(small, sequence=64)))


def test_a_short_text_is_read_in_fewer_rows(small, tmp_path):
    (tmp_path / "sheep.txt").write_text("some short text\n" * 8)
    learner = Learner(*prepare(replace(small, batch=64)))
    assert 1 < learner.rows < 64
    knobs = Knobs.of(small)
    for _ in range(30):
        learner.update(knobs)
    assert learner.place.epoch > 2


def test_every_character_is_read_about_once_an_epoch(small):
    learner = Learner(*prepare(replace(small, hidden=1, embedding=1, layers=1)))
    length, read = len(prepare(small)[1].training), 0
    while learner.place.epoch < 3:
        read += learner.update(Knobs.of(small)).characters
    assert read == pytest.approx(3 * length, rel=0.02)


def test_the_validation_loss_is_the_mean_over_the_text_whatever_the_pieces(small):
    learner = Learner(*prepare(small))
    ids = prepare(small)[1].validation
    logits, _ = learner.model.read(ids[:-1, None], learner.model.start(1))
    expected = torch.nn.functional.cross_entropy(logits[:, 0], ids[1:]).item()
    assert learner.validate() == pytest.approx(expected, rel=0.02)


def test_metrics_are_json_lines_with_what_a_plot_needs(small, tmp_path):
    last(train(small, tmp_path / "a"))
    lines = [json.loads(line) for line in (tmp_path / "a" / "metrics.jsonl").read_text().splitlines()]
    assert lines[-1]["step"] == 60
    assert {"train_bpc", "val_bpc", "gradient_norm", "learning_rate", "chars_per_second", "sample"} <= set(lines[-1])


def test_units_are_ranked_by_the_first_property_that_is_somewhere_in_the_text(small, tmp_path):
    last(train(replace(small, steps=2), tmp_path))
    found = neurons(tmp_path, 2, "h")
    assert [found.absence(place) != "" for place in range(3)] == [True, True, False]
    assert found.features[found.chosen] == "line position"
    assert np.any(found.correlations[found.chosen])
