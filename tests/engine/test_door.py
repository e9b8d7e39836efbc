"""What a lab may be asked for; see test_answers.py for what it may not."""

import os
from types import ModuleType

import pytest

from rnntui.engine.door import look_up


def test_a_lab_may_list_functions_that_are_defined_elsewhere():
    lab = ModuleType("lab")
    for name, value in (("getpid", os.getpid), ("getcwd", os.getcwd), ("environ", os.environ), ("Path", os.PathLike)):
        setattr(lab, name, value)
    lab.__all__ = ["getpid", "environ", "Path"]
    assert look_up(lab, "getpid") is os.getpid
    for name in ("getcwd", "environ", "Path", "missing"):
        with pytest.raises(LookupError, match=f"lab has no public function '{name}'"):
            look_up(lab, name)
