"""The latest question wins: what waits is cancelled, what runs is stopped, a stand-by takes over."""

from concurrent.futures import CancelledError, Future
from pathlib import Path

import pytest

from rnntui.engine.client import Engine, Overdue
from tests.engine.helpers import FAKE_LAB, LONG, gone, until


def test_of_a_burst_of_slow_questions_only_the_last_is_answered(engine: Engine, tmp_path: Path):
    burst = [engine.ask("spin") for _ in range(50)]
    last = engine.ask("echo", "the last")
    assert last.result(LONG) == "the last"
    assert all(future.cancelled() for future in burst)


def test_of_a_burst_of_quick_questions_the_last_is_answered_and_none_is_left_open(engine: Engine):
    burst = [engine.ask("echo", number) for number in range(50)]
    assert burst[-1].result(LONG) == 49
    assert all(future.done() for future in burst)
    assert all(future.result() == number for number, future in enumerate(burst) if not future.cancelled())


def test_a_superseded_question_is_killed_and_the_stand_by_answers(engine: Engine, tmp_path: Path):
    mark = tmp_path / "mark"
    slow = engine.ask("spin_in_c", str(mark))
    until(mark.exists)
    busy = int(mark.read_text())
    assert engine.ask("pid").result(LONG) != busy
    assert slow.cancelled()
    with pytest.raises(CancelledError):
        slow.result(LONG)
    until(lambda: gone(busy))


def test_a_superseded_question_that_finishes_within_its_grace_is_answered(tmp_path: Path):
    with Engine(FAKE_LAB, modules=(), grace=LONG) as engine:
        mark, gate = tmp_path / "mark", tmp_path / "gate"
        first = engine.ask("wait_for", str(gate), str(mark))
        until(mark.exists)
        second = engine.ask("pid")
        gate.touch()
        assert first.result(LONG) == str(gate)
        assert second.result(LONG) == int(mark.read_text())


def test_cancelling_the_future_stops_the_computation(engine: Engine, tmp_path: Path):
    mark = tmp_path / "mark"
    future = engine.ask("spin", str(mark))
    until(mark.exists)
    assert future.cancel()
    until(lambda: gone(int(mark.read_text())))
    assert engine.ask("echo", 1).result(LONG) == 1


def test_cancelling_a_question_that_waits_leaves_the_next_alone(engine: Engine, tmp_path: Path):
    mark = tmp_path / "mark"
    engine.ask("spin", str(mark))
    until(mark.exists)
    assert engine.ask("echo", 1).cancel()
    assert engine.ask("echo", 2).result(LONG) == 2


def test_a_question_past_its_limit_is_stopped_and_says_so(tmp_path: Path):
    with Engine(FAKE_LAB, limit=0.2, modules=()) as engine:
        engine.ready.result(LONG)
        mark = tmp_path / "mark"
        future = engine.ask("spin_in_c", str(mark))
        with pytest.raises(Overdue, match=r"^spin_in_c took longer than 0\.2 s and was stopped; "):
            future.result(LONG)
        until(lambda: gone(int(mark.read_text())))
        assert engine.ask("echo", 1).result(LONG) == 1


def test_a_question_that_never_gets_a_process_is_overdue_too():
    with Engine(FAKE_LAB, limit=0.2, modules=("tests.engine.never_loads",)) as engine:
        with pytest.raises(Overdue, match=r"^echo was not begun: no process was ready to compute within 0\.2 s\.$"):
            engine.ask("echo", 1).result(LONG)
        assert not engine.ready.done()


def test_a_callback_may_ask_again(engine: Engine):
    again: Future[Future[object]] = Future()

    def follow_up(_: Future[object]) -> None:
        again.set_result(engine.ask("echo", "again"))

    engine.ask("echo", "once").add_done_callback(follow_up)
    assert again.result(LONG).result(LONG) == "again"


def test_a_callback_may_close_the_engine():
    engine = Engine(FAKE_LAB, modules=())
    engine.ask("echo", 1).add_done_callback(lambda _: engine.close())
    until(lambda: engine.ask("echo", 2).cancelled())
    engine.close()
