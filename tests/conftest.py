"""Property tests try the same examples everywhere, and none is too slow on a busy machine; one thread a process."""

import os

from hypothesis import settings

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported, here and in whatever the tests start


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores, since many a test waits for a program that it started."""
    return len(os.sched_getaffinity(0)) + 1


settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")
