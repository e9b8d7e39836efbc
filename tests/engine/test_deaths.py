"""A child that dies is said and replaced; a parent that dies takes its children along."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from rnntui.engine.client import Engine, LabFault, WorkerDied
from tests.engine.helpers import FAKE_LAB, LONG, gone, offspring, server_of, until

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("kill_self", r"was killed by SIGKILL \(kill -9, or memory ran out\)"),
        ("crash", "was killed by SIGSEGV"),
        ("end_at_once", "ended by itself with exit code 3"),
        ("break_off_in_the_middle", "was killed by SIGKILL"),
    ],
)
def test_a_worker_that_dies_is_said_and_the_next_question_is_answered(engine: Engine, name: str, how: str):
    with pytest.raises(
        WorkerDied, match=f"^{name} was not finished: its process {how}.*; nothing else is lost, ask again"
    ):
        engine.ask(name).result(LONG)
    assert engine.ask("echo", 1).result(LONG) == 1


def test_a_worker_that_is_killed_from_outside_is_said(engine: Engine, tmp_path: Path):
    mark = tmp_path / "mark"
    future = engine.ask("spin_in_c", str(mark))
    until(mark.exists)
    os.kill(int(mark.read_text()), signal.SIGKILL)
    with pytest.raises(WorkerDied, match="SIGKILL"):
        future.result(LONG)
    assert engine.ask("echo", 1).result(LONG) == 1


def test_workers_that_are_killed_while_idle_are_replaced(engine: Engine):
    server = server_of(engine)
    for _ in range(3):
        until(lambda: len(server.children()) == 2)
        workers = server.children()
        for worker in workers:
            worker.kill()
        until(lambda: all(gone(worker.pid) for worker in workers))  # noqa: B023
        assert engine.ask("echo", 1).result(LONG) == 1


def test_a_stopped_worker_holds_up_neither_the_next_question_nor_the_end(tmp_path: Path):
    engine = Engine(FAKE_LAB, modules=())
    for number in range(2):
        mark = tmp_path / f"mark{number}"
        engine.ask("spin", str(mark))
        until(mark.exists)
        os.kill(int(mark.read_text()), signal.SIGSTOP)
    engine.close()
    assert gone(int(mark.read_text()))


@pytest.mark.parametrize("victims", ["workers", "server", "all"])
def test_what_dies_while_nothing_is_asked_is_announced_once_and_others_take_over(victims: str):
    told: list[Exception] = []
    with Engine(FAKE_LAB, modules=()) as engine:
        engine.listen(told.append)
        server = server_of(engine)
        until(lambda: len(server.children()) == 2)
        workers = server.children()
        killed = {"workers": workers, "server": [server], "all": [server, *workers]}[victims]
        for process in killed:
            process.kill()
        until(lambda: told and all(gone(worker.pid) for worker in workers))
        beginning = "The process that starts the workers" if victims == "server" else ""
        assert re.fullmatch(beginning + r".* was killed by SIGKILL \(.*\); .* nothing (else )?is lost\.", str(told[0]))
        until(lambda: all(gone(process.pid) for process in killed))
        assert engine.ask("echo", 1).result(LONG) == 1
        assert len(told) == 1


def test_what_dies_again_and_again_is_not_started_for_ever_until_something_is_asked():
    told: list[Exception] = []
    with Engine(FAKE_LAB, modules=()) as engine:
        engine.listen(told.append)
        server = server_of(engine)

        def none_is_left() -> bool:
            for worker in server.children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    worker.kill()
            return isinstance(told[-1], LabFault) if told else False

        until(none_is_left)
        assert str(told[-1]) == "Every process that was started to compute in ended at once."
        assert all(isinstance(one, WorkerDied) for one in told[:-1])
        assert engine.ask("echo", 1).result(LONG) == 1


@pytest.mark.parametrize("busy", [False, True])
def test_the_fork_server_may_die_too(tmp_path: Path, busy: bool):
    before = set(offspring())
    with Engine(FAKE_LAB, modules=()) as engine:
        engine.ready.result(LONG)
        until(lambda: len(set(offspring()) - before) == 3)
        children = set(offspring()) - before
        mark = tmp_path / "mark"
        future = engine.ask("spin_in_c", str(mark)) if busy else None
        until(lambda: not busy or mark.exists())
        next(child for child in psutil.Process().children() if child.pid in children).kill()
        until(lambda: all(gone(pid) for pid in children))
        if future is not None:
            with pytest.raises(WorkerDied, match="spin_in_c was not finished"):
                future.result(LONG)
        until(lambda: engine.ask("echo", 1).exception(LONG) is None)


def test_a_lab_that_cannot_be_loaded_is_said_and_hangs_nobody(tmp_path: Path):
    log = tmp_path / "log"
    with Engine(FAKE_LAB, log=log, modules=("tests.engine.fails_to_load",)) as engine:
        for said in (
            engine.ask("echo", 1).exception(LONG),
            engine.ready.exception(LONG),
            engine.ask("echo").exception(LONG),
        ):
            assert isinstance(said, LabFault)
            assert "could not be loaded: ImportError: libtorch_cpu.so: cannot open ?[31mshared" in str(said)
            assert str(log) in str(said)
    assert "second line" in log.read_text()


def test_a_lab_that_kills_its_process_while_loading_is_said():
    with Engine(FAKE_LAB, modules=("tests.engine.dies_loading",)) as engine:
        said = str(engine.ask("echo", 1).exception(LONG))
    assert said == "The process that starts the workers was killed by SIGILL while it was loading."


def test_a_python_that_cannot_be_started_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Engine(FAKE_LAB) as engine:
        assert str(engine.ask("echo", 1).exception(LONG)) == "No process can be started: No such file or directory."
        assert isinstance(engine.ready.exception(LONG), LabFault)


def test_close_leaves_no_process_and_no_open_promise(tmp_path: Path):
    before = set(offspring())
    engine = Engine(FAKE_LAB, modules=())
    mark = tmp_path / "mark"
    running = engine.ask("spin_in_c", str(mark))
    until(mark.exists)
    waiting = engine.ask("echo", 1)
    engine.close()
    assert running.cancelled()
    assert waiting.done()
    assert set(offspring()) <= before
    assert gone(int(mark.read_text()))


def test_close_does_not_wait_for_torch():
    before = set(offspring())
    engine = Engine(FAKE_LAB, modules=("tests.engine.never_loads",))
    future = engine.ask("echo", 1)
    children = set(offspring()) - before
    engine.close()
    assert future.cancelled()
    assert isinstance(engine.ready.exception(0), LabFault)
    assert children
    assert all(gone(pid) for pid in children)


def test_an_engine_that_was_never_started_can_be_closed():
    engine = Engine(FAKE_LAB)
    engine.close()
    engine.start()
    assert engine.ask("echo", 1).cancelled()


@pytest.mark.parametrize("doing", ["idle", "spin", "spin_in_c", "load"])
def test_children_die_with_a_parent_that_is_killed(tmp_path: Path, doing: str):
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.parent", doing, str(tmp_path / "mark")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    with parent:
        assert parent.stdout is not None
        children = json.loads(parent.stdout.readline())
        assert len(children) == (1 if doing == "load" else 3)
        assert not any(gone(pid) for pid in children)
        parent.kill()
        until(lambda: all(gone(pid) for pid in children))


def test_nothing_a_child_prints_reaches_the_screen(tmp_path: Path):
    log = tmp_path / "log"
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.parent", "noise", str(log)],
        input=b"never read\n",
        capture_output=True,
        check=True,
        cwd=ROOT,
        timeout=LONG,
    )
    assert (done.stdout, done.stderr) == (b"quiet\n", b"")
    said = log.read_text()
    for source in ("print", "stderr \\ud800", "fd 1", "fd 2", "a grandchild"):
        assert f"noise by {source}\n" in said
    assert "never read" not in said
