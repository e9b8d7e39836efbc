"""Names that are keywords of Python: a cell's file escapes them with an underscore, and what is shown does not."""

import numpy as np

from rnntui import lab
from rnntui.core import cellfile
from rnntui.core.provenance import Ref, why
from rnntui.paint import diagram, sentence
from rnntui.scene import Cursor, Scene
from tests.core.own.files import write

ESCAPED = """
OLD = 0.5
SENTENCE = "The input gate is {in_:.2f}."
DIAGRAM = "x {x} ─ {in_} ─ {h}"
def f(x, h, is_, W):
    in_ = sigmoid(W.in_ @ x)  # input gate
    h_ = tanh(W.c @ h + is_)
    is_ = OLD * is_ + in_ * h_
    h = tanh(is_)
    return h, is_
"""


def test_a_symbol_that_is_escaped_as_a_keyword_is_shown_without_its_underscore(tmp_path):
    own = write(tmp_path, ESCAPED)
    trace = lab.trace(Scene(text="abc", cell=own, hidden=3, layers=2, set="in[1]@2=0.25"))
    assert trace.symbols == ("in", "h_", "is", "h")
    assert trace.states == ("h", "is")
    formulas = [equation.formula() for equation in trace.equations]
    assert formulas[0] == "inₜ = σ(W_in xₜ)"
    assert formulas[2] == "isₜ = 0.5 ⊙ isₜ₋₁ + inₜ ⊙ h_ₜ"
    assert trace.equations[0].line_of_code == "in_ = sigmoid(W.in_ @ x)"
    values = trace.passes[0].values
    assert values["in"][1, 1] == 0.25
    np.testing.assert_allclose(values["is"][1], 0.5 * values["is"][0] + values["in"][1] * values["h_"][1], rtol=1e-6)
    assert why(trace, Ref(0, "forward", "is", 0, 2)).formula == formulas[2]
    assert diagram.known(trace)
    assert "The input gate is 0." in sentence.sentences(trace, Cursor(t=1))[0]
    assert lab.gradients(Scene(text="abc", cell=own, hidden=3, loss="last")).passes
    cell, _, _ = cellfile.cell_of(Scene(cell=own))
    assert "\n    in_ = sigmoid(W.in_ @ x)" in cellfile.kept(cell)
