"""What a process does before it computes anything: it becomes quiet and polite, then imports torch and the lab.

One thread a process (two collapse on a busy machine, and a thread pool must not exist when the fork server forks), nice
10, deaf to Ctrl+C and to a terminal that hangs up. Standard output and error are already a log file when this runs, so
nothing printed by torch, by the lab or by a learner's own cell can reach the screen.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import importlib
import io
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Final

NICE: Final = 10
THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_PR_SET_PDEATHSIG: Final = 1


def quieten() -> None:
    """Make this process polite, single-threaded and deaf to the terminal; to be called before numpy is imported."""
    for name in THREADS:
        os.environ[name] = "1"
    if hasattr(os, "nice"):
        os.nice(NICE)
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):  # both are the client's to hear, which then ends this process
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    faulthandler.enable()


def load(lab: str, modules: Iterable[str]) -> ModuleType:
    """Import the modules, then the lab, which is returned. Raises whatever their import raises."""
    for name in modules:
        importlib.import_module(name)
    module = importlib.import_module(lab)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
    return module


def die_with(parent: int) -> None:
    """Tie this process to its parent (Linux): it is killed when that ends, whatever it is busy with."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def offer_to_be_killed_first() -> None:
    """When memory runs out, Linux should end this process and not the app that can say so."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
