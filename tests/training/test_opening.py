"""The weights of a training, opened in the other activities."""

from pathlib import Path

from rnntui.training import opening
from rnntui.training.loop import train
from rnntui.training.opening import opened
from tests.training.runs import last


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
