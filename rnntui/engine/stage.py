"""The stage: the streams that run or wait to, each in a worker of its own that ends with it.

Used by the engine's thread only (desk.py). A fresh process a stream: nothing of the one before is left in it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf
from typing import Final

from rnntui.engine.channel import Outbox, Tag, decode
from rnntui.engine.crew import Worker
from rnntui.engine.faults import EngineError, LabFault, Overdue, WorkerDied
from rnntui.engine.staff import Staff
from rnntui.engine.stream import Stream
from rnntui.errors import BadInput

AGAIN: Final = 0.05
"""Seconds until a worker that had no room for what it is told is tried again."""


@dataclass(eq=False)
class Act:
    """A stream and the worker it runs in, as soon as there is one."""

    stream: Stream
    said: list[tuple[Tag, bytes]]
    """What there is to tell the worker."""
    worker: Worker | None = None
    outbox: Outbox | None = None
    """What is on its way to the worker, which reads between two steps and may be long at one."""
    asked: float = field(default_factory=time.monotonic)
    kill_at: float = inf
    """Until when it may take to end, after it was told to."""


class Stage:
    """Gives streams to workers, hands on what is said from either side, and ends what does not end by itself."""

    def __init__(self, staff: Staff, limit: float, farewell: float, where: str) -> None:
        self._staff = staff
        self._limit = limit
        self._farewell = farewell
        self._where = where
        self._acts: list[Act] = []
        self.begun_at = -inf
        """When a stream was given its worker last."""

    @property
    def wanted(self) -> int:
        """One worker a stream."""
        return len(self._acts)

    def begin(self, stream: Stream, body: bytes) -> None:
        """Take a stream; it begins when there is a worker."""
        self._acts.append(Act(stream, [(Tag.STREAM, body)]))
        self._staff.renew()

    def tell(self, stream: Stream, tag: Tag, body: bytes) -> None:
        """Hand a word to the worker of a stream."""
        act = next((act for act in self._acts if act.stream is stream), None)
        if act is None:
            return
        if tag is Tag.CANCEL:
            if act.worker is None:
                self._acts.remove(act)
                stream.drop()
                return
            act.kill_at = min(act.kill_at, time.monotonic() + self._farewell)
        act.said.append((tag, body))
        if act.worker is not None:
            self._speak(act, act.worker)

    def _speak(self, act: Act, worker: Worker) -> None:
        """Tell the worker what there is to tell, as far as it has room for it."""
        try:
            if act.outbox is None:
                worker.send(*act.said.pop(0))  # what begins the stream may be large; an idle worker reads it at once
                worker.sock.setblocking(False)
                act.outbox = Outbox(worker.sock)
            while act.said:
                act.outbox.put(*act.said.pop(0))
            act.outbox.push()
        except OSError:
            if act.outbox is None:
                self._staff.lose(worker)
            else:  # it is gone, but its last words may still lie here; the end is found where they are read
                act.said.clear()
                act.outbox = Outbox(worker.sock)

    def deadline(self) -> float:
        """When something must be done even if nothing happens."""
        return min((self._deadline(act) for act in self._acts), default=inf)

    def _deadline(self, act: Act) -> float:
        if act.worker is None:
            return act.asked + self._limit
        if act.outbox is not None and not act.outbox.empty:
            return min(act.kill_at, time.monotonic() + AGAIN)
        return act.kill_at

    def attend(self, now: float) -> None:
        """Begin what waits; kill what was told to end and does not."""
        for act in tuple(self._acts):
            if act.worker is not None:
                if now >= act.kill_at:
                    said = f"{act.stream.name} did not stop within {self._farewell:g} s and was killed."
                    self._leave(act).fail(Overdue(said))
                else:
                    self._speak(act, act.worker)
            elif (worker := self._staff.idle.lend()) is not None:
                act.worker, self.begun_at = worker, now
                self._speak(act, worker)
            elif now >= act.asked + self._limit:
                said = f"{act.stream.name} was not begun: no process was ready to compute within {self._limit:g} s."
                self._leave(act).fail(Overdue(said + self._where))

    def hear(self, worker: Worker, tag: Tag, body: memoryview) -> None:
        """A snapshot, or the end, of the stream that runs in this worker."""
        act = self._in(worker)
        if act is None:
            return
        stream = act.stream
        if tag is Tag.SNAPSHOT:
            if not stream.show(body):
                self._leave(act)
            return
        self._leave(act)
        if tag is Tag.END:
            stream.finish("cancelled" if act.kill_at < inf else "finished")
        else:
            stream.fail(BadInput(decode(body)) if tag is Tag.BAD else LabFault(decode(body)))

    def lose(self, worker: Worker, how: str) -> None:
        """The worker of a stream ended."""
        act = self._in(worker)
        if act is not None:
            self._acts.remove(act)
            act.stream.fail(WorkerDied(f"{act.stream.name} broke off: its process {how}; nothing else is lost."))

    def refuse(self, fault: EngineError) -> None:
        """What waits will not begin."""
        for act in [act for act in self._acts if act.worker is None]:
            self._acts.remove(act)
            act.stream.fail(fault)

    def close(self) -> None:
        """Tell every stream to end."""
        for act in tuple(self._acts):
            self.tell(act.stream, Tag.CANCEL, b"")

    def left(self) -> list[Stream]:
        """The streams that have not ended; they are forgotten."""
        streams = [act.stream for act in self._acts]
        self._acts.clear()
        return streams

    def _in(self, worker: Worker) -> Act | None:
        return next((act for act in self._acts if act.worker is worker), None)

    def _leave(self, act: Act) -> Stream:
        """Forget a stream, and with it end its worker."""
        self._acts.remove(act)
        if act.worker is not None:
            self._staff.dismiss(act.worker)
        return act.stream
