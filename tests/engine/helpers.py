"""What the engine's tests share: waiting for a condition, and looking at processes."""

import time
from collections.abc import Callable
from typing import Any

import psutil

from rnntui.engine.client import Engine, Stream

FAKE_LAB = "tests.engine.fake_lab"
LONG = 30.0
"""Seconds after which a test gives up; nothing takes nearly that long."""


def until(condition: Callable[[], object], seconds: float = LONG) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.002)


def take(stream: Stream) -> Any:
    """What the stream shows next."""
    return stream.next().result(LONG)


def gone(pid: int) -> bool:
    """Whether the process has ended; one that nobody has buried yet counts."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def offspring() -> list[int]:
    """The process ids of everything this process has started, and that they have started."""
    return [child.pid for child in psutil.Process().children(recursive=True)]


def server_of(engine: Engine) -> psutil.Process:
    """The fork server that this engine's workers come from."""
    worker = engine.ask("pid").result(LONG)
    assert isinstance(worker, int)
    server = psutil.Process(worker).parent()
    assert server is not None
    return server
