"""A program with an engine, for tests that look at it from outside: `python -m tests.engine.parent VERB [ARGUMENT]`.

noise: ask for noise and end. Otherwise print the children's process ids, ask VERB, and wait to be killed. count-fork
and count-spawn: run a stream that writes a checkpoint at its end, and end when the terminal hangs up.
"""

import json
import math
import signal
import sys
from pathlib import Path

import psutil

from rnntui.engine.client import Engine
from tests.engine.helpers import FAKE_LAB, LONG, until


def main() -> None:
    verb, argument = sys.argv[1:]
    if verb == "noise":
        with Engine(FAKE_LAB, log=Path(argument), modules=()) as engine:
            print(engine.ask("noise").result(timeout=30))
        return
    if verb.startswith("count"):
        for number in (signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, lambda *_: sys.exit())
        with Engine(FAKE_LAB, modules=(), method=verb.partition("-")[2]) as engine:
            print(json.dumps([engine.stream("count", math.inf, argument).next().result(LONG)["pid"]]), flush=True)
            sys.stdin.read()
    loading = verb == "load"
    engine = Engine(FAKE_LAB, modules=("tests.engine.never_loads",) if loading else ())
    engine.start()
    if loading:
        until(lambda: "never_loads" in " ".join(psutil.Process().children()[0].cmdline()))
    else:
        engine.ready.result(timeout=30)
        until(lambda: len(psutil.Process().children(recursive=True)) == 3)
    if verb.startswith("spin"):
        engine.ask(verb, argument)
        until(Path(argument).exists)
    print(json.dumps([child.pid for child in psutil.Process().children(recursive=True)]), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
