"""Property tests try the same examples everywhere, and none is too slow on a busy machine."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")
