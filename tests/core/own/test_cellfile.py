"""A file that is no cell, or misbehaves, is refused in one sentence that names its line."""

import os

import pytest
import torch

from rnntui import lab
from rnntui.core import fence
from rnntui.core.provenance import parse_ref, why
from rnntui.errors import BadInput
from rnntui.scene import Scene, parse
from tests.core.own.files import GOOD, write


def cell(body):
    """A function of x, h and W with these lines, the first of them in line 4."""
    return "def f(x, h, W):\n" + "".join(f"    {line}\n" for line in body.splitlines())


READ = [
    (cell("h = = x"), "own.py:4: this is not Python (invalid syntax)."),
    (cell("for i in x:\n    pass\nreturn h"), "own.py:4: `for i in x:` is no equation"),
    (cell("h = x ** 2\nreturn h"), "own.py:4: `x ** 2` uses an operator"),
    (cell("h = a\nreturn h"), "own.py:4: h uses a, which has no value yet."),
    (cell("a = W.a @ x\nh = a.tanh()\nreturn h"), "own.py:5: `a.tanh()` is a method; write tanh(a)."),
    (cell("a = W.a @ x\nh = a.add(h)\nreturn h"), "own.py:5: `a.add(…)` is a method; write add(a)."),
    (cell("h = relu(h)\nreturn h"), "own.py:4: there is no relu; write above: from torch import relu."),
    (cell("h = squash(h)\nreturn h"), "own.py:4: there is no squash, and torch has none."),
    (cell("h = torch.tanh_(h)\nreturn h"), "own.py:4: torch.tanh_ is no function of torch under its own name"),
    (cell("h = os.getcwd(h)\nreturn h"), "own.py:4: os.getcwd is no function of torch"),
    ("def tanh(x):\n    return x\n\n\n" + GOOD, "own.py has several functions; choose one, such as own.py:tanh."),
    (
        "squash = tanh\n" + cell("h = squash(h)\nreturn h"),
        "own.py:5: squash is no function of torch under its own name",
    ),
    ("G = torch.ones(2)\n" + cell("h = G * h\nreturn h"), "own.py:5: h uses G, which is no number"),
    ("G = 10**400\n" + cell("h = G * h\nreturn h"), "own.py:5: h uses G, which is no number"),
    ("A = 1\n", "own.py has no function; a cell is def f(x, h, …, W)."),
    ("def d(g):\n    return g\n\n\n@d\n" + GOOD, "own.py:7: a cell is what it says; remove the decorator."),
    (GOOD + "f = tanh\n", "own.py:3: f is replaced below its definition"),
    (cell("h = W.a @ x + W.a @ h\nreturn h"), "own.py:4: W.a would have to be (H, D) before and (H, H) here"),
    (cell("h = W.a @ h + W.a\nreturn h"), "own.py:4: W.a would have to be (H, H) before and (H,) here"),
    (cell("h = W.if_ + W.if__ + h\nreturn h"), "own.py:4: W.if__ and W.if_ would be saved under one name"),
    (cell("h = W.__dict__ @ h\nreturn h"), "own.py:4: W.__dict__ is no name for a weight"),
    (cell("h = W.a @ 2 + h\nreturn h"), "own.py:4: right of W.a @ stands no vector"),
    (cell(f"h = {' + '.join(['h'] * 100)}\nreturn h"), "own.py:4: h is too long to follow"),
    (cell(f"h = {'(' * 3000}h{')' * 3000}\nreturn h"), "own.py"),
    (cell(f"h = {'-' * 5000}h\nreturn h"), "own.py is nested too deeply to be read"),
    ("SENTENCE = '{h:999999999f}'\n" + GOOD, "own.py: the SENTENCE has a slot with '999999999f'"),
    ("SENTENCE = '{h'\n" + GOOD, "own.py: the SENTENCE cannot be read"),
]
RUN = [
    ("raise ValueError('boom\\nand more')\n", "own.py:3: ValueError: boom."),
    ("class E(Exception):\n    def __str__(self): 1 / 0\nraise E\n", "own.py:5: E: (its message cannot be read)."),
    ("sys.exit(0)\n", "own.py:3: SystemExit: 0."),
    ("import nothing_like_this\n", "own.py:3: ModuleNotFoundError"),
    ("A = torch.zeros(100 * 2**28)\n", "own.py:3: this needs more than the 4 GiB of memory"),
    ("A = [0] * (10 * 2**30)\n", "own.py:3: this needs more than the 4 GiB of memory"),
]
TRIED = [
    (
        "a = torch.sum(W.a @ x)\nh = a * h\nreturn h",
        "own.py:4: a is a single number; every equation gives (H,), here (8,).",
    ),
    ("h = torch.outer(h, h)\nreturn h", "own.py:4: h has the shape (8, 8)"),
    ("h = x * h\nreturn h", "own.py:4: x has 3 numbers and h has 8; multiply x with a matrix"),
    ("h = torch.isnan(h)\nreturn h", "own.py:4: h holds bool and not float32."),
    ("a = W.a @ x\nh = h + torch.rand_like(a)\nreturn h", "own.py:5: h is another one each time"),
    ("h = torch.dot(h, W.a @ x) * torch.dot(W.a @ x, x)\nreturn h", "own.py:4: x has 3 numbers"),
    ("h = torch.take(h, h)\nreturn h", "own.py:4: "),
    ("h = torch.ones(25000000000) * h\nreturn h", "own.py:4: this needs more than the 4 GiB of memory"),
]


