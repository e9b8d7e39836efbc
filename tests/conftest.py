"""Property tests try the same examples everywhere, and none is too slow on a busy machine; one thread a process."""

import os

from hypothesis import settings

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is imported, here and in whatever the tests start

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")
