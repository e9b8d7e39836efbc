"""Training is a generator of snapshots: whoever iterates decides the pace, and sends back the knobs that are turned.

What is learned depends on the spec and the log of changes only, never on how often anybody looks.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from rnntui.errors import BadInput, counted
from rnntui.tasks import corpora
from rnntui.training import textcopy
from rnntui.training.checkpoints import Checkpoint, newest
from rnntui.training.data import Text, prepare
from rnntui.training.folder import CHECKPOINTS, changes, require, steps
from rnntui.training.learner import Exploded, Learner
from rnntui.training.owncell import changed, said, slower
from rnntui.training.record import TASTE, Change, Snapshot
from rnntui.training.run import Run, unusable
from rnntui.training.sampling import of_another_model
from rnntui.training.session import Session
from rnntui.training.spec import CharModelSpec

Training = Generator[Snapshot, Change | None, None]
"""Snapshots out, turned knobs in."""


def train(spec: CharModelSpec, folder: str | Path | None = None) -> Training:
    """Fit a character model, yielding what can be seen after every few steps; with a folder, keep the run in it.

    A `Change` that is sent turns a knob. Closing the generator writes a checkpoint. Raises BadInput for a text or a
    folder that cannot be used, and for an own cell whose equations were not read (`owncell.adopted`).
    """
    about_cell = (*slower(spec), *said(spec), *changed(spec))
    corpus = corpora.read(spec.corpus, spec.file)
    spec, text = prepare(spec, corpus)
    learner = Learner(spec, text)
    run = Run.create(Path(folder), spec) if folder is not None else None
    with closing(run) if run is not None else nullcontext():
        if run is not None and not spec.file:
            with suppress(OSError):  # then it goes on only while the machine says the same
                textcopy.keep(run.folder, corpus)
        yield from _go(Session(learner, text, run, notices=(*text.notices, *about_cell)))


def resume(folder: str | Path, turned: Sequence[Change] = ()) -> Training:
    """Go on with the run in a folder, to the bit as if it had never stopped.

    `turned` are knobs turned now; then those that were turned later than the checkpoint are forgotten. Raises BadInput
    for a folder that holds no run, and when the text has changed.
    """
    run, found, notices = Run.reopen(Path(folder))
    with closing(run):
        learner, text = _restored(run.folder, found)
        known = changes(run.folder)
        learns = [change for change in turned if change.knob not in TASTE]
        if learns and learner.step >= learner.spec.steps:
            left = f"All {counted(learner.step, 'step')} of this run are made, so there is nothing left to do with"
            notices += (f"{left} {', '.join(f'{one.knob} = {one.value:g}' for one in learns)}; start a new run.",)
        elif turned:
            known = tuple(change for change in known if change.step <= learner.step)
            known += tuple(replace(change, step=learner.step) for change in turned)
            try:
                run.log_changes(known)
            except OSError as error:
                raise unusable(run.folder, error) from None
        kept = found if isinstance(found, Checkpoint) else None
        notices = (*text.notices, *notices, *changed(learner.spec))
        yield from _go(Session(learner, text, run, known, kept, notices))


def standing(folder: str | Path) -> Snapshot:
    """Where a run stands, without going on with it: what can be seen even while another process trains in it.

    Raises BadInput for a folder that holds no run or no usable checkpoint, and when the text has changed.
    """
    place = Path(folder)
    require(place)
    found, notices = newest(place / CHECKPOINTS)
    learner, text = _restored(place, found)
    notices = (*text.notices, *notices, *changed(learner.spec))
    session = Session(learner, text, None, changes(place), found, notices)
    session.begin()
    return replace(session.snapshot(), run=str(folder), kept=steps(place / CHECKPOINTS))


def _restored(folder: Path, found: Checkpoint | CharModelSpec) -> tuple[Learner, Text]:
    """The learner of a run at a checkpoint, or before its first step, and what it reads."""
    spec = found.spec if isinstance(found, Checkpoint) else found
    spec, text = prepare(spec, textcopy.kept(folder, spec))
    if isinstance(found, Checkpoint) and found.characters != text.characters:
        raise BadInput(
            f"The model of {str(folder)!r} knows other characters than its text has, as another version of rnntui "
            "reads it otherwise; start a new run."
        )
    learner = Learner(spec, text)
    if isinstance(found, Checkpoint):
        try:
            learner.restore(found.tensors, found.step, found.place)
        except (KeyError, RuntimeError, TypeError):
            raise of_another_model(found) from None
    return learner, text


def _go(session: Session) -> Training:
    """Train until all steps are made, the generator is closed, or an update has ruined the model."""
    session.begin()
    try:
        yield from _shown(session)
        while not session.finished:
            try:
                due = session.advance()
            except Exploded as explosion:
                yield session.fall_back(explosion)
                return
            if due:
                yield from _shown(session)
    finally:
        session.end()


def _shown(session: Session) -> Training:
    """Show where it stands; each knob that is turned then is seen before the next update."""
    while session.turn((yield session.snapshot())):
        pass
