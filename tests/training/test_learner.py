"""What is read in one update, and how the validation text is."""

from dataclasses import replace

import pytest
import torch

from rnntui.errors import BadInput
from rnntui.training.data import prepare
from rnntui.training.learner import Learner
from rnntui.training.loop import train
from rnntui.training.record import Knobs


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