@pytest.mark.parametrize(
    ("body", "said"),
    [*READ, *((head + GOOD, said) for head, said in RUN), *((cell(body), said) for body, said in TRIED)],
    ids=lambda value: value[:40].strip() if value.startswith("own.py") else "",
)
def test_what_is_no_cell_is_refused_with_its_line(body, said, tmp_path):
    before = torch.get_default_dtype()
    with pytest.raises(BadInput) as caught:
        lab.trace(Scene(text="abc", cell=write(tmp_path, body) + (":f" if "def d(" in body else "")))
    sentence = str(caught.value)
    assert sentence.startswith(said)
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert torch.get_default_dtype() is before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "own.py has no function"),
        (b"\xff\xfe\x00", "own.py: this is not Python"),
        (b"h = '\xff'\n", "own.py: this is not Python (invalid or missing encoding declaration)"),
        (b"h = 1\0\n", "own.py: this is not Python"),
        (b"#" * (2**20 + 1), "larger than 1 MiB"),
    ],
    ids=["empty", "binary", "latin", "nul", "large"],
)
def test_bytes_that_are_no_python_are_refused(content, said, tmp_path):
    file = tmp_path / "own.py"
    file.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        lab.trace(Scene(text="abc", cell=str(file)))
    assert said in str(caught.value)


@pytest.mark.parametrize(("make", "said"), [(lambda file: file.mkdir(), "directory"), (os.mkfifo, "no ordinary file")])
def test_what_is_no_ordinary_file_is_not_waited_for(make, said, tmp_path):
    make(tmp_path / "own.py")
    with pytest.raises(BadInput, match=said):
        lab.trace(Scene(text="abc", cell=str(tmp_path / "own.py")))


