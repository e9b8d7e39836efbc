"""Workers that are fresh processes, for systems on which a process that has loaded torch must not fork.

macOS (its system libraries do not survive a fork) and Windows (which has none). Each worker imports torch for itself,
about two seconds; the stand-by hides that. The same channel and the same loop as everywhere.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import multiprocessing.process
import os
import socket
import sys
import threading
from collections.abc import Sequence
from multiprocessing.context import SpawnProcess
from pathlib import Path

from rnntui.engine.channel import Tag, encode, send
from rnntui.engine.crew import PATIENCE, Worker, opened_log
from rnntui.engine.faults import describe, ending


class SpawnCrew:
    """Workers started one by one, without a server."""

    def __init__(self, lab: str, modules: Sequence[str], log: Path | None) -> None:
        self._spec = (lab, tuple(modules), log)
        self._processes: dict[Worker, SpawnProcess] = {}
        self._killed: list[SpawnProcess] = []

    @property
    def control(self) -> socket.socket | None:
        """There is nobody to listen to but the workers themselves."""
        return None

    def prepare(self) -> None:
        """Start multiprocessing's helper now: inside a running Textual app it cannot be started."""
        if sys.platform != "win32":
            from multiprocessing import resource_tracker

            resource_tracker.ensure_running()

    def launch(self) -> Worker:
        """Start a process that will load the lab and say hello."""
        self._killed = [process for process in self._killed if process.is_alive()]
        ours, theirs = socket.socketpair()
        context = multiprocessing.get_context("spawn")
        with theirs:
            process = context.Process(target=enter, args=(theirs, *self._spec), daemon=True)
            try:
                process.start()
            except OSError:
                ours.close()
                raise
        worker = Worker(ours)
        self._processes[worker] = process
        return worker

    def listen(self) -> None:
        """Nothing ever comes."""

    def bury(self, worker: Worker) -> None:
        """Kill a worker without waiting."""
        process = self._processes.pop(worker, None)
        if process is not None:
            process.kill()
            self._killed.append(process)

    def fate(self, worker: Worker) -> str:
        """How a worker ended; one that only closed its socket is killed after a moment."""
        process = self._processes.pop(worker, None)
        if process is None:
            return ending(None)
        process.join(PATIENCE)
        code = process.exitcode
        process.kill()
        process.join(PATIENCE)
        return ending(code)

    def close(self) -> None:
        """Kill every worker that is left and wait for its end."""
        for worker in tuple(self._processes):
            self.bury(worker)
        for process in self._killed:
            process.join(PATIENCE)


def enter(sock: socket.socket, lab: str, modules: Sequence[str], log: Path | None) -> None:
    """What a fresh process runs: send its output to the log, load the lab, serve."""
    with opened_log(log) as file:
        null = os.open(os.devnull, os.O_RDWR)
        target = null if isinstance(file, int) else file.fileno()
        for fd, source in ((0, null), (1, target), (2, target)):
            os.dup2(source, fd)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    preload = importlib.import_module("rnntui.engine.preload")
    worker = importlib.import_module("rnntui.engine.worker")
    preload.quieten()
    try:
        module = preload.load(lab, modules)
    except BaseException as error:  # noqa: BLE001  whatever stops an import is said to the client
        with contextlib.suppress(OSError):
            send(sock, Tag.BROKEN, encode(describe(error)))
        return
    worker.serve(sock, module)


def _end_with_parent() -> None:
    """Wait, without polling, for the end of the client; then end at once, whatever is being computed."""
    parent = multiprocessing.process.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
