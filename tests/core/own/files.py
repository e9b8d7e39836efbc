"""What the tests of own cells share: the files beside this one, and writing others."""

from pathlib import Path

HERE = Path(__file__).parent
PAPERS = Path(__file__).parents[3] / "lessons" / "cells"
MGU, PEEPHOLE, LSTM = str(PAPERS / "mgu.py"), str(PAPERS / "peephole.py"), str(HERE / "lstm.py")
GOOD = "def f(x, h, W):\n    h = tanh(W.a @ x + W.b @ h)\n    return h\n"


def write(folder, body, name="own.py", head="import os, sys, torch\nfrom torch import sigmoid, tanh\n"):
    """A cell's file below two lines of imports; its own first line is line 3."""
    file = folder / name
    file.write_text(head + body, encoding="utf-8")
    return str(file)
