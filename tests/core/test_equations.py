import importlib
import inspect
import math
from pathlib import Path

import pytest

from rnntui.core.equations import load, read, read_source
from rnntui.core.expression import Name
from rnntui.errors import BadInput
from rnntui.names import cell_about, cell_names


def source_cell(body, arguments="x, h, W", step=None):
    source = f"def own({arguments}):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    return read_source(source, "own", step or (lambda: None), file=Path("own.py"), first=10)


GOOD = "h = tanh(W.ih @ x + W.hh @ h)  # hidden state\nreturn h"


def test_an_lstm_says_its_six_equations():
    cell = load("lstm")
    assert [equation.formula() for equation in cell.equations] == [
        "iₜ = σ(W_ii xₜ + b_ii + W_hi hₜ₋₁ + b_hi)",
        "fₜ = σ(W_if xₜ + b_if + W_hf hₜ₋₁ + b_hf)",
        "gₜ = tanh(W_ig xₜ + b_ig + W_hg hₜ₋₁ + b_hg)",
        "oₜ = σ(W_io xₜ + b_io + W_ho hₜ₋₁ + b_ho)",
        "cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ gₜ",
        "hₜ = oₜ ⊙ tanh(cₜ)",
    ]
    meanings = ["input gate", "forget gate", "candidate", "output gate", "cell state", "hidden state"]
    assert [equation.meaning for equation in cell.equations] == meanings
    assert [equation.before for equation in cell.equations] == [("h",)] * 4 + [("c",), ()]
    assert [equation.symbol for equation in cell.equations if equation.is_state] == ["c", "h"]
    assert cell.states == ("h", "c")


def test_the_two_grus_show_their_conventions():
    formulas = [
        next(e for e in load(name).equations if e.symbol == "n").formula() for name in ("gru", "gru-reset-before")
    ]
    assert formulas == [
        "nₜ = tanh(W_in xₜ + b_in + rₜ ⊙ (W_hn hₜ₋₁ + b_hn))",
        "nₜ = tanh(W_in xₜ + b_in + W_hn (rₜ ⊙ hₜ₋₁) + b_hn)",
    ]
    assert all("reset" in load(name).doc for name in ("gru", "gru-reset-before"))


def test_a_vanilla_cell_backwards_reads_the_step_after():
    (equation,) = load("rnn").equations
    assert equation.formula(backward=True) == "hₜ = tanh(W_ih xₜ + b_ih + W_hh hₜ₊₁ + b_hh)"


def test_an_equation_says_what_it_reads_once_and_in_order():
    reads = {one.symbol: one.reads for one in load("lstm").equations}
    assert reads["f"] == (Name("x"), Name("h", before=True))
    assert reads["c"] == (Name("f"), Name("c", before=True), Name("i"), Name("g"))
    (own,) = source_cell("h = h * x + x * h\nreturn h").equations
    assert own.reads == (Name("h", before=True), Name("x"))


@pytest.mark.parametrize("name", cell_names())
def test_every_equation_knows_the_line_it_stands_on(name):
    cell = load(name)
    lines = Path(cell.file).read_text(encoding="utf-8").splitlines()
    for equation in cell.equations:
        line = lines[equation.line - 1]
        assert line.strip().startswith(f"{equation.symbol} = {equation.source}")
        assert line.endswith(f"# {equation.meaning}")
        assert equation.meaning


@pytest.mark.parametrize("name", cell_names())
def test_every_cell_names_its_source_and_has_one_function(name):
    module = importlib.import_module(f"rnntui.core.cells.{name.replace('-', '_')}")
    own = [each for each in vars(module).values() if inspect.isfunction(each) and each.__module__ == module.__name__]
    assert own == [load(name).step]
    assert any(character.isdigit() for character in load(name).doc)
    assert cell_about(name)


def test_the_five_cells_are_the_files_in_the_folder():
    assert cell_names() == ("gru", "gru-reset-before", "lstm", "rnn", "rnn-relu")


@pytest.mark.parametrize(
    ("name", "memory", "keeps", "writes"),
    [
        ("lstm", "c", "f", "i"),
        ("gru", "h", "z", None),
        ("gru-reset-before", "h", "z", None),
        ("rnn", "h", None, None),
        ("rnn-relu", "h", None, None),
    ],
)
def test_which_gate_keeps_and_which_writes_follows_from_the_equations(name, memory, keeps, writes):
    cell = load(name)
    assert (cell.memory, cell.keeping_gate, cell.writing_gate) == (memory, keeps, writes)


