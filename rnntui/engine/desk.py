"""The desk: the engine's one thread, which gives questions (line.py) and streams (stage.py) to workers (staff.py).

Everything belongs to that thread but `ask`, `stream`, `tell` and `stop`, which only leave a note. It sleeps in `select`
until a note, a worker or a deadline wakes it, so an idle engine costs nothing; and it settles futures holding no lock,
so a callback may ask again.
"""

from __future__ import annotations

import selectors
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from math import inf
from pathlib import Path
from typing import Final, Protocol

from rnntui.engine.channel import Bell, Tag
from rnntui.engine.crew import Crew, opened_log
from rnntui.engine.faults import EngineError, LabFault, describe
from rnntui.engine.line import Line
from rnntui.engine.question import Question
from rnntui.engine.staff import Staff
from rnntui.engine.stage import Stage
from rnntui.engine.stream import Stream

QUIET: Final = 1.0
"""Seconds without a question after which the worker that stands by is warmed up."""
BEGINNING: Final = 5.0
"""Seconds after the beginning of a stream in which nothing else is done: it may measure how fast the machine is."""


class Promise(Protocol):
    """What is settled exactly once: a question or a stream."""

    def fail(self, error: Exception) -> None:
        """Say why nothing comes."""

    def drop(self) -> None:
        """Nobody wants it any more."""


class Warmth:
    """The promise that a worker is warm: kept when there is one, and also when there will be none."""

    def __init__(self, warm: Future[None]) -> None:
        self._warm = warm

    def fail(self, error: Exception) -> None:
        """What is wrong will be said when a stream begins."""
        self.drop()

    def drop(self) -> None:
        """Nothing will be warmed up any more."""
        self._warm.set_result(None)


class Desk:
    """Takes questions and streams; `run` is the thread's whole life.

    `limit` is how long a question may take, `grace` how long one that was superseded, `farewell` how long a stream that
    was cancelled; all in seconds.
    """

    def __init__(
        self,
        crew: Crew,
        limit: float,
        grace: float,
        farewell: float,
        log: Path | None,
        ready: Future[None],
        announce: Callable[[EngineError], object],
    ) -> None:
        self._log = log
        self._where = f" (See {log}.)" if log is not None else ""
        self._lock = threading.Lock()
        self._notes: deque[tuple[Callable[[], None], Promise | None]] = deque()
        self._stopping = False
        self._broken: EngineError | None = None
        self._bell = Bell()
        self._selector = selectors.DefaultSelector()
        self._staff = Staff(crew, self._selector, ready, announce, self._where)
        self._line = Line(self._staff, limit, grace, self._where)
        self._stage = Stage(self._staff, limit, farewell, self._where)
        self._staff.duties = (self._line, self._stage)

    def ask(self, question: Question) -> None:
        """Leave a question."""
        question.future.add_done_callback(self._ring_if_cancelled)
        self._leave(partial(self._line.take, question), question)

    def stream(self, stream: Stream, body: bytes) -> None:
        """Leave a stream to begin."""
        self._leave(partial(self._stage.begin, stream, body), stream)

    def tell(self, stream: Stream, tag: Tag, body: bytes) -> None:
        """Leave a word for a stream."""
        self._leave(partial(self._stage.tell, stream, tag, body))

    def warm_up(self, warm: Future[None]) -> None:
        """Leave the wish that from now on a worker is warmed up, and a future that is done when one is."""
        self._leave(partial(self._staff.idle.keep_warm, warm), Warmth(warm))

    def stop(self) -> None:
        """Have the thread end soon; every promise still open is dropped."""
        with self._lock:
            self._stopping = True
        self._bell.ring()

    def run(self) -> None:
        """Serve until stopped; then let the streams finish what they must."""
        try:
            self._selector.register(self._bell, selectors.EVENT_READ, self._bell.hush)
            self._staff.renew()
            self._staff.top_up()
            while not self._stopping:
                self._turn()
                self._staff.top_up()
            for question in self._line.left():
                question.drop()
            self._stage.close()
            while self._stage.wanted:
                self._turn()
        except Exception as error:  # noqa: BLE001  a fault of ours must not leave anybody waiting, nor print
            self._broken = LabFault(f"The engine stopped: {describe(error)}{self._where}")
            with opened_log(self._log) as log:
                if not isinstance(log, int):
                    log.write(traceback.format_exc().encode("utf-8", "backslashreplace"))
        finally:
            self._end()

    def _leave(self, note: Callable[[], None], promise: Promise | None = None) -> None:
        with self._lock:
            refused = self._stopping
            if not refused:
                self._notes.append((note, promise))
        if not refused:
            self._bell.ring()
        elif promise is not None:
            self._settle(promise)

    def _ring_if_cancelled(self, future: Future[object]) -> None:
        if future.cancelled():
            self._bell.ring()

    def _turn(self) -> None:
        """Sleep until something happens, then do all there is to do."""
        soonest = min(self._line.deadline(), self._stage.deadline(), self._rest_at())
        patience = max(0.0, soonest - time.monotonic()) if soonest < inf else None
        for key, _ in self._selector.select(patience):
            hear: Callable[[], None] = key.data
            hear()
        for _ in range(len(self._notes)):
            note, _ = self._notes.popleft()
            note()
        now = time.monotonic()
        self._line.attend(now)
        self._stage.attend(now)
        if now >= self._rest_at():
            self._staff.warm_up()

    def _rest_at(self) -> float:
        """When to use the quiet to warm up a worker."""
        if not self._staff.idle.cold or self._stopping:
            return inf
        return max(self._line.quiet_since + QUIET, self._stage.begun_at + BEGINNING)

    def _settle(self, promise: Promise) -> None:
        if self._broken is not None:
            promise.fail(self._broken)
        else:
            promise.drop()

    def _end(self) -> None:
        with self._lock:
            self._stopping = True
        self._staff.close(self._broken)
        self._selector.close()
        self._bell.close()
        for promise in (*self._line.left(), *self._stage.left(), *(promise for _, promise in self._notes)):
            if promise is not None:
                self._settle(promise)
