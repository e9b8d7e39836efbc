"""A file of equations alone is read and not run; any own cell is written as one, and nothing else is taken for it."""

from pathlib import Path

import pytest

from rnntui import lab
from rnntui.cellname import OwnCell
from rnntui.core import cellfile
from rnntui.core.cellfile import kept, read_cell, read_kept
from rnntui.errors import BadInput
from rnntui.scene import Scene
from tests.core.own.files import GOOD, LSTM, MGU, PEEPHOLE

OWN = OwnCell("/somewhere/own.py", "f")
LONG = """\
import math, os
import torch
import torch.nn.functional as F
from torch.special import expit
GAIN = math.sqrt(2)
N = 0
h = 3
DIAGRAM = "a" + '{c} "x" \\\\ é\\n'
SENTENCE = "c is {c:.2f}"


def f(x, h, s, W):
    '''With "quotes" and \\\\.'''
    a = F.softplus(W.a @ x, 2.0)  # with a beta
    b = torch.nn.functional.silu(a)
    c = torch.softmax(W.c @ b, N)
    h = GAIN * (torch.tanh(c) - W.in_ / 2) + expit(h)
    s = -s + h
    return s, h
"""


def cell_in(file):
    return read_cell(OwnCell(file, Path(file).stem), Path(file).read_bytes())


@pytest.mark.parametrize("file", [MGU, PEEPHOLE, LSTM], ids=["mgu", "peephole", "lstm"])
def test_a_file_of_equations_alone_is_not_run(file, monkeypatch):
    read_cell.cache_clear()
    monkeypatch.setattr(cellfile, "_run", lambda *_: pytest.fail("it was run"))
    cell = cell_in(file)
    assert [one.line for one in read_kept(OwnCell(file), kept(cell)).equations] == [one.line for one in cell.equations]


def test_what_is_kept_of_a_cell_is_the_same_cell():
    cell = read_cell(OWN, LONG.encode())
    again = read_kept(OWN, kept(cell))
    for part in ("name", "states", "returns", "diagram", "sentence", "file", "own"):
        assert getattr(again, part) == getattr(cell, part)
    assert again.doc == "With 'quotes' and \\."
    for mine, theirs in zip(again.equations, cell.equations, strict=True):
        assert (mine.symbol, mine.meaning, mine.tree) == (theirs.symbol, theirs.meaning, theirs.tree)
    assert kept(again) == kept(cell)


def test_what_is_kept_computes_the_same_numbers(tmp_path):
    files = [tmp_path / name for name in ("own.py", "kept.py")]
    files[0].write_text(LONG)
    files[1].write_text(kept(read_cell(OWN, LONG.encode())))
    one, other = (lab.trace(Scene(text="hello", cell=str(file))) for file in files)
    assert (one.output == other.output).all()


def test_a_function_of_torch_that_imports_something_when_it_is_called_is_called(tmp_path):
    file = tmp_path / "own.py"
    file.write_text(
        "from torch import lerp, tanh\n\n\ndef f(x, h, W):\n    h = lerp(tanh(W.a @ x), h, 0.3)\n    return h\n"
    )
    assert lab.trace(Scene(text="ab", cell=str(file))).steps == 2


PLAIN = "from torch import tanh\n" + GOOD


@pytest.mark.parametrize(
    "text",
    [
        "import os\n" + PLAIN,
        "from os import path\n" + PLAIN,
        "from torch import load\n" + PLAIN,
        "from torch import *\n" + GOOD,
        "from torch import nothing_like_this\n" + PLAIN,
        "A = print(1)\n" + PLAIN,
        "A = B = 1\n" + PLAIN,
        "tanh = 1\n" + PLAIN,
        "class A:\n    print(1)\n" + PLAIN,
        "if print(1):\n    pass\n" + PLAIN,
        PLAIN.replace("W)", "W=print(1))"),
        PLAIN.replace("W)", "*, W)"),
        PLAIN.replace("W.a @ x", "print(x)"),
        PLAIN.replace("W.a @ x", "x.__class__"),
        PLAIN.replace("W.a @ x", "(lambda: x)()"),
        PLAIN.replace("    return", "    import os\n    return"),
        "import torch\n" + PLAIN.replace("W.a @ x", "torch.load(x)"),
        "import torch\n" + PLAIN.replace("W.a @ x", "torch.set_num_threads(3)"),
        "import torch\n" + PLAIN.replace("W.a @ x", "torch.hub.load(x)"),
        "@print\n" + PLAIN,
        "",
        "f(",
        "\ud800",
    ],
)
def test_what_is_more_than_equations_is_neither_taken_for_kept_nor_run(text, capfd):
    with pytest.raises(BadInput):
        read_kept(OWN, text)
    assert capfd.readouterr() == ("", "")


def test_what_stands_around_equations_is_not_evaluated(capfd):
    text = PLAIN.replace("(x, h, W)", "(x: print(1), h, W) -> print(2)")
    assert read_kept(OWN, text).states == ("h",)
    assert capfd.readouterr() == ("", "")
