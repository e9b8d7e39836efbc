"""The desk: one thread that decides which question runs, which one waits, and when a worker has to go.

Everything below belongs to that thread but `ask` and `stop`, which only leave a note. It sleeps in `select`
until a note, a worker or a deadline wakes it, so an idle engine costs nothing; and it settles futures holding no lock,
so a callback may ask again.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Final

from rnntui.engine.channel import Bell, Tag, decode
from rnntui.engine.crew import Crew, CrewLost, Worker, opened_log
from rnntui.engine.faults import EngineError, LabFault, Overdue, describe
from rnntui.engine.question import Question, Run

CREW_SIZE: Final = 2
"""One worker to answer and one to stand by."""
CREDIT: Final = 2 * CREW_SIZE
"""Workers that may be started until the next question: what keeps dying must not be started for ever."""


class Desk:
    """Takes questions and keeps workers; `run` is the thread's whole life."""

    def __init__(self, crew: Crew, limit: float, grace: float, log: Path | None, ready: Future[None]) -> None:
        self._crew = crew
        self._limit = limit
        self._grace = grace
        self._log = log
        self._where = f" (See {log}.)" if log is not None else ""
        self._ready = ready
        self._lock = threading.Lock()
        self._asked: Question | None = None
        self._stopping = False
        self._broken: EngineError | None = None
        self._bell = Bell()
        self._selector = selectors.DefaultSelector()
        self._heard: socket.socket | None = None
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []
        self._run: Run | None = None
        self._waiting: Question | None = None
        self._credit = CREDIT

    def ask(self, question: Question) -> None:
        """Leave a question; one that was left before and not yet taken is dropped."""
        question.future.add_done_callback(self._ring_if_cancelled)
        with self._lock:
            stopping, older = self._stopping, self._asked
            if not stopping:
                self._asked = question
        if stopping:
            question.fail(self._broken) if self._broken is not None else question.drop()
        elif older is not None:
            older.drop()
        self._bell.ring()

    def stop(self) -> None:
        """Have the thread end soon; every promise still open is dropped."""
        with self._lock:
            self._stopping = True
        self._bell.ring()

    def run(self) -> None:
        """Serve until stopped."""
        try:
            self._selector.register(self._bell, selectors.EVENT_READ, self._bell.hush)
            self._top_up()
            while not self._stopping:
                for key, _ in self._selector.select(self._patience()):
                    hear: Callable[[], None] = key.data
                    hear()
                self._take()
                self._enforce(time.monotonic())
                self._dispatch()
                self._top_up()
        except Exception as error:  # noqa: BLE001  a fault of ours must not leave anybody waiting, nor print
            self._broken = LabFault(f"The engine stopped: {describe(error)}{self._where}")
            with opened_log(self._log) as log:
                if not isinstance(log, int):
                    log.write(traceback.format_exc().encode("utf-8", "backslashreplace"))
        finally:
            self._end()

    def _ring_if_cancelled(self, future: Future[object]) -> None:
        if future.cancelled():
            self._bell.ring()

    def _patience(self) -> float | None:
        """Seconds until something must be done even if nothing happens."""
        if self._run is not None:
            soonest = min(self._run.overdue_at, self._run.drop_at)
        elif self._waiting is not None:
            soonest = self._waiting.asked + self._limit
        else:
            return None
        return max(0.0, soonest - time.monotonic())

    def _take(self) -> None:
        """Take the newest question; what waited gives way, what runs gets its grace."""
        with self._lock:
            newest, self._asked = self._asked, None
        if newest is not None:
            if self._waiting is not None:
                self._waiting.drop()
            self._waiting = newest
            self._credit = CREDIT
        if self._waiting is not None and self._waiting.future.cancelled():
            self._waiting.drop()
            self._waiting = None
        if self._run is not None and (self._waiting is not None or self._run.question.future.cancelled()):
            self._run.supersede(self._grace)

    def _enforce(self, now: float) -> None:
        """Stop what was superseded or took too long."""
        run, waiting = self._run, self._waiting
        if run is not None and run.stop(now):
            self._crew.bury(run.worker)
            self._forget(run.worker)
        elif run is None and waiting is not None and now >= waiting.asked + self._limit:
            self._waiting = None
            said = f"{waiting.name} was not begun: no process was ready to compute within {self._limit:g} s."
            waiting.fail(Overdue(said + self._where))

    def _dispatch(self) -> None:
        """Give the waiting question to a worker that has nothing to do."""
        while self._run is None and self._waiting is not None and self._idle:
            worker = self._idle.pop()
            try:
                worker.ask(self._waiting.body)
            except OSError:
                self._lose(worker)
                continue
            self._run = Run(self._waiting, worker, self._limit)
            self._waiting = None

    def _top_up(self) -> None:
        """See to it that there is a worker and a stand-by."""
        while len(self._workers) < CREW_SIZE and self._credit and not self._stopping:
            self._credit -= 1
            try:
                worker = self._crew.launch()
            except CrewLost as lost:
                self._lose_all(str(lost))
                return
            except OSError as error:
                self._no_start(f"No process can be started: {error.strerror or error}.")
                return
            self._workers.append(worker)
            self._selector.register(worker.sock, selectors.EVENT_READ, partial(self._hear_worker, worker))
            if self._heard is None and self._crew.control is not None:
                self._heard = self._crew.control
                self._selector.register(self._heard, selectors.EVENT_READ, self._hear_crew)
        if not self._credit:
            self._no_start("Every process that was started to compute in ended at once.")

    def _hear_worker(self, worker: Worker) -> None:
        if worker not in self._workers:
            return
        try:
            message = worker.inbox.read()
        except (EOFError, OSError):
            self._lose(worker)
            return
        if message is None:
            return
        tag, body = message
        if tag is Tag.HELLO:
            worker.pid = int(bytes(body))
            self._idle.insert(0, worker)  # at the bottom: who has worked before is warm
            if not self._ready.done():
                self._ready.set_result(None)
        elif tag is Tag.BROKEN:
            self._forget(worker)
            self._no_start(f"What computes could not be loaded: {decode(body)}")
        elif self._run is not None and self._run.worker is worker:
            question, self._run = self._run.question, None
            self._idle.append(worker)
            question.answer(tag, body)

    def _hear_crew(self) -> None:
        try:
            self._crew.listen()
        except CrewLost as lost:
            self._lose_all(str(lost))

    def _lose(self, worker: Worker) -> None:
        """A worker ended by itself: whoever waited for its answer is told."""
        run = self._run if self._run is not None and self._run.worker is worker else None
        self._forget(worker)
        try:
            how = self._crew.fate(worker)
        except CrewLost as lost:
            how = "ended"
            self._lose_all(str(lost))
        if run is not None:
            run.die(how)

    def _lose_all(self, said: str) -> None:
        """Whatever makes the workers ended, and they with it."""
        if self._heard is not None:
            self._selector.unregister(self._heard)
            self._heard = None
        run = self._run
        for worker in tuple(self._workers):
            self._forget(worker)
        if run is not None:
            run.die("ended")
        self._no_start(said)

    def _no_start(self, said: str) -> None:
        """Say to everybody who hopes for a worker that there will be none, unless there is one or one on its way."""
        self._credit = 0
        if self._workers:
            return
        fault = LabFault(said + self._where)
        if not self._ready.done():
            self._ready.set_exception(fault)
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.fail(fault)

    def _forget(self, worker: Worker) -> None:
        self._workers.remove(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if self._run is not None and self._run.worker is worker:
            self._run = None
        self._selector.unregister(worker.sock)
        worker.sock.close()

    def _end(self) -> None:
        with self._lock:
            self._stopping = True
            left = [self._asked, self._waiting, self._run.question if self._run else None]
        for worker in tuple(self._workers):
            worker.sock.close()
        self._crew.close()
        self._selector.close()
        self._bell.close()
        for question in left:
            if question is not None:
                question.fail(self._broken) if self._broken is not None else question.drop()
        if not self._ready.done():
            self._ready.set_exception(self._broken or LabFault("The engine was closed before it was ready."))
