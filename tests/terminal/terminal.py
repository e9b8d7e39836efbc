"""A program in a real pseudo-terminal, seen through an emulator: what a person sees, and every byte that was sent."""

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil
import pyte

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
SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-OQ-WYZ\\`-~]"
)
ALTERNATE, MOUSE = ("\x1b[?1049h", "\x1b[?1049l"), ("\x1b[?1003h", "\x1b[?1003l")
PLAIN_ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "PATH": os.defpath}
RNNTUI = [sys.executable, "-m", "rnntui"]


class Screen(pyte.Screen):
    """An emulated screen without line wrap, as Textual's driver asks for."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self.reset_mode(pyte.modes.DECAWM >> 5, private=True)

    def draw(self, data: str) -> None:
        """Take each code point for itself."""
        for character in data:
            super().draw(character)

    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell: its character and its looks."""
        return [[tuple(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]


class Terminal:
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
        self.screen = Screen(*size)
        self.stream = pyte.Stream(self.screen)
        self.sent = ""
        """Every character that the program has sent."""
        self.unread = ""
        self.answers, self.limit = answers, limit
        self.decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.budget, self.refilled = 0.0, time.monotonic()
        self.family: set[psutil.Process] = set()
        self.open = True
        self.paused = False
        """While True, what was sent is kept but not drawn, so that drawing does not count in measurements."""
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

    @property
    def text(self) -> str:
        """What stands on the screen, line by line."""
        return "\n".join(line.rstrip() for line in self.screen.display)

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
        self._take(self.decoder.decode(data))
        return True

    def _take(self, text: str) -> None:
        self.sent += text
        text = self.unread + text
        if self.paused:
            self.unread = text
            return
        self._draw(text)

    def _draw(self, text: str) -> None:
        last = text.rfind("\x1b")
        whole = len(text) if last < 0 or SEQUENCE.match(text, last) else last
        text, self.unread = text[:whole], text[whole:]
        place = 0
        for found in SEQUENCE.finditer(text):
            self.stream.feed(text[place : found.start()])
            self._obey(found[0])
            place = found.end()
        self.stream.feed(text[place:])

    def _obey(self, sequence: str) -> None:
        if self.answers and sequence == "\x1b[6n":
            self.write(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")
        elif self.answers and sequence == "\x1b[?2026$p":
            self.write("\x1b[?2026;2$y")
        elif sequence.startswith(("\x1b[", "\x1b7", "\x1b8")) and not set(sequence[2:]) & set("<=>$"):
            self.stream.feed(sequence)

    def replay(self, end: str) -> Iterator[int]:
        """Draw what was kept while paused, frame by frame to the last whole one; after each, its place in `sent`."""
        kept, self.unread, self.paused = self.unread, "", False
        place = self.mark() - len(kept)
        while (length := kept.find(end) + len(end)) >= len(end):
            self._draw(kept[:length])
            kept, place = kept[length:], place + length
            yield place
        self.unread, self.paused = kept, True

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
        self._take("")
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

    def mark(self) -> int:
        """A place in what was sent; `since` tells what came after it."""
        return len(self.sent)

    def since(self, mark: int) -> str:
        """What was sent after a mark."""
        return self.sent[mark:]

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
