import json
from contextlib import contextmanager

import numpy as np
import pytest

from rnntui.cli import asking
from rnntui.core.store import from_npz
from rnntui.engine.worker import InlineEngine
from tests.core.own.files import GOOD, MGU, PEEPHOLE, write


@pytest.fixture
def inline(monkeypatch):
    """Compute in this process, where torch is imported already."""

    @contextmanager
    def here(_scene):
        with InlineEngine() as engine:
            yield engine

    monkeypatch.setattr(asking, "engine_for", here)


def test_a_new_cell_is_written_checked_and_stepped_and_never_written_over(inline, rnntui, refused, tmp_path):
    file = tmp_path / "mine.py"
    assert f"--cell {file}" in rnntui("cell", "new", file).text
    written = file.read_bytes()
    assert refused("cell", "new", file).startswith(f"There is a file {file} already")
    assert file.read_bytes() == written
    checked = rnntui("cell", "check", f"{file}:mgu")
    assert checked.code == 0
    assert "nₜ = tanh(W_xn xₜ + W_hn (fₜ ⊙ hₜ₋₁) + b_n)  candidate" in checked.text
    assert "W.xn         (H, D)  saved as xn_l0" in checked.text
    assert "W.b_n        (H,)    saved as b_n_l0" in checked.text


def test_a_new_cell_begins_from_a_paper(inline, rnntui, refused, tmp_path):
    file = tmp_path / "mine.py"
    assert rnntui("cell", "new", file, "--from", "peephole").code == 0
    checked = rnntui("cell", "check", file).text
    assert checked.startswith("mine.py:peephole  One step of an LSTM with peepholes")
    assert "carries h, c" in checked
    assert "did you mean 'peephole'?" in refused("cell", "new", tmp_path / "b.py", "--from", "pephole")
    assert not (tmp_path / "b.py").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "mine.txt"], "name it FILE.py"),
        (["new", "mine.py:f"], "name it FILE.py"),
        (["new", "missing/mine.py"], "cannot be written"),
        (["check", "lstm"], "write FILE.py:FUNCTION"),
        (["nwe", "mine.py"], "nwe"),
    ],
)
def test_what_cannot_be_begun_or_checked_is_said(refused, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert said in refused("cell", *arguments)
    assert not list(tmp_path.glob("*.*"))


def test_an_own_cell_is_named_wherever_one_stands_and_pinned(inline, rnntui, tmp_path, monkeypatch):
    write(tmp_path, GOOD)
    monkeypatch.chdir(tmp_path)
    done = rnntui(
        "step", "hello", "--cell", "own.py", "--format", "json", "--weights", "w.safetensors", "--why", "h[1]"
    )
    found = json.loads(done.text)
    assert found["cell"] == "own.py:f"
    assert f"cell={tmp_path}/own.py:f,cell-sha256=" in found["scene"]
    assert found["why"]["formula"] == "hₜ = tanh(W_a xₜ + W_b hₜ₋₁)"
    loaded = rnntui(
        "step", "--scene", found["scene"], "--load-weights", "w.safetensors", "--format", "json", "--at", "5"
    )
    np.testing.assert_allclose(json.loads(loaded.text)["output"], found["output"], rtol=0, atol=1e-7)
    write(tmp_path, GOOD + "# saved again\n")
    assert "own.py:f has changed since this scene was written" in rnntui("step", "--scene", found["scene"]).err
    assert not rnntui("step", "--scene", found["scene"], "--cell", "own.py").err


def test_an_own_cell_that_fails_is_one_sentence_and_exit_code_2(inline, refused, tmp_path):
    file = write(tmp_path, "raise ValueError('boom')\n" + GOOD)
    for command in (("step", "hello", "--cell"), ("cell", "check")):
        assert refused(*command, file) == "own.py:3: ValueError: boom.\n"


def test_an_own_cell_that_kills_its_process_leaves_the_command_alive(refused, tmp_path):
    file = write(tmp_path, "os.kill(os.getpid(), 9)\n" + GOOD)
    assert refused("step", "hello", "--cell", file).startswith("own.py: trace was not finished: its process was killed")


def test_an_own_cell_is_drawn_by_snap(inline, rnntui, tmp_path):
    out = tmp_path / "a.txt"
    assert rnntui("snap", f"explore:cell={PEEPHOLE},text=hello,hidden=3,t=2", "-o", out).code == 0
    assert "peephole.py:peephole cell · unit 0" in out.read_text(encoding="utf-8")


def test_the_formats_carry_an_own_cell(inline, rnntui, tmp_path):
    assert rnntui("step", "hi", "--cell", MGU, "--format", "csv").text.count("\n") == 1 + 2 * 3 * 8
    out = tmp_path / "a.npz"
    assert rnntui("step", "hi", "--cell", MGU, "--format", "npz", "-o", out).code == 0
    assert from_npz(out).passes[0].torch_names["hf"] == ("hf_l0", 0)


def test_without_a_command_its_help_is_shown_line_by_line(rnntui):
    done = rnntui("cell")
    assert (done.code, done.out) == (2, b"")
    assert done.err.startswith("Usage: rnntui cell [OPTIONS] COMMAND")
    assert any(line.split()[:1] == ["new"] for line in done.err.splitlines())
