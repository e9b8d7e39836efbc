"""Training is a generator of snapshots: whoever iterates decides the pace, and sends back the knobs that are turned.

What is learned depends on the spec and the log of changes only, never on how often anybody looks.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path

from rnntui.training.checkpoints import Checkpoint
from rnntui.training.data import prepare
from rnntui.training.learner import Exploded, Learner
from rnntui.training.record import Change, Snapshot
from rnntui.training.run import Run
from rnntui.training.session import Session
from rnntui.training.spec import SLOW, CharModelSpec

Training = Generator[Snapshot, Change | None, None]
"""Snapshots out, turned knobs in."""


def train(spec: CharModelSpec, folder: str | Path | None = None) -> Training:
    """Fit a character model, yielding what can be seen after every few steps; with a folder, keep the run in it.

    A `Change` that is sent turns a knob. Closing the generator writes a checkpoint. Raises BadInput for a text or a
    folder that cannot be used.
    """
    spec, text = prepare(spec)
    learner = Learner(spec, text)
    run = Run.create(Path(folder), spec) if folder is not None else None
    with closing(run) if run is not None else nullcontext():
        yield from _go(Session(learner, text, run, notices=(*text.notices, *_slower(spec))))


def resume(folder: str | Path, turned: Sequence[Change] = ()) -> Training:
    """Go on with the run in a folder, to the bit as if it had never stopped.

    `turned` are knobs turned now; then those that were turned later than the checkpoint are forgotten. Raises BadInput
    for a folder that holds no run, and when the text has changed.
    """
    run, found, notices = Run.reopen(Path(folder))
    with closing(run):
        spec, text = prepare(found.spec if isinstance(found, Checkpoint) else found)
        learner, seconds = Learner(spec, text), 0.0
        if isinstance(found, Checkpoint):
            learner.restore(found.tensors, found.step, found.place)
            seconds = found.seconds
        changes = run.changes()
        if turned:
            changes = tuple(change for change in changes if change.step <= learner.step)
            changes += tuple(replace(change, step=learner.step) for change in turned)
            run.log_changes(changes)
        yield from _go(Session(learner, text, run, changes, seconds, (*text.notices, *notices)))


def _slower(spec: CharModelSpec) -> tuple[str, ...]:
    """What to say where training takes longer than somebody may expect; measured with 256 units."""
    if spec.cell not in SLOW:
        return ()
    return (f"{spec.cell} learns by its equations, step by step: an update takes about 3 times as long as a gru's.",)


def _go(session: Session) -> Training:
    """Train until all steps are made, the generator is closed, or an update would ruin the model."""
    session.begin()
    try:
        session.turn((yield session.snapshot()))
        while not session.finished:
            try:
                due = session.advance()
            except Exploded as explosion:
                yield session.snapshot(explosion.sentence)
                return
            if due:
                session.turn((yield session.snapshot()))
    finally:
        session.end()
