"""A question, the promise of its answer, and the run in which a worker answers it."""

from __future__ import annotations

import pickle
import time
from concurrent.futures import Future
from math import inf

from rnntui.engine.channel import Tag, decode
from rnntui.engine.crew import Worker
from rnntui.engine.faults import LabFault, Overdue, WorkerDied, failure
from rnntui.errors import BadInput


class Question:
    """Something asked. Its future is settled exactly once: by `answer`, by `fail` or by `drop`."""

    def __init__(self, name: str, body: bytes) -> None:
        self.name = name
        self.body = body
        self.future: Future[object] = Future()
        self.asked = time.monotonic()

    def answer(self, tag: Tag, body: memoryview) -> None:
        """Settle with what a worker sent."""
        if tag is Tag.BAD:
            self.fail(BadInput(decode(body)))
        elif tag is Tag.FAULT:
            self.fail(LabFault(decode(body)))
        else:
            try:
                value = pickle.loads(body)  # noqa: S301  from our own worker, over our own socket
            except Exception as error:  # noqa: BLE001  unpickling runs code of whatever was answered
                self.fail(LabFault(failure(self.name, error)))
            else:
                if self.future.set_running_or_notify_cancel():
                    self.future.set_result(value)

    def fail(self, error: Exception) -> None:
        """Say why there is no answer."""
        if self.future.set_running_or_notify_cancel():
            self.future.set_exception(error)

    def drop(self) -> None:
        """Nobody wants the answer any more."""
        self.future.cancel()
        self.future.set_running_or_notify_cancel()


class Run:
    """A question in the hands of a worker, and until when it may take."""

    def __init__(self, question: Question, worker: Worker, limit: float) -> None:
        self.question = question
        self.worker = worker
        self.limit = limit
        self.overdue_at = time.monotonic() + limit
        self.drop_at = inf
        """When it is to be stopped because something newer was asked."""

    def supersede(self, grace: float) -> None:
        """Nobody wants this one any more; it may still finish within the grace."""
        self.drop_at = min(self.drop_at, time.monotonic() + grace)

    def stop(self, now: float) -> bool:
        """If its time is over, settle the question and say so; the worker has then to be killed."""
        if now >= self.drop_at:
            self.question.drop()
        elif now >= self.overdue_at:
            said = f"{self.question.name} took longer than {self.limit:g} s and was stopped; ask for less."
            self.question.fail(Overdue(said))
        else:
            return False
        return True

    def die(self, how: str) -> None:
        """Settle the question after its worker ended; `how` follows "its process"."""
        if self.drop_at < inf:
            self.question.drop()
        else:
            said = f"{self.question.name} was not finished: its process {how}; nothing else is lost, ask again."
            self.question.fail(WorkerDied(said))
