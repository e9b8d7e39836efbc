"""Records of gradients to paint: the lab's own, which other tests hold to torch's autograd; each made once."""

from collections.abc import Iterator
from functools import cache

from rnntui import lab
from rnntui.core.flow import Spectrum, Study
from rnntui.paint import backflow, clipping, curve, highway, shares, walk, ways
from rnntui.paint.palette import palette
from rnntui.scene import Cursor, parse

CELLS = ("rnn", "lstm", "gru")
FOX = "gradients:cell=lstm,text=the%20quick%20brown%20fox,hidden=8"
SMALL = "gradients:cell=lstm,text=hello,hidden=2"
SCENES = [
    FOX,
    FOX + ",init=forget-bias%3D3,clip=1",
    "gradients:cell=gru,text=hello,hidden=3,layers=2,bidirectional=yes,loss=mean,clip=value:0.01",
    "gradients:cell=rnn,text=a,hidden=1",
    "gradients:cell=rnn-relu,text=abcab,length=60,hidden=4,init=spectral-radius%3D3,truncate=20",
    "gradients:cell=gru-reset-before,text=the%20river%20bank,tokens=word,hidden=2,loss=token:2",
    "gradients:cell=lstm,text=%5B/x%5D%1B%5D52%3Bc%07%20%E6%BC%A2,hidden=2,loss=lm",
]
PAINTERS = [walk, curve, backflow, ways, clipping, shares, highway]
INK = palette()


@cache
def study(line: str = FOX) -> Study:
    """What the Gradients screen shows of a scene."""
    scene = parse(line)
    return lab.study(scene, tuple(dict.fromkeys((*CELLS, scene.cell))))


@cache
def spectrum(line: str = FOX) -> Spectrum:
    """How its steps stretch."""
    return lab.spectrum(parse(line))


def cursors(record: Study) -> Iterator[Cursor]:
    """The ends of every lane, and a place of the forward pass."""
    lanes = [(one.layer, one.direction) for one in record.gradients.passes]
    for layer, direction in lanes:
        for t in sorted({0, 1, record.trace.steps, record.trace.steps + 1}):
            yield record.clamp(Cursor(layer=layer, direction=direction, t=t))
        yield record.clamp(Cursor(layer=layer, direction=direction, t=1, walk="forward"))
