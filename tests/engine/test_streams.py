"""What comes out of a stream, and how it is steered; the same from a child and inline."""

import asyncio
import os
from concurrent.futures import Future

import numpy as np
import pytest

from rnntui.engine.client import Asker, Engine, LabFault
from tests.engine.helpers import FAKE_LAB, LONG, gone, server_of, take, until


def test_a_stream_shows_what_the_generator_yields_and_ends_with_it(asker: Asker):
    stream = asker.stream("count", 1000)
    steps = []
    while (snapshot := take(stream)) is not None:
        steps.append(snapshot["step"])
    assert steps == sorted(set(steps))
    assert steps[-1] == stream.latest["step"] == 1000
    assert stream.ended.result(LONG) == "finished"
    assert take(stream) is None


def test_a_stream_can_be_paused_stepped_and_resumed(asker: Asker):
    stream = asker.stream("count", paused=True)
    assert stream.paused
    assert take(stream)["step"] == 1
    for step in (2, 3):
        waiting = stream.next()
        assert not waiting.done()
        stream.one_step()
        assert waiting.result(LONG)["step"] == step
    waiting = stream.next()
    stream.resume()
    assert not stream.paused
    assert waiting.result(LONG)["step"] > 3
    assert take(stream)["step"] > 4
    stream.pause()
    stream.send("now")
    stream.one_step()
    while (snapshot := take(stream))["heard"] != ("now",):
        pass
    stream.one_step()
    assert take(stream)["step"] == snapshot["step"] + 1
    stream.cancel()
    assert stream.ended.result(LONG) == "cancelled"


def test_every_change_reaches_the_generator_in_its_order(asker: Asker):
    stream = asker.stream("count")
    changes = [{"rate": number} for number in range(10)]
    for change in changes:
        stream.send(change)
    while len(heard := take(stream)["heard"]) < 10:
        pass
    assert heard == tuple(changes)
    stream.cancel()


def test_a_change_that_cannot_be_sent_is_a_fault_and_the_stream_goes_on(asker: Asker):
    stream = asker.stream("count", paused=True)
    with pytest.raises(LabFault, match=r"^count was sent something that cannot be sent: "):
        stream.send(lambda: None)
    with pytest.raises(LabFault, match=r"^count was sent 100,\d\d\d bytes, more than 65,536\.$"):
        stream.send(b"x" * 100_000)
    assert take(stream)["step"] == 1
    stream.cancel()


def test_a_record_that_costs_something_is_made_only_to_be_seen(asker: Asker):
    stream = asker.stream("count_lazily", paused=True)
    assert take(stream) == {"step": 1, "made": 1}
    stream.one_step()
    assert take(stream) == {"step": 2, "made": 2}
    stream.resume()
    while (snapshot := take(stream))["step"] < 5:
        pass
    assert snapshot["made"] <= snapshot["step"]
    stream.cancel()


def test_a_step_that_yields_none_has_nothing_to_show(asker: Asker):
    stream = asker.stream("now_and_then", 8)
    seen = list(iter(lambda: take(stream), None))
    assert seen[-1] == {"step": 6}
    assert stream.ended.result(LONG) == "finished"


def test_a_stream_that_ended_cannot_be_steered(asker: Asker):
    stream = asker.stream("count", 1)
    assert [take(stream)["step"], take(stream)] == [1, None]
    for steer in (stream.pause, stream.resume, stream.one_step, stream.cancel, lambda: stream.send(1)):
        steer()
    assert take(stream) is None
    assert stream.ended.result(LONG) == "finished"


async def test_a_coroutine_can_follow_a_stream(asker: Asker):
    steps = [snapshot["step"] async for snapshot in asker.stream("count", 50)]
    assert steps[-1] == 50
    with pytest.raises(LabFault, match=r"^ends_badly failed: ValueError: broken$"):
        async for _ in asker.stream("ends_badly", "fail", "broken"):
            pass


async def test_a_reader_that_gives_up_does_not_end_the_stream(engine: Engine):
    stream = engine.stream("count", paused=True)
    await asyncio.wrap_future(stream.next())
    for _ in range(3):
        reader = asyncio.ensure_future(asyncio.wrap_future(stream.next()))
        await asyncio.sleep(0)
        reader.cancel()
    ending = asyncio.wrap_future(stream.ended)
    ending.cancel()
    stream.one_step()
    assert (await asyncio.wrap_future(stream.next()))["step"] == 2
    stream.cancel()
    assert stream.ended.result(LONG) == "cancelled"


def test_a_slow_reader_gets_the_newest_and_then_something_newer(engine: Engine):
    stream = engine.stream("count")
    until(lambda: stream.latest is not None and stream.latest["step"] > 1000)
    newest = stream.latest["step"]
    assert (first := take(stream)["step"]) >= newest
    assert take(stream)["step"] > first
    stream.cancel()


def test_a_callback_may_ask_for_the_next_snapshot(engine: Engine):
    stream = engine.stream("count")
    second: Future[Future[object]] = Future()
    stream.next().add_done_callback(lambda _: second.set_result(stream.next()))
    assert second.result(LONG).result(LONG)["step"] > 1
    stream.cancel()


def test_large_snapshots_travel_whole(engine: Engine):
    snapshot = take(engine.stream("shows", "huge", 3_000_000))
    assert (snapshot == np.arange(3_000_000)).all()


def test_questions_are_answered_beside_a_stream_and_killed_without_it(engine: Engine):
    stream = engine.stream("count")
    pid = take(stream)["pid"]
    assert engine.ask("pid").result(LONG) != pid
    engine.ask("spin_in_c")
    assert engine.ask("echo", 1).result(LONG) == 1
    assert take(stream)["pid"] == pid
    stream.cancel()


def test_a_stream_is_polite_and_has_one_thread(engine: Engine):
    assert take(engine.stream("threads_of_a_stream")) == (1, min(19, os.nice(0) + 10))


def test_each_stream_has_a_process_of_its_own_that_ends_with_it(engine: Engine):
    server = server_of(engine)
    streams = [engine.stream("count") for _ in range(3)]
    pids = {take(stream)["pid"] for stream in streams}
    assert len(pids) == 3
    until(lambda: len(server.children()) == 5)
    for stream in streams:
        stream.cancel()
    until(lambda: all(gone(pid) for pid in pids) and len(server.children()) == 2)


def test_a_spawned_worker_can_run_a_stream(tmp_path):
    checkpoint = tmp_path / "checkpoint"
    with Engine(FAKE_LAB, modules=(), method="spawn") as engine:
        stream = engine.stream("count", float("inf"), str(checkpoint))
        assert take(stream)["step"] >= 1
        assert engine.ask("echo", 1).result(LONG) == 1
        stream.cancel()
        assert stream.ended.result(LONG) == "cancelled"
    assert int(checkpoint.read_text()) >= 1
