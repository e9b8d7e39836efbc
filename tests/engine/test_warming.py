"""While nobody asks, the worker that stands by gets ready for the next stream."""

from pathlib import Path

import pytest

from rnntui.engine import desk
from rnntui.engine.client import Engine
from tests.engine.helpers import LONG, server_of, take, until


def test_a_worker_is_warmed_up_while_nobody_asks_and_the_next_stream_is_warm(engine: Engine):
    assert engine.ask("is_warm").result(LONG) is False
    until(lambda: take(engine.stream("count", 1))["warm"])
    assert engine.ask("is_warm").result(LONG) is False


def test_a_lab_that_dies_of_being_warmed_up_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(desk, "QUIET", 0.0)
    log = tmp_path / "log"
    with Engine("tests.engine.dies_warming", modules=(), log=log) as engine:
        until(lambda: log.exists() and "warming" in log.read_text())
        for number in range(5):
            until(lambda: len(server_of(engine).children()) == 2)
            assert take(engine.stream("count", number)) == number
        assert log.read_text().count("warming") == 1
