"""The fork server: a process that has imported torch once and then makes a worker in milliseconds whenever asked.

Ours and not multiprocessing's, which (3.11) runs the client's `__main__` again in every child, ignores the client's
`sys.path`, hides a failed preload, hands its "alive" pipe to its children, so that it outlives a client that was killed
while a child is busy, needs a resource tracker, and can be stopped only through private names. Run by `crew.py` as
`python -m rnntui.engine.forkserver FD LAB MODULE...`; FD is a socket of packets:

`fork` and a socket's descriptor → a child that serves that socket; its number is answered. `bury PID` → the child is
killed; how it ended is answered. End of file → all children are killed and the server ends.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from types import ModuleType

from rnntui.engine import preload, worker
from rnntui.engine.faults import describe


def main() -> None:
    """Import everything, say so (or say why not), then serve until the client is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    lab, *modules = sys.argv[2:]
    preload.quieten()
    try:
        with _ending_when_hung_up(control):
            module = preload.load(lab, modules)
    except BaseException as error:  # noqa: BLE001  whatever stops an import is said to the client
        traceback.print_exc()
        _tell(control, {"broken": describe(error)})
        return
    _tell(control, {"loaded": os.getpid()})
    gc.collect()
    gc.freeze()  # the children share these pages; collecting would copy them
    _serve(control, module)
    os._exit(0)  # taking down an interpreter that holds torch takes a tenth of a second


@contextlib.contextmanager
def _ending_when_hung_up(control: socket.socket) -> Iterator[None]:
    """End this process if the client ends during the import, which may take seconds; no thread is left afterwards."""
    done_r, done_w = os.pipe()
    poll = select.poll()
    poll.register(control, 0)  # a hang-up is always reported
    poll.register(done_r, select.POLLIN)

    def watch() -> None:
        if any(fd == control.fileno() for fd, _ in poll.poll()):
            os._exit(0)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        os.close(done_w)
        thread.join()
        os.close(done_r)


def _serve(control: socket.socket, lab: ModuleType) -> None:
    children: set[int] = set()
    while True:
        try:
            packet, fds, _, _ = socket.recv_fds(control, 256, 1)
        except OSError:
            packet, fds = b"", []
        verb, _, argument = packet.decode("ascii").partition(" ")
        if verb == "fork" and fds:
            pid = 0
            with contextlib.suppress(OSError):  # too many processes: the client sees its socket close
                pid = _fork(control, fds[0], lab)
                children.add(pid)
            os.close(fds[0])
            _tell(control, {"born": pid})
        elif verb == "bury" and int(argument) in children:
            children.remove(int(argument))
            _tell(control, {"ended": int(argument), "code": _bury(int(argument))})
        elif not verb:
            break
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    for pid in children:
        os.waitpid(pid, 0)


def _fork(control: socket.socket, fd: int, lab: ModuleType) -> int:
    parent = os.getpid()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        preload.die_with(parent)
        control.close()
        preload.offer_to_be_killed_first()
        worker.serve(socket.socket(fileno=fd), lab)
    except BaseException:  # noqa: BLE001  a child must never run on in its parent's loop
        traceback.print_exc()
    finally:
        os._exit(0)


def _bury(pid: int) -> int:
    """Kill a child if it still lives; how it ended. Nobody has waited for it yet, so the number is still its own."""
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _tell(control: socket.socket, notice: dict[str, object]) -> None:
    with contextlib.suppress(OSError):
        control.send(json.dumps(notice).encode("ascii"))


if __name__ == "__main__":
    main()
