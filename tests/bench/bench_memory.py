"""How much memory the app's own process holds, and that no torch is in it. `python tests/bench/bench_memory.py`."""

import sys
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.bench_start import EMPTY, PAINTED
from tests.bench.measure import app, finish, report

MIB = 1 << 20


def held(process: psutil.Process) -> str:
    """Resident, proportional and unique memory, in words."""
    memory = process.memory_full_info()
    return f"resident {memory.rss / MIB:.1f}, proportional {memory.pss / MIB:.1f}, its own {memory.uss / MIB:.1f} MiB"


def main() -> None:
    """Print every figure with its goal."""
    terminal, empty = app("explore"), app(program=EMPTY)
    try:
        empty.wait_for(lambda: PAINTED in empty.sent)
        empty.settle()
        terminal.ready()
        terminal.send("right", "right")
        terminal.settle()
        process = psutil.Process(terminal.pid)
        libraries = [Path(one.path).name for one in process.memory_maps() if "torch" in one.path]
        print(f"an empty Textual app: {held(psutil.Process(empty.pid))}")
        print(f"the app:              {held(process)}")
        for child in terminal.children():
            print(f"  child {' '.join(child.cmdline()[2:5]):32} {held(child)}")
        report("resident memory of the UI process", process.memory_info().rss / MIB, 60, "MiB")
        report("libraries of torch in it", len(libraries), 0, "")
    finally:
        terminal.kill()
        empty.kill()
    finish()


if __name__ == "__main__":
    main()
