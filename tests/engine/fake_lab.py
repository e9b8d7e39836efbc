"""A lab that does what no lab should: it is slow, noisy, hostile and mortal."""

import os
import signal
import stat
import struct
import sys
import threading
from collections.abc import Callable, Generator
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnntui.errors import BadInput

NOT_A_FUNCTION = 3
imported_elsewhere = os.getpid
warmed = threading.Event()


class Thing:
    """A class is not a question."""


def echo(*values: object) -> object:
    return values[0] if len(values) == 1 else values


def pid() -> int:
    return os.getpid()


def threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def niceness() -> int:
    return os.nice(0)


def torch_threads() -> tuple[int, int]:
    """Threads torch would use, and the threads there are after it multiplied something large."""
    import torch

    matrix = torch.ones(600, 600)
    (matrix @ matrix).sum()
    return torch.get_num_threads(), threads()


def torch_is_loaded() -> bool:
    return "torch" in sys.modules


def tensor() -> object:
    import torch

    return {"h": torch.zeros(3)}


def spin(mark: str = "") -> None:
    """Compute for ever in Python, after saying who and where by making a file."""
    _leave(mark)
    while True:
        pass


def spin_in_c(mark: str = "") -> None:
    """Compute for ever without once letting go of the interpreter."""
    _leave(mark)
    sum(range(10**15))


def wait_for(path: str, mark: str = "") -> str:
    _leave(mark)
    while not Path(path).exists():
        threading.Event().wait(0.001)
    return path


def refuse(sentence: str) -> None:
    raise BadInput(sentence)


def fail(message: str) -> None:
    raise ValueError(message)


class MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no")


def fail_without_words() -> None:
    raise MuteError


def leave() -> None:
    sys.exit(3)


def end_at_once() -> None:
    os._exit(3)


def kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def interrupt_self() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def noise() -> str:
    print("noise by print", flush=True)
    print("noise by stderr \ud800", file=sys.stderr)
    os.write(1, b"noise by fd 1\n")
    os.write(2, b"noise by fd 2\n")
    os.system("echo noise by a grandchild; cat")
    return "quiet"


def huge(count: int) -> NDArray[np.float64]:
    return np.arange(count, dtype=np.float64)


def unpicklable() -> Callable[[], None]:
    return lambda: None


class Explosive:
    """Its pickle can be made and cannot be read."""

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return fail, ("read me",)


def explosive() -> Explosive:
    return Explosive()


def break_off_in_the_middle() -> None:
    """Send half an answer, then die."""
    for fd in (int(path.name) for path in Path("/proc/self/fd").iterdir()):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                os.write(fd, struct.pack("!BQ", 4, 1_000_000) + b"x" * 1000)
        except OSError:
            continue
    kill_self()


def warm_up() -> None:
    warmed.set()


def is_warm() -> bool:
    return warmed.is_set()


Steps = Generator[object, object, None]


def count(steps: float = inf, checkpoint: str = "") -> Steps:
    """Count, remember what is sent, and write at the end how far it came."""
    step = 0
    heard: list[object] = []
    try:
        while step < steps:
            step += 1
            change = yield {"step": step, "heard": tuple(heard), "pid": os.getpid(), "warm": warmed.is_set()}
            heard += [change] if change is not None else []
    finally:
        if checkpoint:
            Path(checkpoint).write_text(str(step))


def count_lazily(steps: float = inf) -> Steps:
    """Make a record only if somebody will see it."""
    step = made = 0

    def look() -> dict[str, int]:
        nonlocal made
        made += 1
        return {"step": step, "made": made}

    while step < steps:
        step += 1
        yield look


def now_and_then(steps: int) -> Steps:
    """Show every third step, and nothing between."""
    for step in range(1, steps + 1):
        yield None if step % 3 else {"step": step}


def threads_of_a_stream() -> Steps:
    yield threads(), niceness()


def ends_badly(how: str, *arguments: object) -> Steps:
    """Two steps, then a function of this lab instead of a third."""
    yield {"step": 1}
    yield {"step": 2}
    globals()[how](*arguments)


def shows(how: str, *arguments: object) -> Steps:
    """What a function of this lab returns."""
    yield globals()[how](*arguments)


def shows_when_asked(how: str, *arguments: object) -> Steps:
    """A function that makes a record, or fails."""
    yield lambda: globals()[how](*arguments)


def cannot_end(mark: str) -> Steps:
    """Spin where a checkpoint should be written."""
    try:
        while True:
            yield {"pid": os.getpid()}
    finally:
        spin_in_c(mark)


def fails_at_the_end() -> Steps:
    try:
        while True:
            yield {"step": 1}
    finally:
        raise OSError(28, "No space left on device")


def out_of_memory() -> None:
    np.ones(1 << 60)


def _leave(mark: str) -> None:
    if mark:
        Path(mark).with_suffix(".tmp").write_text(str(os.getpid()))
        Path(mark).with_suffix(".tmp").rename(mark)
