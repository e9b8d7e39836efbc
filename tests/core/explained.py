"""What is asserted of explanations: all of a record's, and what their parts make together."""

from __future__ import annotations

from functools import cache, partial
from math import prod

import numpy as np

from rnntui.core.evaluate import FUNCTIONS
from rnntui.core.parts import Ref
from rnntui.core.provenance import why

INVERSE = {"σ": FUNCTIONS["sigmoid"], "tanh": np.tanh, "ReLU": FUNCTIONS["relu"], "": lambda total: total}


class Recorded:
    """A record of a cell, the torch module with its weights, and every explanation, made once for all tests."""

    def __init__(self, trace, net=None, tolerance=None):
        self.trace, self.net, self.tolerance = trace, net, tolerance
        self.explain = cache(partial(why, trace))

    def explanations(self):
        """Of every symbol of every lane for a few units, at the first, a middle and the last step."""
        for one in self.trace.passes:
            for symbol in self.trace.symbols:
                for unit in (0, 2, self.trace.hidden - 1):
                    for t in (1, 4, self.trace.steps):
                        ref = Ref(one.layer, one.direction, symbol, unit, t)
                        yield ref, self.explain(ref)


def deep(breakdown):
    """All parts, opened as far as they open."""
    for part in breakdown.parts:
        yield part
        if part.inside:
            yield from deep(part.inside)


def joined(inside):
    values = [part.value for part in inside.parts]
    total = {"sum": sum, "product": prod, "copy": sum}[inside.joined](values)
    return INVERSE[inside.function](total)
