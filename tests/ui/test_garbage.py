"""Looking for garbage must not hold up a step."""

import gc

from rnntui.ui import garbage


def test_what_is_there_when_the_app_has_begun_is_not_looked_through_again():
    before = gc.get_threshold()
    try:
        garbage.settle()
        assert gc.get_freeze_count() > 10_000
        assert gc.isenabled()
        assert gc.get_threshold() == (garbage.YOUNG, *before[1:])
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
