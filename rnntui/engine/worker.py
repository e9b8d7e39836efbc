"""The worker's side of the engine: take a question, call the lab, send back what it says.

The lab is the one door: only the public functions defined in it can be asked for. `serve` runs in a child process;
`InlineEngine` does the same in the calling process, for the command line and for tests.
"""

from __future__ import annotations

import importlib
import io
import os
import pickle
import socket
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from types import ModuleType
from typing import Any, Final, Self

from rnntui.engine.channel import LARGEST, Inbox, Tag, encode, send
from rnntui.engine.faults import LabFault, describe, failure, one_line
from rnntui.errors import BadInput

FOREIGN: Final = frozenset({"torch", "textual"})
"""Packages whose objects stay on their side: to read a tensor, the app would have to import torch."""


def look_up(lab: ModuleType, name: str) -> Callable[..., object]:
    """The public function of this name that is defined in the lab itself. Raises LookupError for anything else."""
    found: object = vars(lab).get(name) if not name.startswith("_") else None
    if not callable(found) or isinstance(found, type) or getattr(found, "__module__", None) != lab.__name__:
        raise LookupError(f"{lab.__name__} has no public function {name!r}")
    return found


def serve(sock: socket.socket, lab: ModuleType) -> None:
    """Say hello, then answer one question after the other until the other side is gone."""
    inbox = Inbox(sock)
    try:
        send(sock, Tag.HELLO, str(os.getpid()).encode("ascii"))
        while True:
            _, question = inbox.wait()
            tag, body = reply(lab, question)
            send(sock, tag, body)
            sys.stdout.flush()
    except (EOFError, OSError):
        return


def reply(lab: ModuleType, question: memoryview) -> tuple[Tag, bytes | memoryview]:
    """The message that answers a pickled (name, arguments); never raises: what the lab raises becomes a sentence."""
    name = "the question"
    try:
        name, arguments = pickle.loads(question)  # noqa: S301  from our own client, over our own socket
        answer = look_up(lab, name)(*arguments)
    except BadInput as error:
        return Tag.BAD, encode(str(error))
    except BaseException as error:  # noqa: BLE001  not even sys.exit() in a learner's cell ends the worker
        traceback.print_exc()
        return Tag.FAULT, encode(failure(name, error))
    try:
        return Tag.OK, _pack(answer)
    except Exception as error:  # noqa: BLE001  pickling runs code of whatever was answered
        traceback.print_exc()
        return Tag.FAULT, encode(one_line(f"{name} gave an answer that cannot be sent: {describe(error)}"))


class _Packer(pickle.Pickler):
    """A pickler that refuses what the app could only read by importing what it must not."""

    def reducer_override(self, obj: object) -> Any:
        home = getattr(obj, "__module__", None) or type(obj).__module__
        if isinstance(home, str) and home.partition(".")[0] in FOREIGN:
            raise TypeError(f"it holds a {home} object; the lab answers with numpy arrays")
        return NotImplemented


def _pack(answer: object) -> memoryview:
    packed = io.BytesIO()
    _Packer(packed, protocol=5).dump(answer)
    body = packed.getbuffer()
    if len(body) > LARGEST:
        raise ValueError(f"it has {len(body):,} bytes, more than {LARGEST:,}")
    return body


class InlineEngine:
    """An engine that answers in the calling process and at once: every future it returns is already done.

    The same surface and the same errors as `rnntui.engine.client.Engine`, without a child, a limit or a copy; what the
    lab raised is the cause of a LabFault. KeyboardInterrupt and SystemExit pass through.
    """

    def __init__(self, lab: str = "rnntui.lab") -> None:
        self._lab = lab
        self._ready: Future[None] = Future()
        self._closed = False

    @property
    def ready(self) -> Future[None]:
        """Done once `start` has imported the lab."""
        return self._ready

    def start(self) -> None:
        """Import the lab."""
        if self._ready.done():
            return
        try:
            importlib.import_module(self._lab)
        except Exception as error:  # noqa: BLE001  as in the child: whatever stops an import is said
            fault = LabFault(one_line(f"The lab could not be loaded: {describe(error)}"))
            fault.__cause__ = error
            self._ready.set_exception(fault)
        else:
            self._ready.set_result(None)

    def ask(self, name: str, *arguments: object) -> Future[object]:
        """Call a lab function; the future holds what it returned or raised."""
        self.start()
        future: Future[object] = Future()
        if self._closed:
            future.cancel()
            return future
        broken = self._ready.exception()
        if broken is not None:
            future.set_exception(broken)
            return future
        try:
            future.set_result(look_up(sys.modules[self._lab], name)(*arguments))
        except BadInput as error:
            future.set_exception(error)
        except Exception as error:  # noqa: BLE001  the border: everything unexpected becomes one kind of error
            fault = LabFault(failure(name, error))
            fault.__cause__ = error
            future.set_exception(fault)
        return future

    def close(self) -> None:
        """Answer nothing any more; may be called twice."""
        self._closed = True

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()
