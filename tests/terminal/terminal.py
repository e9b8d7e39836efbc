"""A program in a real pseudo-terminal, seen through an emulator, and what a person can do to it."""

from __future__ import annotations

import codecs
import contextlib
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from tests.terminal.emulator import Emulator

PATIENCE = 20.0
"""Seconds after which a wait gives up; nothing takes nearly as long on an idle machine."""
QUIET = 0.25
"""Seconds without a byte after which a screen counts as settled."""
LOOKS = 10
"""How often during that time it is looked whether the program works."""
KEYS = {
    "right": "\x1b[C", "left": "\x1b[D", "up": "\x1b[A", "down": "\x1b[B", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "enter": "\r", "escape": "\x1b", "space": " ", "tab": "\t",
    "shift+tab": "\x1b[Z", "backspace": "\x7f", "ctrl+c": "\x03", "ctrl+p": "\x10", "ctrl+r": "\x12",
    "ctrl+u": "\x15", "ctrl+z": "\x1a",
}  # fmt: skip
ALTERNATE, MOUSE = ("\x1b[?1049h", "\x1b[?1049l"), ("\x1b[?1003h", "\x1b[?1003l")
PLAIN_ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "PATH": os.defpath}
RNNTUI = [sys.executable, "-m", "rnntui"]


class Terminal(Emulator):
    """A running program, its keyboard and its screen; answers what Textual asks a terminal.

    `limit` is how many bytes a second the line carries; `answers` False is a terminal that never answers a question.
    """

    def __init__(
        self,
        arguments: Sequence[str | bytes],
        *,
        size: tuple[int, int] = (120, 36),
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        program: Sequence[str] = RNNTUI,
        stdin: bytes | None = None,
        answers: bool = True,
        limit: int | None = None,
    ) -> None:
        super().__init__(size, self.write if answers else None)
        self.limit = limit
        self.decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.budget, self.refilled = 0.0, time.monotonic()
        self.family: set[psutil.Process] = set()
        self.open = True
        self.master, child = pty.openpty()
        self._set_size(*size)
        reading = None
        if stdin is not None:
            reading, writing = os.pipe()
            os.write(writing, stdin)
            os.close(writing)
        try:
            self.process = subprocess.Popen(
                [*program, *arguments],
                stdin=child if reading is None else reading,
                stdout=child,
                stderr=child,
                cwd=cwd,
                env=PLAIN_ENVIRONMENT | {"PYTHONPATH": str(Path.cwd())} | dict(environ or {}),
                start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0),  # noqa: PLW1509
            )
        finally:
            os.close(child)
            if reading is not None:
                os.close(reading)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self.process.pid

    def children(self) -> list[psutil.Process]:
        """Every process that the program has started and that still lives; they are ended with it."""
        with contextlib.suppress(psutil.NoSuchProcess):
            found = psutil.Process(self.pid).children(recursive=True)
            self.family.update(found)
            return found
        return []

    # Keys and sizes

    def send(self, *keys: str) -> None:
        """Press keys, by name or as they are typed; after Escape a pause, as it begins other keys' codes."""
        for key in keys:
            self.write(KEYS.get(key, key))
            if key == "escape":
                self.settle()

    def write(self, text: str) -> None:
        """Send characters as the terminal would."""
        data = text.encode()
        while data:
            data = data[os.write(self.master, data) :]

    def resize(self, columns: int, lines: int) -> None:
        """Change the window's size; the kernel tells the program."""
        self.screen.resize(lines, columns)
        self._set_size(columns, lines)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    # Looking

    def pump(self, seconds: float) -> bool:
        """Take in what the program has sent, waiting so long for it; False when nothing came."""
        if not self.open:
            return False
        room = 65536
        if self.limit is not None:
            now = time.monotonic()
            self.budget = min(self.budget + (now - self.refilled) * self.limit, self.limit / 20)
            self.refilled = now
            room = int(self.budget)
            if room < 256:
                select.select([], [], [], min(seconds, (256 - room) / self.limit))
                return True
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.master, room)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if not data:
            self.open = False
            return False
        self.budget -= len(data)
        self.take(self.decoder.decode(data))
        return True

    def wait_for(self, what: str | Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait until a text stands on the screen, or until a condition holds; else fail and show the screen.

        Several blanks on the screen count as one.
        """
        holds = (lambda: what in re.sub(" +", " ", self.text)) if isinstance(what, str) else what
        deadline, looked = time.monotonic() + seconds, 0.0
        while not holds():
            left = deadline - time.monotonic()
            if left <= 0 or not (self.pump(min(left, 0.05)) or self.open or holds()):
                code = self.process.poll()
                raise AssertionError(f"waited for {what!r}; exit code {code}; the screen:\n{self.text}")
            if time.monotonic() > looked + 0.5:
                looked = time.monotonic()
                self.children()

    def settle(self, quiet: float = QUIET, seconds: float = PATIENCE) -> None:
        """Wait until for a moment nothing has been sent, nor was the program at work or waiting for its turn to be."""
        self.take("")
        deadline, busy_at = time.monotonic() + seconds, time.monotonic()
        while self.open and time.monotonic() < busy_at + quiet:
            if self.pump(quiet / LOOKS) or self._works():
                busy_at = time.monotonic()
            assert busy_at < deadline, f"it never came to rest:\n{self.text}"

    def _works(self) -> bool:
        """Whether the program has something to do, even if a busy machine does not let it."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.pid).status() == psutil.STATUS_RUNNING
        return False

    def ready(self) -> None:
        """Wait until the first trace is on the screen, and at rest."""
        self.wait_for(lambda: "loading torch" not in self.text and re.search(r"t = +\d+ /", self.text))
        self.settle()

    # Ending

    def exit_code(self, seconds: float = PATIENCE) -> int:
        """Wait for the end; the exit code, negative for a signal that nobody handled."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it did not end:\n{self.text}"
            self.pump(0.05)
        while self.pump(0):
            pass
        return self.process.returncode

    def hang_up(self) -> None:
        """Close the terminal's own end, as a lost connection does."""
        self.children()
        os.close(self.master)
        self.open = False
        self.master = -1

    def kill(self) -> None:
        """End the program and all it has started, whatever state they are in."""
        self.children()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        for process in self.family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self.master >= 0:
            os.close(self.master)
            self.master = -1
