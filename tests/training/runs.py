"""Trainings run to an end or to a step, and what their runs then hold."""

import torch

from rnntui.training import checkpoints
from rnntui.training.record import Change


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
