"""Who of the staff has nothing to do: who worked last answers next, and the others stand by for streams.

Used by the engine's thread only (staff.py). Once that is wanted, one that stands by is warmed up while nobody asks: it
does beforehand what the first stream of a process would wait for, so that a stream begins at once.
"""

from __future__ import annotations

from concurrent.futures import Future

from rnntui.engine.crew import Worker


class Idle:
    """The workers that wait for work, and the one that is just being warmed up."""

    def __init__(self) -> None:
        self._workers: list[Worker] = []
        self._warming: Worker | None = None
        self._warms_up = False
        """From when it is wanted, until a worker dies of it."""
        self._wishes: list[Future[None]] = []
        """To be done when a worker is warm."""

    def __contains__(self, worker: Worker) -> bool:
        return worker in self._workers or worker is self._warming

    def welcome(self, worker: Worker) -> None:
        """A worker said hello: it is new, or was warmed up."""
        self._workers.insert(0, worker)  # at the bottom: it stands by, and who has worked before answers
        if worker is self._warming:
            self._warming, worker.warm = None, True
            self.fulfil()

    def hire(self) -> Worker | None:
        """The worker that has worked last, if any has nothing to do."""
        return self._workers.pop() if self._workers else None

    def free(self, worker: Worker) -> None:
        """A worker has nothing to do any more."""
        self._workers.append(worker)

    def lend(self) -> Worker | None:
        """The worker that stands by, for good: a warm one if there is; one that is being warmed up is waited for."""
        if self._warming is not None or not self._workers:
            return None
        worker = next((one for one in self._workers if one.warm), self._workers[0])
        self._workers.remove(worker)
        worker.lent = True
        return worker

    def forget(self, worker: Worker) -> None:
        """A worker is none any more."""
        if worker in self._workers:
            self._workers.remove(worker)
        if worker is self._warming:
            self._warming = None

    # Warmth

    @property
    def cold(self) -> bool:
        """Whether there is a worker to warm up, and another to answer meanwhile."""
        warm = self._warming is not None or any(worker.warm for worker in self._workers)
        return self._warms_up and not warm and len(self._workers) > 1

    def keep_warm(self, warm: Future[None]) -> None:
        """From now on see to it that one who stands by is warm; the future is done when one is, or none will be."""
        self._warms_up = True
        self._wishes.append(warm)
        if any(worker.warm for worker in self._workers):
            self.fulfil()

    def begin_to_warm(self) -> Worker:
        """The worker that stands by; until it says hello again it is being warmed up."""
        self._warming = self._workers.pop(0)
        return self._warming

    def give_up(self, worker: Worker) -> None:
        """A worker died: if of being warmed up, no other one is."""
        if worker is self._warming:
            self._warms_up = False
            self.fulfil()

    def fulfil(self) -> None:
        """Nobody need wait for a warm worker any more."""
        wishes, self._wishes = self._wishes, []
        for warm in wishes:
            warm.set_result(None)
