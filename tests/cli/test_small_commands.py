import json
import shutil
import subprocess

import pytest

from rnntui.cli import doctor
from rnntui.home import find
from rnntui.lessons import folder


def test_paths_are_a_name_a_tab_and_a_path(rnntui):
    lines = [line.split("\t") for line in rnntui("paths").text.splitlines()]
    assert [name for name, _ in lines] == ["config", "config file", "state", "cache", "log", "lessons"]
    assert dict(lines) == json.loads(rnntui("paths", "--format", "json").out)
    assert dict(lines)["state"] == str(find().state)
    assert dict(lines)["lessons"] == str(folder())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_the_shell_can_read(rnntui, tmp_path, shell):
    done = rnntui("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert "_RNNTUI_COMPLETE" in done.text
    if shutil.which(shell):
        (tmp_path / "script").write_text(done.text)
        subprocess.run([shell, "-n", tmp_path / "script"], check=True)


def test_a_shell_completes_commands_options_and_words(process):
    def complete(words, position):
        done = process(_RNNTUI_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(position))
        return [line.partition(",")[2] for line in done.stdout.decode().splitlines()]

    assert complete("rnntui st", 1) == ["step"]
    assert "--hidden" in complete("rnntui step --hi", 2)
    assert complete("rnntui step --cell gru", 3) == ["gru", "gru-reset-before"]
    assert complete("rnntui step --format j", 3) == ["json"]


def test_the_doctor_finds_nothing_broken_here(rnntui):
    done = rnntui("doctor")
    assert (done.code, done.err) == (0, "")
    assert "BROKEN" not in done.text
    for name in ("torch", "textual", "terminal", "home", "lessons", "import torch", "self-check"):
        assert f"\n{name}" in done.text
    assert "LSTM equals torch.nn.LSTM: max difference" in done.text


@pytest.fixture
def _torch_is_timed_already(monkeypatch):
    """It takes two seconds, and the first test of the doctor has seen it."""
    monkeypatch.setattr(doctor, "_torch", lambda: doctor.Finding("import torch", "0.0 s", True))


@pytest.mark.usefixtures("_torch_is_timed_already")
def test_the_doctor_says_what_is_broken_and_exits_with_1(rnntui, monkeypatch):
    from rnntui import lab

    def broken(scene):
        raise RuntimeError("no arithmetic today")

    monkeypatch.setattr(lab, "trace", broken)
    monkeypatch.setenv("RNNTUI_HOME", "/proc/nowhere")
    done = rnntui("doctor")
    assert done.code == 1
    assert "BROKEN RuntimeError: no arithmetic today" in done.text
    assert "settings cannot be saved" in done.text
    assert "broken" in done.err


@pytest.mark.parametrize(
    ("version", "good"), [("5.3.2", True), ("5.10", True), ("6.0.1", False), ("5.3.1", False), ("6", False)]
)
def test_the_doctor_finds_a_library_in_a_version_that_does_not_fit(monkeypatch, version, good):
    import importlib.metadata

    there = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: version if name == "plotext" else there(name))
    found = {one.name: one for one in doctor._packages()}
    assert found.keys() >= {"torch", "textual", "numpy", "click", "rich", "safetensors"}
    assert [name for name, one in found.items() if not one.good] == ([] if good else ["plotext"])
    assert found["plotext"].text == (version if good else f"{version}, and rnntui needs >=5.3.2,<6")


@pytest.mark.usefixtures("_torch_is_timed_already")
def test_the_doctor_finds_wrong_numbers(rnntui, monkeypatch):
    from rnntui.cli import selfcheck

    monkeypatch.setattr(selfcheck, "difference", lambda: 0.5)
    done = rnntui("doctor")
    assert done.code == 1
    assert "BROKEN LSTM equals" in done.text