@pytest.mark.parametrize("product", ["f * h", "h * f"])
def test_the_gate_that_keeps_is_the_same_in_either_order_of_the_factors(product):
    lines = "f = sigmoid(W.f @ x + W.b_f)", f"h = {product} + (1 - f) * tanh(W.n @ x + W.nh @ h)", "return h"
    assert source_cell("\n".join(lines)).keeping_gate == "f"


def test_an_unknown_cell_is_refused_with_the_nearest():
    with pytest.raises(BadInput, match="did you mean 'lstm'"):
        load("lsmt")


def test_a_function_is_read_from_its_own_file():
    def own(x, h, W):
        """A cell of one's own.

        With more to say."""
        a = W.ia @ x + W.ha @ h  # sum
        h = GAIN * tanh(a)  # hidden state
        return h  # noqa: RET504

    cell = read(own, "own")
    assert cell.doc == "A cell of one's own."
    assert [equation.formula() for equation in cell.equations] == ["aₜ = W_ia xₜ + W_ha hₜ₋₁", "hₜ = 2 ⊙ tanh(aₜ)"]
    assert cell.equations[1].constants == (("GAIN", 2.0),)
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    assert "a = W.ia @ x" in lines[cell.equations[0].line - 1]


GAIN = 2
tanh = math.tanh


def test_an_equation_over_several_lines_is_one_equation():
    cell = source_cell("h = tanh(\n    W.ih @ x\n    + W.hh @ h\n)  # hidden state\nreturn h")
    assert (cell.equations[0].meaning, cell.equations[0].line) == ("hidden state", 11)


def test_an_annotation_and_a_state_under_another_order_are_understood():
    cell = source_cell("c = W.ic @ x + c\nh = tanh(c)\nreturn c, h", "x, h, c, W")
    assert cell.states == ("h", "c")
    assert cell.returns == ("c", "h")
    assert cell.gates == ("c",)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("h = x\nh = h\nreturn h", "own.py:12: h is assigned twice"),
        ("x = h\nh = x\nreturn h", "own.py:11: x is assigned twice"),
        ("h = a\nreturn h", "own.py:11: h uses a, which has no value yet"),
        ("h = 1\nreturn h", "own.py:11: h is a constant"),
        ("h, a = x, x\nreturn h", "own.py:11: `h, a = (x, x)` is no equation"),
        ("h += x\nreturn h", "own.py:11: `h += x` is no equation"),
        ("if x:\n    pass\nreturn h", "own.py:11: `if x:` is no equation"),
        ("for i in x:\n    pass\nreturn h", "own.py:11: `for i in x:` is no equation"),
        ("h = tanh(x)", "own.py:11: a cell ends in one return of its states"),
        ("h = tanh(x)\nreturn x", "own.py:12: return the states h under their names"),
        ("h = tanh(x)\nreturn tanh(h)", "own.py:12: `return tanh(h)` is no equation"),
        ("a = tanh(x)\nreturn h", "own.py:12: the state h is returned but never assigned"),
        ("h = tanh(x)\nreturn", "own.py:12: `return` is no equation"),
        ("h = x @ h\nreturn h", "own.py:11: left of @ stands `x`"),
        ("h = x ** 2\nreturn h", "own.py:11: `x ** 2` uses an operator other than"),
        ('"""Only words."""', "own.py:11: a cell has equations"),
        ("h = tanh(\n    x\n    + h ** 2\n)\nreturn h", "own.py:13: `h ** 2` uses an operator"),
        ("h: int = x\nreturn h", "own.py:11: `h: int = x` is no equation"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_its_file_and_line(body, said):
    with pytest.raises(BadInput) as caught:
        source_cell(body)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("x, W", "takes (x, W)"),
        ("h, x, W", "takes (h, x, W)"),
        ("x, h", "takes (x, h)"),
        ("x, h, W, *more", "takes"),
        ("x, h, W, **more", "takes"),
        ("x, h, W, *, gain", "takes"),
        ("x, h, W=None", "takes"),
    ],
)
def test_a_function_that_takes_something_else_is_no_cell(arguments, said):
    with pytest.raises(BadInput, match=r"own\.py:10: a cell takes") as caught:
        source_cell(GOOD, arguments)
    assert said in str(caught.value)


@pytest.mark.parametrize("source", ["h = 1\n", "class own:\n    pass\n", "", "async def own(x, h, W):\n    return h\n"])
def test_what_is_no_function_is_no_cell(source):
    with pytest.raises(BadInput, match=r"own\.py:1: a cell is a function"):
        read_source(source, "own", lambda: None, file=Path("own.py"))


def test_source_that_is_no_python_is_refused_with_its_line():
    with pytest.raises(BadInput, match=r"own\.py:2: this is not Python"):
        read_source("def own(x, h, W):\n    h = = x\n", "own", lambda: None, file=Path("own.py"))
