"""The worker's side of a stream, with a client that does as it likes: it reads nothing, everything, or hangs up."""

import contextlib
import pickle
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from rnntui.engine import door
from rnntui.engine.channel import Inbox, Tag
from rnntui.engine.player import play
from tests.engine.helpers import LONG


def played(generator):
    """The client's end of a socket at whose other end this generator function is played."""
    lab = ModuleType("lab")
    generator.__module__ = "lab"
    vars(lab)["steps"] = generator
    ours, theirs = socket.socketpair()

    def run() -> None:
        with theirs, contextlib.suppress(OSError):
            play(theirs, Inbox(theirs), lab, memoryview(pickle.dumps(("steps", (), False))))

    threading.Thread(target=run, daemon=True).start()
    return ours


def for_a_while(seconds: float, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """As many turns as fit in."""
    end = clock() + seconds
    while clock() < end:
        yield


def received(sock: socket.socket) -> list[Tag]:
    inbox, tags = Inbox(sock), []
    while not tags or tags[-1] in {Tag.SNAPSHOT}:
        tags.append(inbox.wait()[0])
    return tags


def test_a_reader_that_reads_nothing_holds_nobody_up():
    done = threading.Event()

    def steps():
        for _ in for_a_while(0.35):
            yield lambda: bytes(1_000_000)
        done.set()

    with played(steps) as sock:
        assert done.wait(LONG)
        assert received(sock) == [Tag.SNAPSHOT, Tag.END]


def test_a_reader_that_reads_everything_gets_ten_snapshots_a_second_at_most():
    def steps():
        for _ in for_a_while(0.35):
            yield 1

    with played(steps) as sock:
        tags = received(sock)
    assert tags[-1] is Tag.END
    assert 2 <= len(tags) - 1 <= 5


def test_a_snapshot_that_takes_long_is_made_less_often():
    def steps():
        for _ in for_a_while(0.5):
            yield lambda: len(list(for_a_while(0.03, time.thread_time)))

    with played(steps) as sock:
        assert received(sock) == [Tag.SNAPSHOT, Tag.END]


def test_a_client_that_hangs_up_lets_the_generator_end():
    ended = threading.Event()

    def steps():
        try:
            while True:
                yield 1
        finally:
            ended.set()

    with played(steps) as sock:
        Inbox(sock).wait()
    assert ended.wait(LONG)


def test_a_snapshot_that_is_too_large_is_a_fault(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "LARGEST", 1000)

    def steps():
        yield bytes(2000)

    with played(steps) as sock:
        tag, body = Inbox(sock).wait()
    assert tag is Tag.FAULT
    assert "more than 1,000" in str(body, "utf-8")
