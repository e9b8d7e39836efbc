"""The worker's side of a stream: drive a generator of the lab, show what it yields, obey between its steps.

What it yields is a record; or a function of no arguments that makes one, called only if somebody will see it; or None.
Whoever looks never holds it up: the newest is sent, ten times a second at most, as far as the other side takes it.
"""

from __future__ import annotations

import contextlib
import pickle
import select
import socket
import time
from collections import deque
from collections.abc import Generator, Iterator
from math import inf
from types import ModuleType
from typing import Final

from rnntui.engine.channel import Inbox, Outbox, Tag, send
from rnntui.engine.door import look_up, pack, refusal

APART: Final = 0.1
"""Seconds between two snapshots, at least."""
SHARE: Final = 0.05
"""How much of the computing may go into making and sending them."""
ALERT: Final = 0.01
"""Seconds after which it is looked, between two steps, whether there is something to obey."""


class Player:
    """A generator, how far it may go, and what it yielded last."""

    def __init__(self, name: str, generator: object, paused: bool) -> None:
        if not isinstance(generator, Generator):
            raise TypeError(f"{name} is no stream: it gives its answer at once")
        self._generator: Generator[object, object, object] = generator
        self._changes: deque[object] = deque()
        self._begun = False
        self._newest: object = None
        self.left = 1 if paused else inf
        """How many steps it may take before it has to wait."""
        self.cancelled = False

    def advance(self, until: float = 0.0) -> None:
        """Take one step to the next yield, and more until that time on the monotonic clock, as many as it may.

        Raises StopIteration at the end, and whatever the generator raises.
        """
        step, now, changes = self._generator.send, time.monotonic, self._changes
        try:
            while True:
                change = changes.popleft() if changes and self._begun else None
                self._begun = True
                self.left -= 1
                yielded = step(change)
                if yielded is not None:
                    self._newest = yielded
                if not self.left or now() >= until:
                    return
        except BaseException:
            if callable(self._newest):
                self._newest = None  # what it would look at is over
            raise

    @property
    def showing(self) -> bool:
        """Whether there is something to see that was not seen yet."""
        return self._newest is not None

    def snapshot(self) -> object:
        """What there is to see, which then was seen. Raises whatever making it raises."""
        newest, self._newest = self._newest, None
        return newest() if callable(newest) else newest

    def obey(self, tag: Tag, body: bytes | memoryview) -> None:
        """Do as the client says. Raises whatever unpickling a change raises."""
        match tag:
            case Tag.PAUSE:
                self.left = 0
            case Tag.RESUME:
                self.left = inf
            case Tag.STEP:
                self.left = self.left + 1 if self.left < inf else 1
            case Tag.CHANGE:
                self._changes.append(pickle.loads(body))  # noqa: S301  from our own client, over our own socket
            case Tag.CANCEL:
                self.cancelled = True
                if callable(self._newest):
                    self._newest = None  # nobody waits for it to be made

    def close(self) -> None:
        """Have the generator run its `finally`. Raises what that raises."""
        self._generator.close()


def play(sock: socket.socket, inbox: Inbox, lab: ModuleType, body: memoryview) -> None:
    """Run the stream that a pickled (name, arguments, paused) asks for, and say how it ended. Raises OSError."""
    name, outbox, end = "the stream", Outbox(sock), (Tag.END, b"")
    sock.setblocking(False)
    try:
        name, arguments, paused = pickle.loads(body)  # noqa: S301  from our own client, over our own socket
        player = Player(name, look_up(lab, name)(*arguments), paused)
        with contextlib.closing(player):
            _Performance(sock, inbox, outbox, player).run()
    except BaseException as error:  # noqa: BLE001  not even sys.exit() in a learner's cell goes unsaid
        end = refusal(name, error)
    sock.setblocking(True)
    outbox.push()
    send(sock, *end)


class _Performance:
    """A player in front of a client."""

    def __init__(self, sock: socket.socket, inbox: Inbox, outbox: Outbox, player: Player) -> None:
        self._sock = sock
        self._inbox = inbox
        self._outbox = outbox
        self._player = player
        self._show_at = 0.0

    def run(self) -> None:
        """Go on to the end, or until told to close, and show where it stood. Raises whatever the generator raises."""
        player, attend_at = self._player, 0.0
        while not player.cancelled:
            try:
                player.advance(attend_at)
            except BaseException as error:
                if player.showing:
                    self._show()
                if isinstance(error, StopIteration):
                    return
                raise
            self._attend()
            attend_at = time.monotonic() + ALERT
        if player.showing:
            self._show()

    def _attend(self) -> None:
        """Between two steps: show what is due, obey what was said; wait here if it has to wait."""
        sock, player = self._sock, self._player
        while not player.cancelled:
            rests = not player.left
            if player.showing and self._outbox.empty and (rests or time.monotonic() >= self._show_at):
                self._show()
            wanted = [] if self._outbox.empty else [sock]
            readable, writable, _ = select.select([sock], wanted, [], None if rests else 0)
            if not readable and not writable:
                return
            message = None
            with self._ending_when_hung_up():
                if writable:
                    self._outbox.push()
                if readable:
                    message = self._inbox.read()
            if message is not None:
                player.obey(*message)

    def _show(self) -> None:
        """Send what there is to see, or begin to."""
        start, computed = time.monotonic(), time.thread_time()
        snapshot = self._player.snapshot()
        if snapshot is not None:
            body = pack(snapshot)
            with self._ending_when_hung_up():
                self._outbox.put(Tag.SNAPSHOT, body)
        self._show_at = start + max(APART, (time.thread_time() - computed) / SHARE)

    @contextlib.contextmanager
    def _ending_when_hung_up(self) -> Iterator[None]:
        """Without a client, end as if it had said so."""
        try:
            yield
        except BlockingIOError:
            pass
        except (EOFError, OSError):
            self._player.cancelled = True
