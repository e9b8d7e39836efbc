"""However a stream ends, it is said in one sentence, the app goes on, and what must be written is written."""

import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rnntui.engine.client import Asker, Engine, LabFault, Overdue, WorkerDied
from rnntui.errors import BadInput
from tests.engine.helpers import FAKE_LAB, LONG, gone, server_of, take, until

ROOT = Path(__file__).parents[2]


def test_bad_input_and_faults_come_as_with_a_question_and_after_what_was_shown(asker: Asker):
    for how, said, kind, sentence in (
        ("refuse", "There is no corpus 'x'.", BadInput, "There is no corpus 'x'."),
        ("fail", "shapes differ", LabFault, "ends_badly failed: ValueError: shapes differ"),
        ("out_of_memory", None, LabFault, "ends_badly failed: "),
    ):
        stream = asker.stream("ends_badly", how, *([said] if said else []))
        seen = [take(stream)]
        while seen[-1] != {"step": 2}:
            seen.append(take(stream))
        with pytest.raises(kind, match=f"^{re.escape(sentence)}"):
            take(stream)
        assert type(stream.ended.exception(LONG)) is kind
    assert asker.ask("echo", 1).result(LONG) == 1


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("nothing", (), "has no public function 'nothing'"),
        ("_leave", (), "has no public function '_leave'"),
        ("echo", (1,), "echo is no stream: it gives its answer at once"),
        ("count", ("too", "many", "arguments"), "TypeError"),
        ("count", ("many",), "TypeError"),
        ("shows_when_asked", ("fail", "while looking"), "ValueError: while looking"),
    ],
)
def test_what_is_no_stream_or_cannot_be_shown_is_a_fault(asker: Asker, name, arguments, said):
    stream = asker.stream(name, *arguments)
    with pytest.raises(LabFault, match=rf"^{name} failed: .*{said}"):
        take(stream)


@pytest.mark.parametrize("how", ["unpicklable", "explosive"])
def test_a_snapshot_that_cannot_travel_is_a_fault(engine: Engine, how: str):
    with pytest.raises(LabFault, match=r"^shows(_when_asked)? failed: "):
        take(engine.stream("shows_when_asked" if how == "unpicklable" else "shows", how))


def test_a_stream_that_is_asked_what_cannot_be_sent_is_a_fault(engine: Engine):
    with pytest.raises(LabFault, match=r"^count was asked something that cannot be sent: "):
        take(engine.stream("count", lambda: None))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("kill_self", r"was killed by SIGKILL \(kill -9, or memory ran out\)"),
        ("crash", "was killed by SIGSEGV"),
        ("end_at_once", "ended by itself with exit code 3"),
        ("break_off_in_the_middle", "was killed by SIGKILL"),
    ],
)
def test_a_process_that_dies_is_said_and_the_next_stream_runs(engine: Engine, how: str, said: str):
    with pytest.raises(WorkerDied, match=rf"^ends_badly broke off: its process {said}.*; nothing else is lost\.$"):
        engine.stream("ends_badly", how).ended.result(LONG)
    assert take(engine.stream("count", 1))["step"] == 1


def test_sys_exit_in_a_generator_is_a_fault(engine: Engine):
    assert isinstance(engine.stream("ends_badly", "leave").ended.exception(LONG), LabFault)


@pytest.mark.parametrize("paused", [False, True])
def test_a_process_that_is_killed_from_outside_is_said(engine: Engine, paused: bool):
    stream = engine.stream("count", paused=paused)
    os.kill(take(stream)["pid"], signal.SIGKILL)
    with pytest.raises(WorkerDied, match="SIGKILL"):
        stream.ended.result(LONG)
    with pytest.raises(WorkerDied, match="SIGKILL"):
        list(iter(lambda: take(stream), None))
    assert engine.ask("echo", 1).result(LONG) == 1


def test_a_process_that_hears_nothing_holds_up_neither_questions_nor_its_own_stream(engine: Engine):
    stream = engine.stream("count", paused=True)
    pid = take(stream)["pid"]
    os.kill(pid, signal.SIGSTOP)
    for _ in range(2000):
        stream.one_step()
    assert engine.ask("echo", 1).result(LONG) == 1
    os.kill(pid, signal.SIGCONT)
    until(lambda: stream.latest["step"] == 2001)
    stream.cancel()
    assert stream.ended.result(LONG) == "cancelled"


def test_the_fork_server_may_die_under_a_stream():
    with Engine(FAKE_LAB, modules=()) as engine:
        stream = engine.stream("count")
        take(stream)
        server_of(engine).kill()
        assert isinstance(stream.ended.exception(LONG), WorkerDied)
        until(lambda: engine.stream("count", 1).ended.exception(LONG) is None)


def test_a_cancelled_stream_writes_its_checkpoint_within_a_tenth_of_a_second(engine: Engine, tmp_path: Path):
    taken = []
    for number in range(5):
        checkpoint = tmp_path / str(number)
        stream = engine.stream("count", math.inf, str(checkpoint), paused=number == 0)
        step = take(stream)["step"]
        start = time.monotonic()
        stream.cancel()
        assert stream.ended.result(LONG) == "cancelled"
        taken.append(time.monotonic() - start)
        assert int(checkpoint.read_text()) >= step
    assert min(taken) < 0.1


