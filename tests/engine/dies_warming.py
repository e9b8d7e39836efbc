"""A lab that kills its process when it is warmed up."""

import os
import signal
from collections.abc import Iterator


def warm_up() -> None:
    print("warming")
    os.kill(os.getpid(), signal.SIGKILL)


def pid() -> int:
    return os.getpid()


def count(number: int) -> Iterator[int]:
    yield number
