"""Trains in a child that is killed with SIGKILL again and again, at random moments, until a child gets to the end.

A process of its own, as a process that has computed gradients cannot fork. `killed.py FOLDER SPEC SEED`.
"""

import os
import random
import signal
import sys
from pathlib import Path

import torch

from rnntui.training import cadence
from rnntui.training.loop import resume, train
from rnntui.training.record import Change
from rnntui.training.spec import CharModelSpec


def child(folder, spec, pipe):
    cadence.SAVE_SECONDS = 0.0
    training = resume(folder) if folder.exists() else train(spec, folder)
    snapshot = next(training)
    while True:
        os.write(pipe, b".")
        if snapshot.finished:
            return
        snapshot = training.send(Change("pace", 0))


def main():
    torch.set_num_threads(1)
    folder, spec, source = Path(sys.argv[1]), CharModelSpec.from_json(sys.argv[2]), random.Random(sys.argv[3])
    kills = 0
    while True:
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            child(folder, spec, writer)
            os._exit(0)
        os.close(writer)
        left = source.randrange(1, 25)
        while left and os.read(reader, 1):
            left -= 1
        for _ in range(source.randrange(20_000)):
            pass
        os.kill(pid, signal.SIGKILL)
        os.close(reader)
        _, status = os.waitpid(pid, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            print(kills)
            return
        kills += 1


if __name__ == "__main__":
    main()
