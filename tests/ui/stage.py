"""An engine for the Train screen whose trainings do what a test says."""

import pickle
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from rnntui.engine.client import Stream
from rnntui.engine.worker import InlineEngine
from rnntui.scene import parse
from rnntui.training.progress import Look
from tests.training.snapshots import SPEC, neurons, reading, sample, snapshot

RUN = "/somewhere/runs/one"
OPENINGS = Path("/somewhere/openings")


class Stage(InlineEngine):
    """An engine whose trainings do what the test says; the past is made up, everything else is computed."""

    def __init__(self):
        super().__init__()
        self.streams, self.begun, self.told, self.asked = [], [], [], []
        self.failing = None
        self.lingers = False
        self.left = SPEC

    def stream(self, name, *arguments, paused=False):
        stream = Stream(name, lambda tag, body: self.tell(stream, tag, body), paused)
        self.begun.append((name, *arguments, paused))
        self.streams.append(stream)
        return stream

    def tell(self, stream, tag, body):
        self.told.append((tag.name, pickle.loads(body) if body else None))
        if tag.name == "CANCEL" and not self.lingers:
            stream.finish("cancelled")

    def ask(self, name, *arguments):
        if name not in ("looked_back", "opened", "neurons", "standing"):
            return super().ask(name, *arguments)
        self.asked.append((name, *arguments))
        answer: Future[object] = Future()
        if self.failing is not None:
            answer.set_exception(self.failing)
        elif name == "looked_back":
            answer.set_result(Look(arguments[1], sample(f"It was step {arguments[1]}"), reading(arguments[1])))
        elif name == "standing":
            damaged = ("The checkpoint is damaged.",)
            answer.set_result(snapshot(step=30, bits=3.0, run=arguments[0], notices=damaged, spec=self.left))
        elif name == "neurons":
            answer.set_result(replace(neurons(arguments[1]), symbol=arguments[2]))
        else:
            answer.set_result(parse(f"{arguments[2]}:cell=gru,text=bye,hidden=3"))
        return answer

    def show(self, **fields):
        self.streams[-1].show(memoryview(pickle.dumps(snapshot(**{"run": RUN, **fields}))))
