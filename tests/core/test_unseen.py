import numpy as np

from rnntui import lab
from rnntui.core.unseen import unseen
from rnntui.paint.numbers import scale
from rnntui.scene import Cursor, Scene


def there(trace, layer=0, direction="forward"):
    """How many steps of each symbol are there, in the order of the equations."""
    values = trace.of(layer, direction).values.values()
    return [int(np.isfinite(array).all(axis=1).sum()) for array in values]


def test_only_what_the_cursor_has_passed_is_there():
    trace = lab.trace(Scene(text="hello", hidden=3, layers=2))
    seen = unseen(trace, Cursor(t=3, symbol="f", partial=True))
    assert there(seen) == [3, 3, 2, 2, 2, 2]
    assert there(seen, layer=1) == [2] * 6
    assert there(unseen(trace, Cursor(t=3))) == [3] * 6
    assert there(unseen(trace, Cursor())) == [0] * 6
    assert seen.passes[0].values["f"][2].tolist() == trace.passes[0].values["f"][2].tolist()


def test_a_backward_lane_is_there_from_its_end():
    trace = lab.trace(Scene(text="hello", hidden=3, bidirectional=True))
    seen = unseen(trace, Cursor(direction="backward", t=4, symbol="i", partial=True))
    assert there(seen, direction="backward") == [2, 1, 1, 1, 1, 1]
    assert np.isfinite(seen.of(0, "backward").values["h"][4]).all()
    assert there(seen) == [2] * 6


def test_not_even_the_scale_tells_what_comes():
    trace = lab.trace(Scene(text="hello", hidden=3, cell="rnn-relu", init="identity,spectral-radius=3"))
    assert scale(unseen(trace, Cursor(t=1)), "h").largest < scale(trace, "h").largest