@pytest.mark.parametrize(
    "body",
    ["while True:\n    pass\n", "while True:\n    print('again' * 99)\n", "import time\ntime.sleep(60)\n"],
    ids=["computes", "prints", "sleeps"],
)
def test_a_file_that_runs_for_ever_is_stopped_at_its_line(body, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(fence, "PATIENCE", 0.05)
    with pytest.raises(BadInput, match=r"own\.py:[34]: it was still running after 0\.05 s and was stopped"):
        lab.trace(Scene(text="abc", cell=write(tmp_path, body + GOOD)))
    assert capfd.readouterr() == ("", "")


def test_a_file_that_catches_everything_is_stopped_too(tmp_path, monkeypatch):
    monkeypatch.setattr(fence, "PATIENCE", 0.05)
    monkeypatch.setattr(fence, "AGAIN", 0.05)
    body = "try:\n    while True:\n        pass\nexcept BaseException:\n    while True:\n        pass\n"
    with pytest.raises(BadInput, match=r"own\.py:[78]: it was still running"):
        lab.trace(Scene(text="abc", cell=write(tmp_path, body + GOOD)))


def test_what_a_file_prints_and_sets_leaves_no_trace(tmp_path, capfd):
    head = "print('hello')\nos.write(2, b'hello')\nsys.stderr.write('hello')\n"
    head += "torch.set_default_dtype(torch.float64)\ntorch.set_num_threads(3)\n"
    threads = torch.get_num_threads()
    trace = lab.trace(Scene(text="abc", cell=write(tmp_path, head + GOOD)))
    assert trace.passes[0].values["h"].dtype == "float32"
    assert capfd.readouterr() == ("", "")
    assert (torch.get_default_dtype(), torch.get_num_threads()) == (torch.float32, threads)


def test_a_file_is_run_once_for_each_version(tmp_path):
    count = tmp_path / "count"
    head = f"with open({str(count)!r}, 'a') as stream:\n    stream.write('.')\n"
    file = write(tmp_path, head + GOOD)
    for text in ("abc", "hello", "abc"):
        lab.trace(Scene(text=text, cell=file))
    assert count.read_text() == "."
    lab.trace(Scene(text="abc", cell=write(tmp_path, head + GOOD + "# another version\n")))
    assert count.read_text() == ".."


def test_the_scene_says_which_function_and_which_content_was_read_and_a_change_is_said(tmp_path):
    file = write(tmp_path, GOOD)
    first = lab.trace(Scene(text="abc", cell=file))
    assert f"cell={file}:f,cell-sha256=" in first.scene
    again = lab.trace(parse(first.scene))
    assert (again.scene, again.notices) == (first.scene, ())
    write(tmp_path, GOOD.replace("tanh", "sigmoid"))
    changed = lab.trace(parse(first.scene))
    assert changed.notices == (
        "The cell own.py:f has changed since this scene was written, so its numbers may have too.",
    )
    with pytest.raises(BadInput, match="changed while it was read"):
        lab.save_weights(parse(first.scene), tmp_path / "w.safetensors")


def test_torchs_functions_are_called_however_they_were_imported(tmp_path):
    body = "import torch.nn.functional as F\nimport math\nGAIN = math.sqrt(2)\nh = 3\n" + cell(
        "a = F.softplus(W.a @ x, 2.0)  # with a beta\n"
        "b = torch.nn.functional.silu(a)\n"
        "c = torch.softmax(W.c @ b, 0)\n"
        "h = GAIN * (torch.tanh(c) - W.in_ / 2) + h\n"
        "return h"
    )
    trace = lab.trace(Scene(text="hello", cell=write(tmp_path, body), hidden=3))
    assert trace.equation("h").formula() == "hₜ = 1.41421 ⊙ (tanh(cₜ) − in / 2) + hₜ₋₁"
    for symbol in trace.symbols:
        assert why(trace, parse_ref(f"{symbol}[0]", 2)).chain


def test_one_function_of_several_is_named_and_another_is_answered_with_the_nearest(tmp_path):
    two = write(tmp_path, GOOD + GOOD.replace("def f", "def gate"))
    assert lab.trace(Scene(text="abc", cell=f"{two}:gate")).cell == "own.py:gate"
    with pytest.raises(BadInput, match=r"own\.py has no function 'gte': did you mean 'gate'"):
        lab.trace(Scene(text="abc", cell=f"{two}:gte"))


def test_x_is_used_element_by_element_where_it_is_as_long_as_the_state(tmp_path):
    file = write(tmp_path, cell("h = tanh(W.a * x + h)\nreturn h"))
    assert lab.trace(Scene(text="abc", cell=file, hidden=3)).passes[0].values["h"].shape == (3, 3)


def test_a_cell_without_weights_and_a_cell_that_does_not_read_run(tmp_path):
    assert lab.parameters(Scene(text="abc", cell=write(tmp_path, cell("h = 0.5 * h\nreturn h")))) == {}


def test_a_drawing_and_a_sentence_of_ones_own_are_cleaned_and_kept(tmp_path):
    head = "DIAGRAM = '\\x1b[2J{h}'\nSENTENCE = 'Unit {unit}: \\x07{h:+.2f}'\n"
    trace = lab.trace(Scene(text="abc", cell=write(tmp_path, head + GOOD)))
    assert (trace.diagram, trace.sentence) == ("?[2J{h}", "Unit {unit}: ?{h:+.2f}")


def test_lines_are_counted_as_python_counts_them(tmp_path):
    file = write(tmp_path, "# \x0c \u2028 \x85\n" + GOOD)
    assert lab.trace(Scene(text="abc", cell=file)).equations[0].line == 5


def test_a_comment_cannot_move_the_terminal(tmp_path):
    file = write(tmp_path, GOOD.replace("@ h)", "@ h)  # \x1b[2Jgate"))
    assert lab.trace(Scene(text="abc", cell=file)).equations[0].meaning == "?[2Jgate"
