import os
import signal

import pytest

from tests.terminal.terminal import Terminal


@pytest.fixture
def terminal(tmp_path):
    found = Terminal(["explore", "hello"], environ={"RNNTUI_HOME": str(tmp_path)}, cwd=tmp_path)
    yield found
    found.kill()


def test_a_terminal_that_is_gone_leaves_the_code_of_its_signal(terminal):
    terminal.ready()
    terminal.hang_up()
    assert terminal.exit_code(10) == 128 + signal.SIGHUP


def test_a_signal_alone_leaves_its_code_too(terminal):
    terminal.ready()
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.exit_code(10) == 128 + signal.SIGTERM
