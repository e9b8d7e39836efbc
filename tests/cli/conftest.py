import io
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from rnntui.cli.main import run


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: bytes
    err: str

    @property
    def text(self):
        return self.out.decode("utf-8")


class Piped(io.TextIOWrapper):
    """Standard input that is a pipe with something in it."""

    def __init__(self, content):
        super().__init__(io.BytesIO(content), encoding="utf-8")


@pytest.fixture(autouse=True)
def quiet_home(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNTUI_HOME", str(tmp_path / "home"))
    for name in ("COLUMNS", "NO_COLOR", "RNNTUI_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def rnntui(capsysbinary, monkeypatch):
    """Run `rnntui` in this process, where torch is imported once for all tests."""

    def call(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", Piped(stdin))
        code = run([str(argument) for argument in arguments])
        captured = capsysbinary.readouterr()
        return Done(code, captured.out, captured.err.decode("utf-8"))

    return call


@pytest.fixture
def refused(rnntui):
    """Run `rnntui`, check that it refuses with one sentence and exit code 2, and return the sentence."""

    def call(*arguments, stdin=b""):
        done = rnntui(*arguments, stdin=stdin)
        assert (done.code, done.out) == (2, b""), done
        assert done.err.startswith("rnntui: ")
        assert done.err.endswith("\n")
        assert done.err.count("\n") == 1
        assert "Traceback" not in done.err
        assert done.err.strip()[-1] in ".?'"
        return done.err.removeprefix("rnntui: ")

    return call


@pytest.fixture
def process(tmp_path):
    """Run `rnntui` as a process of its own."""

    def call(*arguments, stdin=b"", **environ):
        kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONUTF8", "PYTHONIOENCODING"}}
        return subprocess.run(
            [sys.executable, "-m", "rnntui", *arguments],
            input=stdin,
            capture_output=True,
            env=kept | environ,
            cwd=tmp_path,
            check=False,
            timeout=60,
        )

    return call
