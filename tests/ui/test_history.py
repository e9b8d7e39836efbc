"""Undo and redo are a list of scenes."""

from rnntui.scene import Scene
from rnntui.ui.history import LONGEST, History

ONE, TWO, THREE = (Scene(text="hello", seed=seed) for seed in (1, 2, 3))


def test_undo_and_redo_walk_the_same_scenes():
    history = History().changed(ONE).changed(TWO)
    undone = history.undone(THREE)
    assert undone.past == (ONE,)
    assert undone.future == (THREE,)
    assert undone.redone(TWO) == history


def test_a_new_change_forgets_what_was_taken_back():
    assert History().changed(ONE).undone(TWO).changed(THREE).future == ()


def test_the_list_is_bounded():
    history = History()
    for _ in range(LONGEST + 50):
        history = history.changed(ONE)
    assert len(history.past) == LONGEST
