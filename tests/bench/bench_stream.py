"""What a stream costs: the generator, the questions beside it, its start and its end.

`python tests/bench/bench_stream.py [--check]`. This is also the lab that is measured. The same generator runs by
turns in a plain loop and through the stream, in CPU time; a question is timed while a stream runs and while it is
paused, in turn.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

STEP = range(2000)
STEPS = 3_000
ROUNDS = 40
ASKS = 40
TURNS = 20
APART = 0.01
"""Seconds between two questions."""

# The lab


def warm_up() -> None:
    """The first optimizer of a process."""
    import torch

    torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])


def echo(value: int) -> int:
    return value


def counted() -> Iterator[object]:
    """Some thirty microseconds of Python a step, and a record of it."""
    for step in range(sys.maxsize):
        sum(STEP)
        yield step, time.process_time()


def looked_at() -> Iterator[object]:
    """The same, and 200 kB that are copied if somebody looks."""
    import numpy as np

    values = np.zeros(50_000, dtype=np.float32)
    for record in counted():
        yield lambda record=record: (*record, values.copy())


def optimized() -> Iterator[object]:
    """What a training began with, had it torch's optimizers."""
    warm_up()
    yield None


def compared(name: str) -> Iterator[object]:
    """A generator by turns in a plain loop and through the stream; at the end the seconds of each turn."""
    steps = globals()[name]()
    turns = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in islice(steps, STEPS):
            pass
        middle = time.process_time()
        yield from islice(steps, STEPS)
        turns.append((middle - start, time.process_time() - middle))
    yield turns


# The measurements


def ratios(engine, name: str) -> list[float]:
    """How many times as long the steps take, turn by turn, while somebody reads every snapshot."""
    stream = engine.stream("compared", name)
    while stream.next().result() is not None:
        pass
    return [through / bare for bare, through in stream.latest]


def timed(action: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3


def asked(engine) -> list[float]:
    """Milliseconds of some questions."""
    taken = []
    for _ in range(ASKS):
        time.sleep(APART)
        taken.append(timed(lambda: engine.ask("echo", 1).result()))
    return taken


def beside_a_stream(engine) -> list[tuple[list[float], list[float]]]:
    """Milliseconds of questions while a stream is paused and while it runs, turn by turn."""
    stream = engine.stream("looked_at")
    turns = []
    for _ in range(TURNS):
        stream.one_step()
        stream.next().result()
        idle = asked(engine)
        stream.resume()
        stream.next().result()
        turns.append((idle, asked(engine)))
    stream.cancel()
    return turns


def ended(engine) -> float:
    """Milliseconds from the wish to end a stream to its end."""
    stream = engine.stream("looked_at")
    stream.next().result()
    time.sleep(0.03)
    return timed(lambda: (stream.cancel(), stream.ended.result()))


def started() -> tuple[float, float]:
    """Milliseconds to the first snapshot of a stream that needs an optimizer, in a cold process and in a warm one."""
    from rnntui.engine.client import Engine

    with Engine("tests.bench.bench_stream") as engine:
        engine.ready.result()
        cold = timed(lambda: engine.stream("optimized").next().result())
        engine.warm_up().result()
        return cold, timed(lambda: engine.stream("optimized").next().result())


def while_warming() -> tuple[list[float], list[float]]:
    """Milliseconds of questions while a worker warms up, and before."""
    from rnntui.engine.client import Engine

    with Engine("tests.bench.bench_stream") as engine:
        engine.ready.result()
        before = asked(engine)
        engine.warm_up()
        return asked(engine), before


def main() -> None:
    """Print every figure with its goal."""
    from rnntui.engine.client import Engine
    from tests.bench.measure import finish, percentile, report

    with Engine("tests.bench.bench_stream") as engine:
        engine.ready.result()
        for name, what in (("counted", "a small record a step"), ("looked_at", "200 kB ten times a second")):
            report(f"with a stream / a bare loop, {what}", statistics.median(ratios(engine, name)), 1 / 0.95, "x")
        turns = beside_a_stream(engine)
        for share, goal in ((0.5, 1.5), (0.95, 2.0)):
            found = [[percentile(taken, share) for taken in turn] for turn in turns]
            quiet, beside = map(statistics.median, zip(*found, strict=True))
            name = f"p{share * 100:.0f}"
            print(f"a question, {name} of a turn, beside a paused stream {quiet:.2f} ms, a busy one {beside:.2f} ms")
            report(f"a question beside a busy stream / a paused one, {name}", beside / quiet, goal, "x")
        ends = [ended(engine) for _ in range(30)]
        report("cancel to the end, p50", percentile(ends, 0.5), 30, "ms")
        report("cancel to the end, p95", percentile(ends, 0.95), 100, "ms")
    cold, warm = started()
    print(f"first snapshot of a stream with an optimizer: cold {cold:.0f} ms, warm {warm:.0f} ms")
    report("first snapshot, warm / cold", warm / cold, 0.1, "x")
    during, before = while_warming()
    warming, quiet = percentile(during, 0.95), percentile(before, 0.95)
    print(f"a question, p95: {warming:.2f} ms while a worker warms up, {quiet:.2f} ms before")
    report("a question while a worker warms up / before, p95", warming / quiet, 2.0, "x")
    finish()


if __name__ == "__main__":
    main()