def test_a_cancelled_stream_shows_where_it_stood(engine: Engine, tmp_path: Path):
    for number in range(5):
        stream = engine.stream("count", math.inf, str(tmp_path / str(number)))
        take(stream)
        stream.cancel()
        assert stream.ended.result(LONG) == "cancelled"
        assert stream.latest["step"] == int((tmp_path / str(number)).read_text())


def test_a_stream_that_is_cancelled_before_it_begins_never_does(tmp_path: Path):
    with Engine(FAKE_LAB, modules=("tests.engine.never_loads",)) as engine:
        stream = engine.stream("count")
        waiting = stream.next()
        stream.cancel()
        assert stream.ended.result(LONG) == "cancelled"
        assert waiting.result(LONG) is None


def test_a_stream_that_never_gets_a_process_is_overdue():
    said = r"^count was not begun: no process was ready to compute within 0\.2 s\.$"
    modules = ("tests.engine.never_loads",)
    with Engine(FAKE_LAB, limit=0.2, modules=modules) as engine, pytest.raises(Overdue, match=said):
        take(engine.stream("count"))


def test_a_stream_of_a_lab_that_cannot_be_loaded_is_a_fault():
    modules = ("tests.engine.fails_to_load",)
    with Engine(FAKE_LAB, modules=modules) as engine, pytest.raises(LabFault, match="could not be loaded: ImportError"):
        take(engine.stream("count"))


@pytest.mark.parametrize("name", ["cannot_end", "ends_badly"])
def test_a_stream_that_does_not_end_when_told_to_is_killed_and_that_is_said(tmp_path: Path, name: str):
    mark = tmp_path / "mark"
    arguments = ("spin_in_c", str(mark)) if name == "ends_badly" else (str(mark),)
    with Engine(FAKE_LAB, modules=(), farewell=0.2) as engine:
        stream = engine.stream(name, *arguments)
        take(stream)
        until(lambda: name == "cannot_end" or mark.exists())
        stream.cancel()
        with pytest.raises(Overdue, match=rf"^{name} did not stop within 0\.2 s and was killed\.$"):
            stream.ended.result(LONG)
        until(lambda: gone(int(mark.read_text())))
        assert take(engine.stream("count", 1))["step"] == 1


def test_a_checkpoint_that_cannot_be_written_is_said(asker: Asker):
    stream = asker.stream("fails_at_the_end")
    take(stream)
    stream.cancel()
    said = stream.ended.exception(LONG)
    assert isinstance(said, LabFault)
    assert str(said) == "fails_at_the_end failed: OSError: [Errno 28] No space left on device"


@pytest.mark.parametrize("paused", [False, True])
def test_close_lets_a_stream_write_its_checkpoint(tmp_path: Path, paused: bool):
    checkpoint = tmp_path / "checkpoint"
    engine = Engine(FAKE_LAB, modules=())
    stream = engine.stream("count", math.inf, str(checkpoint), paused=paused)
    snapshot = take(stream)
    engine.close()
    assert stream.ended.result(0) == "cancelled"
    assert int(checkpoint.read_text()) >= snapshot["step"]
    assert gone(snapshot["pid"])
    late = engine.stream("count")
    assert (take(late), late.ended.result(LONG)) == (None, "cancelled")


def test_close_of_an_inline_engine_does_too(tmp_path: Path):
    from rnntui.engine.worker import InlineEngine

    checkpoint = tmp_path / "checkpoint"
    with InlineEngine(FAKE_LAB) as engine:
        stream = engine.stream("count", math.inf, str(checkpoint))
        assert [take(stream)["step"], take(stream)["step"]] == [1, 2]
    assert checkpoint.read_text() == "2"
    assert stream.ended.result(0) == "cancelled"


def test_close_does_not_wait_for_a_stream_that_cannot_end(tmp_path: Path):
    mark = tmp_path / "mark"
    engine = Engine(FAKE_LAB, modules=(), farewell=0.2)
    stream = engine.stream("cannot_end", str(mark))
    pid = take(stream)["pid"]
    engine.close()
    assert isinstance(stream.ended.exception(0), Overdue)
    assert gone(pid)


@pytest.mark.parametrize(
    ("method", "number"),
    [("fork", signal.SIGHUP), ("spawn", signal.SIGHUP), ("fork", signal.SIGTERM), ("fork", signal.SIGKILL)],
)
def test_a_terminal_that_hangs_up_leaves_a_checkpoint_and_no_process(tmp_path: Path, method: str, number: int):
    checkpoint = tmp_path / "checkpoint"
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.parent", f"count-{method}", str(checkpoint)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    )
    with parent:
        assert parent.stdout is not None
        (pid,) = json.loads(parent.stdout.readline())
        if number == signal.SIGHUP:  # as the kernel does: to everybody in the foreground
            os.killpg(parent.pid, number)
        else:
            parent.send_signal(number)
        until(lambda: gone(pid))
    assert checkpoint.exists() or number == signal.SIGKILL
