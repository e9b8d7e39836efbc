"""Where workers come from: a fork server that has torch loaded (Linux), or fresh processes (elsewhere, see spawn.py).

Used by one thread at a time. Nothing here waits for torch: a worker is asked for and says hello when it is ready.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final, Protocol

from rnntui.engine.channel import Inbox, Tag, send
from rnntui.engine.faults import ending

PATIENCE: Final = 2.0
"""Seconds to wait for something that takes milliseconds, such as the end of a process that was killed."""
LONG_LOG: Final = 1 << 20


class Worker:
    """A worker seen from the client: a socket, what has come through it so far, and a process id once it is known."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(PATIENCE)
        self.sock = sock
        self.inbox = Inbox(sock)
        self.pid = 0
        self.warm = False
        """Whether it has done already what the first stream of a process would wait for."""
        self.lent = False
        """Whether it belongs to a stream, and answers no questions."""

    def send(self, tag: Tag, body: bytes) -> None:
        """Send a message. Raises OSError if the worker is gone or does not read."""
        send(self.sock, tag, body)


class CrewLost(Exception):
    """No worker can be made any more, and those that were are dead; the message says why, in words for people."""


class Crew(Protocol):
    """What makes and ends workers."""

    @property
    def control(self) -> socket.socket | None:
        """A socket to watch; when it has something, call `listen`."""

    def prepare(self) -> None:
        """Start what takes long in the background; returns at once. Raises OSError."""

    def launch(self) -> Worker:
        """Begin to make a worker; it is one when it says hello. Raises OSError or CrewLost."""

    def listen(self) -> None:
        """Take in one notice. Raises CrewLost."""

    def bury(self, worker: Worker) -> None:
        """Kill a worker without waiting."""

    def fate(self, worker: Worker) -> str:
        """Wait for the end of a worker that broke off, and say how it ended. Raises CrewLost."""

    def close(self) -> None:
        """End everything that was started, and wait for it."""


@contextlib.contextmanager
def opened_log(path: Path | None) -> Iterator[IO[bytes] | int]:
    """The file that takes the children's output, begun anew when it has grown long; nowhere if it cannot be written."""
    try:
        if path is None:
            raise FileNotFoundError
        path.parent.mkdir(parents=True, exist_ok=True)
        long = path.exists() and path.stat().st_size > LONG_LOG
        file = path.open("wb" if long else "ab")
    except OSError:
        yield subprocess.DEVNULL
        return
    with file:
        yield file


class ForkCrew:
    """Workers forked from a server that has imported torch and the lab (`forkserver.py`)."""

    def __init__(self, lab: str, modules: Sequence[str], log: Path | None) -> None:
        self._command = [sys.executable, "-P", "-m", "rnntui.engine.forkserver"]
        self._spec = [lab, *modules]
        self._log = log
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._loaded = False
        self._broken = ""
        self._unborn: deque[Worker] = deque()
        """Those asked for and not yet made, in the order of asking."""
        self._mourned = 0
        """The process whose end is being waited for; what the server tells of others is dropped."""
        self._code: int | None = None

    @property
    def control(self) -> socket.socket | None:
        """The client's end of the server's socket."""
        return self._control

    def prepare(self) -> None:
        """Start the server in a session of its own, so that nothing the terminal sends (Ctrl+C, hang-up) reaches it."""
        if self._server is not None:
            return
        self._loaded, self._broken = False, ""
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # noqa: PTH109
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs, opened_log(self._log) as log:
                self._server = subprocess.Popen(  # noqa: S603  our own interpreter and module
                    [*self._command, str(theirs.fileno()), *self._spec],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=os.environ | {"PYTHONPATH": path},
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
        except OSError:
            ours.close()
            raise
        ours.settimeout(PATIENCE)
        self._control = ours

    def launch(self) -> Worker:
        """Hand the server one end of a new socket; the request waits there while torch is still being imported."""
        self.prepare()
        if self._control is None:
            raise ConnectionError("there is no fork server")
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [b"fork"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise CrewLost(self._end()) from None
        self._unborn.append(worker := Worker(ours))
        return worker

    def listen(self) -> None:
        """Take in one notice of the server's."""
        if self._control is None:
            return
        try:
            packet = self._control.recv(4096)
        except TimeoutError:
            return
        except OSError:
            packet = b""
        if not packet:
            raise CrewLost(self._end())
        self._note(packet)

    def _note(self, packet: bytes) -> None:
        notice: dict[str, object] = json.loads(packet)
        match notice:
            case {"born": int(pid)}:
                self._unborn.popleft().pid = pid
            case {"ended": int(pid), "code": int(code)}:
                if pid == self._mourned:
                    self._mourned, self._code = 0, code
            case {"broken": str(why)}:
                self._broken = why
            case _:
                self._loaded = True

    def bury(self, worker: Worker) -> None:
        """Ask the server to kill a worker and to wait for its end."""
        if self._control is not None and worker.pid:
            with contextlib.suppress(OSError):
                self._control.send(f"bury {worker.pid}".encode("ascii"))

    def fate(self, worker: Worker) -> str:
        """How a worker ended, as the server tells. Raises CrewLost if the server ended too."""
        deadline = time.monotonic() + PATIENCE
        while worker in self._unborn and self._control is not None and time.monotonic() < deadline:
            self.listen()
        self._mourned, self._code = worker.pid, None
        self.bury(worker)
        while self._mourned and self._control is not None and time.monotonic() < deadline:
            self.listen()
        return ending(self._code)

    def close(self) -> None:
        """End the server and with it the workers."""
        self._end()

    def _end(self) -> str:
        """Hang up, wait for the server's end, and say what there is to say about it."""
        control, self._control = self._control, None
        server, self._server = self._server, None
        if control is not None:
            control.settimeout(0)
            with control, contextlib.suppress(OSError):
                while packet := control.recv(4096):  # its last words may still lie there
                    self._note(packet)
        self._unborn.clear()
        if server is None:
            return "The process that computes is not there."
        try:
            code = server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            code = server.wait()
        if self._broken:
            return f"What computes could not be loaded: {self._broken}"
        when = "" if self._loaded else " while it was loading"
        return f"The process that starts the workers {ending(code)}{when}."
