"""Trains in a run directory and says so, then waits to be killed. `holder.py FOLDER SPEC`; resumes what is there."""

import signal
import sys
from pathlib import Path

from rnntui.training.loop import resume, train
from rnntui.training.spec import CharModelSpec


def main():
    folder = Path(sys.argv[1])
    training = resume(folder) if folder.exists() else train(CharModelSpec.from_json(sys.argv[2]), folder)
    print(next(training).step, flush=True)
    signal.pause()


if __name__ == "__main__":
    main()
