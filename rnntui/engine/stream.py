"""What a screen holds of a computation that goes on: its newest snapshot, its end, and the handles to steer it.

The latest snapshot wins: one that nobody took gives way to the next, so a slow reader holds nobody up.
No torch, and no asyncio until somebody waits with it.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from typing import Final, Literal

from rnntui.engine.channel import Tag
from rnntui.engine.faults import LabFault, describe, failure, one_line

Ending = Literal["finished", "cancelled"]

LARGEST_CHANGE: Final = 1 << 16
"""The most bytes a change may have: it has to fit where a busy process can leave it lying."""


class Stream:
    """A generator of the lab that runs somewhere else.

    One reader follows it: `async for snapshot in stream`, or `next`, or `latest` from a timer. All methods return at
    once, from any thread; once it has ended the handles do nothing.
    """

    def __init__(self, name: str, tell: Callable[[Tag, bytes], None], paused: bool = False) -> None:
        self.name = name
        """What it is called in a sentence."""
        self.latest: object = None
        """The newest snapshot, taken or not; None before the first."""
        self.paused = paused
        """Whether it has been told to wait."""
        self.ended: Future[Ending] = Future()
        """How it ended; or BadInput (the question's fault), LabFault, Overdue or WorkerDied, each with a sentence."""
        self.ended.set_running_or_notify_cancel()  # nobody who waits for it can cancel it
        self._tell = tell
        self._lock = threading.Lock()
        self._fresh = False
        """Whether the newest snapshot has not been taken."""
        self._waiting: list[Future[object]] = []

    # Reading

    def next(self) -> Future[object]:
        """The newest snapshot that was not taken yet, as soon as there is one; None when there will be no more.

        Fails as `ended` does. Callbacks run in the engine's thread and must not block.
        """
        future: Future[object] = Future()
        with self._lock:
            fresh, self._fresh = self._fresh, False
            waits = not fresh and not self.ended.done()
            if waits:
                self._waiting = [*(one for one in self._waiting if not one.cancelled()), future]
            snapshot = self.latest
        if fresh:
            future.set_result(snapshot)
        elif not waits:
            self._conclude(future)
        return future

    async def __aiter__(self) -> AsyncIterator[object]:
        """The snapshots as they come, of several only the newest; raises as `ended` does."""
        import asyncio

        while (snapshot := await asyncio.wrap_future(self.next())) is not None:
            yield snapshot

    # Steering

    def pause(self) -> None:
        """Have it wait after the step it is at, and show where it stands."""
        self.paused = True
        self._tell(Tag.PAUSE, b"")

    def resume(self) -> None:
        """Have it go on."""
        self.paused = False
        self._tell(Tag.RESUME, b"")

    def one_step(self) -> None:
        """Have it go on to its next yield, show that, and wait."""
        self.paused = True
        self._tell(Tag.STEP, b"")

    def send(self, change: object) -> None:
        """Hand a change to the generator at its next step, where `yield` returns it; several go one a step.

        Raises LabFault for what cannot be sent.
        """
        try:
            body = pickle.dumps(change, protocol=5)
        except Exception as error:
            raise LabFault(
                one_line(f"{self.name} was sent something that cannot be sent: {describe(error)}")
            ) from error
        if len(body) > LARGEST_CHANGE:
            raise LabFault(f"{self.name} was sent {len(body):,} bytes, more than {LARGEST_CHANGE:,}.")
        self._tell(Tag.CHANGE, body)

    def cancel(self) -> None:
        """Have it end after the step it is at, and its `finally` run; if that takes too long, its process is killed."""
        self._tell(Tag.CANCEL, b"")

    # For the engine, in one thread

    def show(self, body: memoryview) -> bool:
        """Take a pickled snapshot; False, and the end, if it cannot be read."""
        try:
            snapshot: object = pickle.loads(body)  # noqa: S301  from our own worker, over our own socket
        except Exception as error:  # noqa: BLE001  unpickling runs code of whatever was shown
            self.fail(LabFault(failure(self.name, error)))
            return False
        self._offer(snapshot)
        return True

    def finish(self, ending: Ending) -> None:
        """It came to its end, or to the one that it was told to come to."""
        self.ended.set_result(ending)
        self._release()

    def fail(self, error: Exception) -> None:
        """Say why it ended before."""
        self.ended.set_exception(error)
        self._release()

    def drop(self) -> None:
        """Nobody wants it any more."""
        self.finish("cancelled")

    def _offer(self, snapshot: object) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
            takers = [future for future in waiting if future.set_running_or_notify_cancel()]
            self.latest, self._fresh = snapshot, not takers
        for future in takers:
            future.set_result(snapshot)

    def _release(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for future in waiting:
            self._conclude(future)

    def _conclude(self, future: Future[object]) -> None:
        error = self.ended.exception()
        if not future.set_running_or_notify_cancel():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(None)
