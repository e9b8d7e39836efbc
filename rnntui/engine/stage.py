"""The stage: the streams that run or wait to, each in a worker of its own that ends with it.

Used by the engine's thread only (desk.py). A fresh process a stream: nothing of the one before is left in it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf

from rnntui.engine.channel import Tag, decode
from rnntui.engine.crew import Worker
from rnntui.engine.faults import EngineError, LabFault, Overdue, WorkerDied
from rnntui.engine.staff import Staff
from rnntui.engine.stream import Stream
from rnntui.errors import BadInput


@dataclass(eq=False)
class Act:
    """A stream and the worker it runs in, as soon as there is one."""

    stream: Stream
    said: list[tuple[Tag, bytes]]
    """What there is to tell the worker once it is there."""
    worker: Worker | None = None
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
        self._speak(act)

    def _speak(self, act: Act) -> None:
        worker = act.worker
        while worker is not None and act.said:
            try:
                worker.send(*act.said.pop(0))
            except OSError:
                self._staff.lose(worker)
                return

    def deadline(self) -> float:
        """When something must be done even if nothing happens."""
        ends = (act.asked + self._limit if act.worker is None else act.kill_at for act in self._acts)
        return min(ends, default=inf)

    def attend(self, now: float) -> None:
        """Begin what waits; kill what was told to end and does not."""
        for act in tuple(self._acts):
            if act.worker is not None:
                if now >= act.kill_at:
                    said = f"{act.stream.name} did not stop within {self._farewell:g} s and was killed."
                    self._leave(act).fail(Overdue(said))
            elif (worker := self._staff.lend()) is not None:
                act.worker = worker
                self._speak(act)
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
