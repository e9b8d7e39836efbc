"""Every test of this layer starts the real program in a real pseudo-terminal."""

import pytest

from tests.terminal.terminal import Terminal

HELLO = ("explore", "hello")


@pytest.fixture
def home(tmp_path):
    """Where the program keeps its state; the first minute was seen."""
    folder = tmp_path / "home"
    (folder / "state").mkdir(parents=True)
    (folder / "state" / "state.json").write_text('{"format": 1, "welcomed": true}', encoding="utf-8")
    return folder


@pytest.fixture
def start(home, tmp_path):
    """Start `rnntui` with these arguments; whatever happens, it is ended with the test."""
    started = []

    def call(*arguments, environ=None, **options):
        terminal = Terminal(
            arguments,
            environ={"RNNTUI_HOME": str(home), "HOME": str(tmp_path)} | (environ or {}),
            cwd=tmp_path,
            **options,
        )
        started.append(terminal)
        return terminal

    yield call
    for terminal in started:
        terminal.kill()
