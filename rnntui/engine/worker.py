"""The worker's side of the engine: take a question, call the lab, send back what it says.

`serve` runs in a child process, which may become a stream's (player.py); `InlineEngine` does the same in the calling
process, for the command line and for tests.
"""

from __future__ import annotations

import importlib
import os
import pickle
import socket
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from types import ModuleType
from typing import Self

from rnntui.engine.channel import Inbox, Tag, encode, send
from rnntui.engine.door import look_up, pack, refusal
from rnntui.engine.faults import EngineError, LabFault, describe, explained, one_line
from rnntui.engine.inline import InlineStream
from rnntui.engine.player import play


def serve(sock: socket.socket, lab: ModuleType) -> None:
    """Say hello, then answer one question after the other until the other side is gone, or run one stream."""
    inbox = Inbox(sock)
    hello = Tag.HELLO, str(os.getpid()).encode("ascii")
    try:
        send(sock, *hello)
        while True:
            tag, body = inbox.wait()
            if tag is Tag.STREAM:
                play(sock, inbox, lab, body)
                return
            if tag is Tag.WARM_UP:
                warm_up(lab)
                send(sock, *hello)
            else:
                send(sock, *reply(lab, body))
            sys.stdout.flush()
    except (EOFError, OSError):
        return


def warm_up(lab: ModuleType) -> None:
    """Call the lab's `warm_up`, if it has one: what the first stream of a process would wait for, such as imports."""
    try:
        hook = look_up(lab, "warm_up")
    except LookupError:
        return
    try:
        hook()
    except BaseException:  # noqa: BLE001  what is wrong will be said when a stream needs it
        traceback.print_exc()


def reply(lab: ModuleType, question: memoryview) -> tuple[Tag, bytes | memoryview]:
    """The message that answers a pickled (name, arguments); never raises: what the lab raises becomes a sentence."""
    name = "the question"
    try:
        name, arguments = pickle.loads(question)  # noqa: S301  from our own client, over our own socket
        answer = look_up(lab, name)(*arguments)
    except BaseException as error:  # noqa: BLE001  not even sys.exit() in a learner's cell ends the worker
        return refusal(name, error)
    try:
        return Tag.OK, pack(answer)
    except Exception as error:  # noqa: BLE001  pickling runs code of whatever was answered
        traceback.print_exc()
        return Tag.FAULT, encode(one_line(f"{name} gave an answer that cannot be sent: {describe(error)}"))


class InlineEngine:
    """An engine that answers in the calling process and at once: every future it returns is already done.

    The same surface and the same errors as `rnntui.engine.client.Engine`, without a child, a limit or a copy; what the
    lab raised is the cause of a LabFault. KeyboardInterrupt and SystemExit pass through.
    """

    def __init__(self, lab: str = "rnntui.lab") -> None:
        self._lab = lab
        self._ready: Future[None] = Future()
        self._streams: list[InlineStream] = []
        self._closed = False

    @property
    def ready(self) -> Future[None]:
        """Done once `start` has imported the lab."""
        return self._ready

    def listen(self, tell: Callable[[EngineError], object]) -> None:
        """Nothing happens here while nobody waits for an answer."""

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

    def warm_up(self) -> Future[None]:
        """Nothing is done beforehand here."""
        warm: Future[None] = Future()
        warm.set_result(None)
        return warm

    def ask(self, name: str, *arguments: object) -> Future[object]:
        """Call a lab function; the future holds what it returned or raised."""
        self.start()
        future: Future[object] = Future()
        if self._closed:
            future.cancel()
            return future
        try:
            future.set_result(self._call(name, *arguments))
        except Exception as error:  # noqa: BLE001  the border: everything unexpected becomes one kind of error
            future.set_exception(explained(name, error))
        return future

    def stream(self, name: str, *arguments: object, paused: bool = False) -> InlineStream:
        """Run a generator of the lab, a step whenever somebody wants to see one."""
        self.start()
        stream = InlineStream(name, paused)
        if self._closed:
            stream.drop()
        else:
            stream.begin(partial(self._call, name, *arguments))
            self._streams = [*(one for one in self._streams if not one.ended.done()), stream]
        return stream

    def _call(self, name: str, *arguments: object) -> object:
        self._ready.result()
        return look_up(sys.modules[self._lab], name)(*arguments)

    def close(self) -> None:
        """Answer nothing any more, and close the streams; may be called twice."""
        self._closed = True
        for stream in self._streams:
            stream.cancel()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()
