"""The line of questions: one runs, at most one waits, and the latest wins.

Used by the engine's thread only (desk.py).
"""

from __future__ import annotations

import time
from math import inf
from typing import Final

from rnntui.engine.channel import Tag
from rnntui.engine.crew import Worker
from rnntui.engine.faults import EngineError, Overdue
from rnntui.engine.question import Question, Run
from rnntui.engine.staff import Staff


class Line:
    """Gives questions to workers, and takes a worker away from what is not wanted any more."""

    wanted: Final = 2
    """One worker to answer and one to stand by."""

    def __init__(self, staff: Staff, limit: float, grace: float, where: str) -> None:
        self._staff = staff
        self._limit = limit
        self._grace = grace
        self._where = where
        self._run: Run | None = None
        self._waiting: Question | None = None
        self._quiet_since = time.monotonic()

    def take(self, question: Question) -> None:
        """Take the newest question; what waited gives way."""
        if self._waiting is not None:
            self._waiting.drop()
        self._waiting = question
        self._staff.renew()

    @property
    def quiet_since(self) -> float:
        """When the last answer was given; while something is asked, never."""
        return self._quiet_since if self._run is None and self._waiting is None else inf

    def deadline(self) -> float:
        """When something must be done even if nothing happens."""
        if self._run is not None:
            return min(self._run.overdue_at, self._run.drop_at)
        return self._waiting.asked + self._limit if self._waiting is not None else inf

    def attend(self, now: float) -> None:
        """Stop what is not wanted or took too long; begin what waits."""
        if self._waiting is not None and self._waiting.future.cancelled():
            self._waiting.drop()
            self._waiting = None
        if self._run is not None and (self._waiting is not None or self._run.question.future.cancelled()):
            self._run.supersede(self._grace)
        self._enforce(now)
        while self._run is None and self._waiting is not None and (worker := self._staff.idle.hire()) is not None:
            self._begin(self._waiting, worker)

    def _enforce(self, now: float) -> None:
        run, waiting = self._run, self._waiting
        if run is not None and run.stop(now):
            self._end_run()
            self._staff.dismiss(run.worker)
        elif run is None and waiting is not None and now >= waiting.asked + self._limit:
            self._waiting = None
            said = f"{waiting.name} was not begun: no process was ready to compute within {self._limit:g} s."
            waiting.fail(Overdue(said + self._where))

    def _begin(self, question: Question, worker: Worker) -> None:
        try:
            worker.send(Tag.ASK, question.body)
        except OSError:
            self._staff.lose(worker)
        else:
            self._run, self._waiting = Run(question, worker, self._limit), None

    def _end_run(self) -> None:
        self._run = None
        self._quiet_since = time.monotonic()

    def hear(self, worker: Worker, tag: Tag, body: memoryview) -> None:
        """The answer to the question that runs."""
        if self._run is not None and self._run.worker is worker:
            question = self._run.question
            self._end_run()
            self._staff.idle.free(worker)
            question.answer(tag, body)

    def lose(self, worker: Worker, how: str) -> None:
        """The worker that answered ended."""
        run = self._run
        if run is not None and run.worker is worker:
            self._end_run()
            run.die(how)

    def refuse(self, fault: EngineError) -> None:
        """Nobody will answer what waits."""
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.fail(fault)

    def left(self) -> list[Question]:
        """Whoever still hopes for an answer; they are forgotten."""
        open_ = [self._run.question] if self._run is not None else []
        open_ += [self._waiting] if self._waiting is not None else []
        self._run = self._waiting = None
        return open_
