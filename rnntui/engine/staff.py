"""The staff: the workers there are, how they come, and what happens when one ends.

Used by the engine's thread only (desk.py). Whoever wants workers (line.py, stage.py) hires those that have nothing to
do (idle.py), and is told here what they say and how they end. What dies unhired is replaced, and announced.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from math import inf
from typing import Final, Protocol

from rnntui.engine.channel import Tag, decode
from rnntui.engine.crew import Crew, CrewLost, Worker
from rnntui.engine.faults import EngineError, LabFault, WorkerDied
from rnntui.engine.idle import Idle

CREDIT: Final = 2
"""Workers that may be started for each that is wanted, until something new is: what dies is not started for ever."""

CALM: Final = 10.0
"""Seconds without a death after which one is not a sign that all will die, and workers may be started again."""


class Duty(Protocol):
    """Something that wants workers."""

    @property
    def wanted(self) -> int:
        """How many workers there should be for it."""

    def hear(self, worker: Worker, tag: Tag, body: memoryview) -> None:
        """Take what a worker says, if it is one of its own."""

    def lose(self, worker: Worker, how: str) -> None:
        """Say that a worker ended, if it is one of its own; `how` follows "its process"."""

    def refuse(self, fault: EngineError) -> None:
        """Say to everybody who waits for a worker that there will be none."""


class Staff:
    """The workers; `duties` are those who may hire them."""

    def __init__(
        self,
        crew: Crew,
        selector: selectors.BaseSelector,
        ready: Future[None],
        announce: Callable[[EngineError], object],
        where: str,
    ) -> None:
        self._crew = crew
        self._selector = selector
        self._ready = ready
        self._announce = announce
        self._where = where
        self.duties: Sequence[Duty] = ()
        self.idle = Idle()
        self._heard: socket.socket | None = None
        self._workers: list[Worker] = []
        self._credit = 0
        self._made_some = False
        """Whether the crew, as it now lives, has brought up a worker."""
        self._died_at = -inf
        self._promised = False
        """Whether it was announced that others will take over, and they have not yet."""

    # Coming

    def renew(self) -> None:
        """Something new is wanted: workers may be started again, and who wants it will be told if they cannot."""
        self._promised = False
        self._credit = CREDIT * self._wanted

    def top_up(self) -> None:
        """See to it that there are as many workers as are wanted."""
        while len(self._workers) < self._wanted and self._credit:
            self._credit -= 1
            try:
                worker = self._crew.launch()
            except CrewLost as lost:
                self._lose_all(str(lost))
                continue
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

    @property
    def _wanted(self) -> int:
        return sum(duty.wanted for duty in self.duties)

    def warm_up(self) -> None:
        """Have the worker that stands by do what the first stream of a process would wait for."""
        worker = self.idle.begin_to_warm()
        try:
            worker.send(Tag.WARM_UP, b"")
        except OSError:
            self.lose(worker)

    # Going

    def dismiss(self, worker: Worker) -> None:
        """Kill a worker."""
        self._crew.bury(worker)
        self._forget(worker)

    def lose(self, worker: Worker) -> None:
        """A worker ended by itself: whoever waited for what it computes is told."""
        stood_by = worker in self.idle
        self.idle.give_up(worker)
        self._forget(worker)
        try:
            how = self._crew.fate(worker)
        except CrewLost as lost:
            how = "ended"
            self._lose_all(str(lost))
        for duty in self.duties:
            duty.lose(worker, how)
        if stood_by:
            self._mourn(f"A process that computes {how}; another one takes over and nothing is lost.")

    def close(self, broken: EngineError | None) -> None:
        """End all workers and what makes them; who waits for the first one is told, perhaps what broke the engine."""
        for worker in self._workers:
            worker.sock.close()
        self._crew.close()
        self.idle.fulfil()
        if not self._ready.done():
            self._ready.set_exception(broken or LabFault("The engine was closed before it was ready."))

    def _hear_worker(self, worker: Worker) -> None:
        if worker not in self._workers:
            return
        try:
            message = worker.inbox.read()
        except (EOFError, OSError):
            self.lose(worker)
            return
        if message is None:
            return
        tag, body = message
        if tag is Tag.HELLO:
            self._welcome(worker, int(bytes(body)))
        elif tag is Tag.BROKEN:
            self._forget(worker)
            self._no_start(f"What computes could not be loaded: {decode(body)}")
        else:
            for duty in self.duties:
                duty.hear(worker, tag, body)

    def _welcome(self, worker: Worker, pid: int) -> None:
        worker.pid = pid
        self._made_some, self._promised = True, False
        self.idle.welcome(worker)
        if not self._ready.done():
            self._ready.set_result(None)

    def _hear_crew(self) -> None:
        try:
            self._crew.listen()
        except CrewLost as lost:
            self._lose_all(str(lost))

    def _lose_all(self, said: str) -> None:
        """Whatever makes the workers ended, and they with it."""
        if self._heard is not None:
            self._selector.unregister(self._heard)
            self._heard = None
        lost = tuple(self._workers)
        for worker in lost:
            self._forget(worker)
        for worker in lost:
            for duty in self.duties:
                duty.lose(worker, "ended")
        made_some, self._made_some = self._made_some, False
        if made_some:
            self._mourn(f"{said.removesuffix('.')}; it is started again and nothing else is lost.")
        else:
            self._no_start(said)

    def _mourn(self, said: str) -> None:
        """Announce a death that nobody is told of otherwise, unless those who take over are awaited already."""
        now = time.monotonic()
        if now - self._died_at > CALM:
            self._credit = CREDIT * self._wanted
        self._died_at = now
        if not self._promised:
            self._promised = True
            self._announce(WorkerDied(said))

    def _no_start(self, said: str) -> None:
        """Say to everybody who hopes for a worker that there will be none, unless there is one or one on its way."""
        self._credit = 0
        if any(not worker.lent for worker in self._workers):
            return
        self.idle.fulfil()
        fault = LabFault(said + self._where)
        if not self._ready.done():
            self._ready.set_exception(fault)
        for duty in self.duties:
            duty.refuse(fault)
        if self._promised:
            self._promised = False
            self._announce(fault)

    def _forget(self, worker: Worker) -> None:
        self._workers.remove(worker)
        self.idle.forget(worker)
        self._selector.unregister(worker.sock)
        worker.sock.close()
