"""The client's side of the engine: name a lab function, get a future. No torch, no lab, no Textual.

The latest question wins: one runs and at most one waits. A question that waits is cancelled by a newer one; one that
runs gets a moment to finish, then its process is killed and a stand-by takes over. A stream (stream.py) runs beside the
questions, in a process of its own. See desk.py (who runs), crew.py (where workers come from), worker.py (what they do,
and the inline twin of this class).
"""

from __future__ import annotations

import atexit
import contextlib
import pickle
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Final, Literal, Protocol, Self

from rnntui.engine.channel import Tag
from rnntui.engine.crew import Crew, ForkCrew
from rnntui.engine.desk import Desk
from rnntui.engine.faults import EngineError, LabFault, Overdue, WorkerDied, describe, one_line
from rnntui.engine.question import Question
from rnntui.engine.stream import Ending, Stream

__all__ = ["Asker", "Ending", "Engine", "EngineError", "LabFault", "Overdue", "Stream", "WorkerDied"]

Method = Literal["fork", "spawn"]
GRACE: Final = 0.08
"""Seconds a superseded question may still take, so that a burst of keys does not kill a process a key."""

FAREWELL: Final = 2.0
"""Seconds a cancelled stream may take for what it must do before it ends, such as writing a checkpoint."""

LONGEST_GOODBYE: Final = 5.0
"""Seconds `close` waits at most, should a callback of somebody's hold up the engine's thread."""


class Asker(Protocol):
    """What a screen needs to know of an engine, whether it computes in a child or inline."""

    @property
    def ready(self) -> Future[None]:
        """Done when questions will be answered at once."""

    def listen(self, tell: Callable[[EngineError], object]) -> None:
        """Have what happens while nobody waits for an answer told, each time as one sentence."""

    def start(self) -> None:
        """Begin to get ready."""

    def warm_up(self) -> Future[None]:
        """From now on, have ready beforehand what a stream would wait for; done once it is."""

    def ask(self, name: str, *arguments: object) -> Future[object]:
        """Name a lab function; the future has its answer."""

    def stream(self, name: str, *arguments: object, paused: bool = False) -> Stream:
        """Name a generator of the lab; the stream shows what it yields."""

    def close(self) -> None:
        """End everything."""


class Engine:
    """Computes in child processes, so that no computation can slow down, break or outlive the app.

    `limit` is how many seconds a question may take; `log` takes what the children print and the tracebacks of faults;
    `modules` are imported before the lab; `method` is "fork" on Linux and else "spawn".
    """

    def __init__(
        self,
        lab: str = "rnntui.lab",
        limit: float = 60.0,
        log: Path | None = None,
        *,
        modules: tuple[str, ...] = ("torch",),
        grace: float = GRACE,
        farewell: float = FAREWELL,
        method: Method = "fork" if sys.platform == "linux" else "spawn",
    ) -> None:
        self._ready: Future[None] = Future()
        self._ready.set_running_or_notify_cancel()  # nobody who waits for it can cancel it
        self._crew = _crew(method, lab, modules, log)
        self._rules = (limit, grace, farewell, log)
        self._listener: Callable[[EngineError], object] | None = None
        self._lock = threading.Lock()
        self._desk: Desk | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def ready(self) -> Future[None]:
        """Done when torch is imported and the first worker is up; failed, with a sentence, if that cannot be."""
        return self._ready

    def listen(self, tell: Callable[[EngineError], object]) -> None:
        """Have it told when processes die while nobody waits for them; others then take over by themselves.

        Each time one sentence: WorkerDied, or LabFault when none can be started until something is asked. `tell` is
        called in the engine's thread and must not block.
        """
        self._listener = tell

    def _announce(self, what: EngineError) -> None:
        if self._listener is not None:
            with contextlib.suppress(Exception):  # whoever listens may be about to end
                self._listener(what)

    def start(self) -> None:
        """Begin to get ready; returns in milliseconds. Call it before the app takes the terminal; may be repeated."""
        with self._lock:
            if self._desk is not None or self._closed:
                return
            with contextlib.suppress(OSError):  # tried again, and said, when the desk asks for a worker
                self._crew.prepare()
            self._desk = Desk(self._crew, *self._rules, self._ready, self._announce)
            self._thread = threading.Thread(target=self._desk.run, name="rnntui-engine", daemon=True)
            self._thread.start()
        atexit.register(self.close)

    def warm_up(self) -> Future[None]:
        """From now on, have a worker that stands by do beforehand what a stream would wait for: the lab's `warm_up`.

        Done once one has, or none will. It is called while nobody asks and no stream has just begun.
        """
        warm: Future[None] = Future()
        warm.set_running_or_notify_cancel()  # nobody who waits for it can cancel it
        self.start()
        if self._desk is None:
            warm.set_result(None)
        else:
            self._desk.warm_up(warm)
        return warm

    def ask(self, name: str, *arguments: object) -> Future[object]:
        """Ask the lab; the arguments are copied now. The latest question wins: earlier ones are cancelled.

        The future holds the answer, or BadInput (the question's fault), or an EngineError: LabFault, Overdue,
        WorkerDied. A superseded question that still finishes within its grace is answered. Cancelling the future stops
        the computation. Callbacks run in the engine's thread and must not block. After `close`: cancelled at once.
        """
        try:
            body = pickle.dumps((name, arguments), protocol=5)
        except Exception as error:  # noqa: BLE001  pickling runs code of whatever is asked about
            question = Question(name, b"")
            question.fail(LabFault(one_line(f"{name} was asked something that cannot be sent: {describe(error)}")))
            return question.future
        question = Question(name, body)
        self.start()
        if self._desk is None:
            question.drop()
        else:
            self._desk.ask(question)
        return question.future

    def stream(self, name: str, *arguments: object, paused: bool = False) -> Stream:
        """Run a generator of the lab beside the questions, in a process of its own; the arguments are copied now.

        What it yields after each step can be seen: a record of its own (nothing may change its arrays afterwards); or a
        function of no arguments that makes one, called at once if somebody will see it and else never; or None. What
        was sent to the stream is what `yield` returns. `paused` waits after the first step. After `close`: cancelled.
        """
        stream = Stream(name, lambda tag, body: self._tell(stream, tag, body), paused)
        try:
            body = pickle.dumps((name, arguments, paused), protocol=5)
        except Exception as error:  # noqa: BLE001  pickling runs code of whatever is asked about
            stream.fail(LabFault(one_line(f"{name} was asked something that cannot be sent: {describe(error)}")))
            return stream
        self.start()
        if self._desk is None:
            stream.drop()
        else:
            self._desk.stream(stream, body)
        return stream

    def _tell(self, stream: Stream, tag: Tag, body: bytes) -> None:
        if self._desk is not None:
            self._desk.tell(stream, tag, body)

    def close(self) -> None:
        """Cancel questions and streams, and wait for the end of the children; may be repeated.

        A stream may take `farewell` seconds to run its `finally`, which may write a checkpoint.
        """
        with self._lock:
            self._closed = True
            desk, thread = self._desk, self._thread
        if desk is None or thread is None:
            return
        desk.stop()
        if thread is not threading.current_thread():
            thread.join(LONGEST_GOODBYE)
        atexit.unregister(self.close)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()


def _crew(method: Method, lab: str, modules: tuple[str, ...], log: Path | None) -> Crew:
    if method == "fork":
        return ForkCrew(lab, modules, log)
    from rnntui.engine.spawn import SpawnCrew

    return SpawnCrew(lab, modules, log)
