"""A model that an update ruins: training falls back to one that was sound, and says what to do."""

from dataclasses import replace

import pytest

from rnntui.training import checkpoints
from rnntui.training.budget import within
from rnntui.training.data import prepare
from rnntui.training.learner import Learner
from rnntui.training.loop import resume, train
from rnntui.training.record import Change
from tests.training.runs import last, until


@pytest.mark.parametrize("steps", [60, 21])
def test_an_explosion_falls_back_to_a_model_that_was_sound_and_a_lower_rate_goes_on_from_it(
    small, tmp_path, monkeypatch, steps
):
    monkeypatch.setattr("rnntui.training.cadence.SAVE_SECONDS", 0.0)  # so the ruined model is kept, too
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
