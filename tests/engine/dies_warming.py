"""A lab that kills its process when it is warmed up."""

import os
import signal
from collections.abc import Iterator


def warm_up() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def pid() -> int:
    return os.getpid()


def count() -> Iterator[int]:
    yield 1
