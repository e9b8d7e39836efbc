"""A training learns, and its snapshots say all that there is to see of it."""

import json
import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from rnntui.core.equations import load as load_cell
from rnntui.errors import BadInput
from rnntui.files import write
from rnntui.models.ngram import bits
from rnntui.training.data import prepare
from rnntui.training.folder import taken
from rnntui.training.learner import Learner
from rnntui.training.look import SENTENCE, fixed_sentence
from rnntui.training.loop import resume, train
from rnntui.training.past import neurons
from rnntui.training.record import Change
from rnntui.training.spec import CELLS, SLOW
from tests.training.runs import last, same, tensors, until


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


def test_metrics_are_json_lines_with_what_a_plot_needs(small, tmp_path):
    last(train(small, tmp_path / "a"))
    lines = [json.loads(line) for line in (tmp_path / "a" / "metrics.jsonl").read_text().splitlines()]
    assert lines[-1]["step"] == 60
    assert {"train_bpc", "val_bpc", "gradient_norm", "learning_rate", "chars_per_second", "sample"} <= set(lines[-1])


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


def test_units_are_ranked_by_the_first_property_that_is_somewhere_in_the_text(small, tmp_path):
    last(train(replace(small, steps=2), tmp_path))
    found = neurons(tmp_path, 2, "h")
    assert [found.absence(place) != "" for place in range(3)] == [True, True, False]
    assert found.features[found.chosen] == "line position"
    assert np.any(found.correlations[found.chosen])
