"""What comes back from a question: the answer, or a sentence; the same from a child and inline."""

import os
import pickle
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from rnntui.engine.client import Asker, Engine, EngineError, LabFault
from rnntui.engine.worker import InlineEngine
from rnntui.errors import BadInput
from tests.engine.helpers import FAKE_LAB, LONG, server_of, until


def test_a_question_is_answered(asker):
    assert asker.ask("echo", "hello", 3).result(LONG) == ("hello", 3)


def test_ready_is_done_when_questions_are_answered_at_once(asker):
    assert asker.ready.result(LONG) is None


def test_bad_input_travels_with_its_message(asker):
    with pytest.raises(BadInput, match=r"^There is no cell 'lstn'\.$") as caught:
        asker.ask("refuse", "There is no cell 'lstn'.").result(LONG)
    assert type(caught.value) is BadInput


@pytest.mark.parametrize("sentence", ["", "\ud800 alone", "two\nlines", "ひらがな"])
def test_bad_input_keeps_every_character(asker, sentence):
    assert str(asker.ask("refuse", sentence).exception(LONG)) == sentence


def test_a_fault_of_the_lab_is_one_sentence(asker):
    with pytest.raises(LabFault, match=r"^fail failed: ValueError: shapes differ$"):
        asker.ask("fail", "shapes differ").result(LONG)


def test_a_fault_cannot_reach_the_terminal(asker):
    hostile = "\x1b]52;c;aGk=\x07 \x9b31m \ud800 \u202e " + "x" * 10_000 + "\nsecond line"
    said = str(asker.ask("fail", hostile).exception(LONG))
    assert said.isprintable()
    assert said.startswith("fail failed: ValueError: ?]52;")
    assert len(said) <= 300
    assert "second" not in said


def test_an_exception_that_cannot_print_itself_is_still_a_sentence(asker):
    said = asker.ask("fail_without_words").exception(LONG)
    assert isinstance(said, LabFault)
    assert str(said).startswith("fail_without_words failed: Mute")


@pytest.mark.parametrize(
    "name",
    ["nothing", "_leave", "__import__", "__doc__", "Thing", "NOT_A_FUNCTION", "imported_elsewhere", "os.getpid", ""],
)
def test_only_public_functions_of_the_lab_can_be_asked_for(asker, name):
    with pytest.raises(LabFault, match="has no public function"):
        asker.ask(name).result(LONG)


def test_wrong_arguments_are_a_fault_and_not_the_end(asker):
    assert isinstance(asker.ask("refuse").exception(LONG), LabFault)
    assert asker.ask("echo", 1).result(LONG) == 1


@pytest.mark.parametrize("asker", [InlineEngine(FAKE_LAB), Engine(FAKE_LAB, modules=())], ids=["inline", "child"])
def test_after_close_every_question_is_cancelled_and_closing_twice_is_fine(asker):
    asker.start()
    asker.close()
    asker.close()
    assert asker.ask("echo", 1).cancelled()


def test_a_traceback_goes_into_the_log(engine: Engine, log: Path):
    engine.ask("fail", "look me up").exception(LONG)
    until(lambda: "ValueError: look me up" in log.read_text())
    assert 'fake_lab.py", line' in log.read_text()


def test_sys_exit_in_the_lab_does_not_end_the_worker(engine: Engine):
    before = engine.ask("pid").result(LONG)
    assert isinstance(engine.ask("leave").exception(LONG), LabFault)
    assert engine.ask("pid").result(LONG) == before


def test_an_answer_that_cannot_be_sent_is_a_fault_and_the_worker_lives(engine: Engine):
    before = engine.ask("pid").result(LONG)
    with pytest.raises(LabFault, match=r"^unpicklable gave an answer that cannot be sent: "):
        engine.ask("unpicklable").result(LONG)
    assert engine.ask("pid").result(LONG) == before


def test_an_answer_that_cannot_be_read_is_a_fault(engine: Engine):
    with pytest.raises(LabFault, match=r"^explosive failed: ValueError: read me$"):
        engine.ask("explosive").result(LONG)
    assert engine.ask("echo", 1).result(LONG) == 1


def test_a_question_that_cannot_be_sent_is_a_fault(engine: Engine):
    with pytest.raises(LabFault, match=r"^echo was asked something that cannot be sent: "):
        engine.ask("echo", lambda: None).result(LONG)


def test_large_questions_and_answers_travel_whole(engine: Engine):
    answer = engine.ask("huge", 6_000_000).result(LONG)
    assert isinstance(answer, np.ndarray)
    assert answer.nbytes == 48_000_000
    assert (answer == np.arange(6_000_000)).all()
    assert engine.ask("echo", b"q" * 3_000_000).result(LONG) == b"q" * 3_000_000


async def test_a_coroutine_can_wait_for_an_answer(engine: Engine):
    import asyncio

    assert await asyncio.wrap_future(engine.ask("echo", "awaited")) == "awaited"


def test_workers_are_polite_deaf_to_ctrl_c_and_in_a_session_of_their_own(engine: Engine):
    assert engine.ask("niceness").result(LONG) == min(19, os.nice(0) + 10)
    assert engine.ask("interrupt_self").result(LONG) == "still here"
    worker, server = engine.ask("pid").result(LONG), server_of(engine)
    assert os.getsid(server.pid) == server.pid != os.getsid(0)
    server.send_signal(signal.SIGINT)
    assert engine.ask("pid").result(LONG) == worker


def test_an_idle_engine_does_not_wake_up(engine: Engine):
    server = server_of(engine)
    until(lambda: len(server.children()) == 2)
    threads = [f"self/task/{thread.native_id}" for thread in threading.enumerate() if thread.name == "rnntui-engine"]
    processes = [str(process.pid) for process in (server, *server.children())]
    statuses = [Path("/proc", name, "status") for name in (*threads, *processes)]

    def naps() -> list[str]:
        return [line for path in statuses for line in path.read_text().splitlines() if line.startswith("voluntary")]

    def nothing_happens_for_a_second() -> bool:
        before = naps()
        threading.Event().wait(1.0)
        return naps() == before

    assert len(naps()) >= 4
    until(nothing_happens_for_a_second)


def test_engine_errors_can_be_caught_as_one_kind_and_pickled():
    from rnntui.engine import faults

    for kind in (faults.LabFault, faults.Overdue, faults.WorkerDied):
        assert issubclass(kind, EngineError)
        assert str(pickle.loads(pickle.dumps(kind("said")))) == "said"


def test_both_engines_have_the_surface_that_screens_are_promised():
    def surface(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    assert surface(Engine) == surface(InlineEngine) == surface(Asker)
