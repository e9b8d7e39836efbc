"""Records of gradients to paint: the lab's own, which other tests hold to torch's autograd; each made once."""

from functools import cache

from rnntui import lab
from rnntui.core.flow import Spectrum, Study
from rnntui.scene import parse

CELLS = ("rnn", "lstm", "gru")
FOX = "gradients:cell=lstm,text=the%20quick%20brown%20fox,hidden=8"


@cache
def study(line: str = FOX) -> Study:
    """What the Gradients screen shows of a scene."""
    scene = parse(line)
    return lab.study(scene, tuple(dict.fromkeys((*CELLS, scene.cell))))


@cache
def spectrum(line: str = FOX) -> Spectrum:
    """How its steps stretch."""
    return lab.spectrum(parse(line))
