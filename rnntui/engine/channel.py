"""How a question and its answer cross from one process to the other: a tag, a length and that many bytes.

The reading side takes what is there and never waits for the rest, so that a process that is killed in the middle of an
answer, or stopped, cannot hold up the one that listens. Standard library only; sockets, because they can be waited for
on every system.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections import deque
from enum import IntEnum
from typing import Final

LARGEST: Final = 1 << 30
"""The most bytes one message may have: an answer that is larger was not meant to be looked at."""

_HEADER: Final = struct.Struct("!BQ")
_SMALL: Final = 1 << 16


class Tag(IntEnum):
    """What a message is."""

    HELLO = 1
    """Worker to client: ready for questions; the body is its process id."""
    BROKEN = 2
    """Worker to client: the lab could not be loaded; the body says why."""
    ASK = 3
    """Client to worker: a pickled (name, arguments)."""
    OK = 4
    """Worker to client: the pickled answer."""
    BAD = 5
    """Worker to client: the question was at fault (BadInput); the body is the sentence."""
    FAULT = 6
    """Worker to client: the lab was at fault; the body is the sentence."""
    WARM_UP = 7
    """Client to worker: do now what the first stream of a process would wait for, then say hello again."""
    STREAM = 8
    """Client to worker: a pickled (name, arguments, whether to pause after the first step)."""
    PAUSE = 9
    """Client to worker: wait before the next step."""
    RESUME = 10
    """Client to worker: go on."""
    STEP = 11
    """Client to worker: take one step more, then wait."""
    CHANGE = 12
    """Client to worker: a pickled change for the generator."""
    CANCEL = 13
    """Client to worker: close the generator."""
    SNAPSHOT = 14
    """Worker to client: a pickled record."""
    END = 15
    """Worker to client: the generator came to its end, or was closed as it was told."""


Message = tuple[Tag, memoryview]


def encode(sentence: str) -> bytes:
    """A sentence as bytes; lone surrogates survive."""
    return sentence.encode("utf-8", "surrogatepass")


def decode(body: memoryview) -> str:
    """The sentence that `encode` made these bytes from."""
    return str(body, "utf-8", "surrogatepass")


def send(sock: socket.socket, tag: Tag, body: bytes | memoryview) -> None:
    """Send one message, waiting until all of it is on its way. Raises OSError when the other side is gone."""
    header = _HEADER.pack(tag, len(body))
    if len(body) <= _SMALL:
        sock.sendall(header + body)
    else:
        sock.sendall(header)
        sock.sendall(body)


class Inbox:
    """The messages that come in through a socket, put together from the pieces in which they arrive."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._tag: Tag | None = None
        self._expect(_HEADER.size)

    def _expect(self, size: int) -> None:
        self._piece = memoryview(bytearray(size))
        self._filled = 0

    def read(self) -> Message | None:
        """Take what one read gives; the message if that completed one.

        Raises EOFError when the other side is gone and ConnectionError when what it sends is no message.
        """
        if self._filled < len(self._piece):
            count = self._sock.recv_into(self._piece[self._filled :])
            if count == 0:
                raise EOFError
            self._filled += count
            if self._filled < len(self._piece):
                return None
        if self._tag is None:
            number, size = _HEADER.unpack(self._piece)
            if size > LARGEST or number not in Tag.__members__.values():
                raise ConnectionError("not a message")
            self._tag = Tag(number)
            self._expect(size)
            if size:
                return None
        message = self._tag, self._piece
        self._tag = None
        self._expect(_HEADER.size)
        return message

    def wait(self) -> Message:
        """The next message, however long it takes. Raises like `read`."""
        while (message := self.read()) is None:
            pass
        return message


class Outbox:
    """Messages on their way out through a socket that does not block: what cannot be sent now waits here."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._left: deque[memoryview] = deque()

    @property
    def empty(self) -> bool:
        """Whether everything is on its way."""
        return not self._left

    def put(self, tag: Tag, body: bytes | memoryview) -> None:
        """Send one message, or as much of it as the other side has room for. Raises OSError when that is gone."""
        self._left.append(memoryview(_HEADER.pack(tag, len(body))))
        if len(body):  # nothing follows a message that is complete: it may be the last that the other side reads
            self._left.append(memoryview(body))
        self.push()

    def push(self) -> None:
        """Send what waits, or as much of it as the other side has room for. Raises OSError when that is gone."""
        try:
            while self._left:
                sent = self._sock.send(self._left[0])
                self._left[0] = self._left[0][sent:]
                if not self._left[0]:
                    self._left.popleft()
        except BlockingIOError:
            pass


class Bell:
    """What wakes a thread that sleeps in `select`, from any other thread."""

    def __init__(self) -> None:
        self._mouth, self._clapper = socket.socketpair()
        self._mouth.setblocking(False)
        self._clapper.setblocking(False)

    def fileno(self) -> int:
        """What to select on."""
        return self._mouth.fileno()

    def ring(self) -> None:
        """Wake the thread; harmless when it is awake or gone."""
        with contextlib.suppress(OSError):
            self._clapper.send(b"!")

    def hush(self) -> None:
        """Forget all rings so far."""
        with contextlib.suppress(OSError):
            self._mouth.recv(4096)

    def close(self) -> None:
        """Nobody listens any more."""
        self._mouth.close()
        self._clapper.close()
