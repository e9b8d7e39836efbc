"""Once that is wanted, the worker that stands by gets ready for the next stream while nobody asks."""

from pathlib import Path

import pytest

from rnntui.engine import desk
from rnntui.engine.client import Engine
from tests.engine.helpers import LONG, server_of, take, until


def test_a_worker_is_warmed_up_while_nobody_asks_and_the_next_stream_is_warm(engine: Engine):
    assert engine.ask("is_warm").result(LONG) is False
    assert take(engine.stream("count", 1))["warm"] is False
    engine.warm_up().result(LONG)
    engine.warm_up().result(LONG)
    assert take(engine.stream("count", 1))["warm"]
    assert engine.ask("is_warm").result(LONG) is False


@pytest.mark.slow
def test_after_a_stream_has_begun_the_next_worker_is_warmed_up_too_but_not_at_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(desk, "BEGINNING", 0.0)
    engine.warm_up().result(LONG)
    assert take(engine.stream("count"))["warm"]
    engine.warm_up().result(LONG)
    monkeypatch.setattr(desk, "BEGINNING", 1e6)
    assert take(engine.stream("count"))["warm"]
    warm = engine.warm_up()
    assert take(engine.stream("count"))["warm"] is False
    assert not warm.done()
    monkeypatch.undo()
    warm.result(LONG)


def test_nobody_waits_for_a_warm_worker_that_will_not_be():
    engine = Engine("tests.engine.fails_to_load", modules=())
    engine.warm_up().result(LONG)
    engine.close()
    engine.warm_up().result(LONG)
    with Engine("tests.engine.never_loads", modules=()) as engine:
        warm = engine.warm_up()
    warm.result(LONG)


def test_a_lab_that_dies_of_being_warmed_up_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desk, "QUIET", 0.0)
    log = tmp_path / "log"
    with Engine("tests.engine.dies_warming", modules=(), log=log) as engine:
        engine.warm_up().result(LONG)
        until(lambda: log.exists() and "warming" in log.read_text())
        for number in range(5):
            until(lambda: len(server_of(engine).children()) == 2)
            assert take(engine.stream("count", number)) == number
        assert log.read_text().count("warming") == 1
