"""However the app ends, the terminal is as it was, and the scene is kept."""

import json
import os
import signal

import psutil
import pytest

from tests.terminal.terminal import ALTERNATE, MOUSE


def restored(terminal):
    """Whether the last word on the alternate screen, the mouse and the cursor is that they are as before."""
    sent = terminal.sent
    last = [sent.rfind(back) > sent.rfind(there) >= 0 for there, back in (ALTERNATE, MOUSE, ("\x1b[?25l", "\x1b[?25h"))]
    return all(last)


def kept(home):
    return json.loads((home / "state" / "state.json").read_text(encoding="utf-8"))["scene"]


def ends_in_order(terminal, home, number):
    """Send a signal; everything has to be put back, kept and ended."""
    family = terminal.children()
    assert len(family) >= 2
    os.kill(terminal.pid, number)
    assert terminal.exit_code(5) == 128 + number
    assert restored(terminal)
    assert "Traceback" not in terminal.sent
    assert kept(home).startswith("explore:cell=lstm,text=hello,hidden=8,seed=0,t=2")
    _, alive = psutil.wait_procs(family, 5)
    assert not alive


@pytest.mark.slow
def test_the_signal_of_a_hang_up_restores_the_terminal_keeps_the_scene_and_ends_every_child(start, home):
    terminal = start("explore", "hello")
    terminal.ready()
    terminal.send("right", "right")
    terminal.wait_for("t = 2 / 5")
    ends_in_order(terminal, home, signal.SIGHUP)


def test_ctrl_c_leaves_even_while_torch_is_loading(start):
    terminal = start("explore", "hello")
    terminal.wait_for("loading torch")
    terminal.send("ctrl+c")
    assert terminal.exit_code(5) == 0
    assert restored(terminal)


def test_a_lost_connection_ends_the_app_and_its_children_soon(start, home):
    terminal = start("explore", "hello")
    terminal.ready()
    family = terminal.children()
    terminal.hang_up()
    assert terminal.exit_code(5) == 128 + signal.SIGHUP
    _, alive = psutil.wait_procs(family, 5)
    assert not alive
    assert kept(home).startswith("explore:cell=lstm,text=hello")


def test_suspended_it_stops_with_the_terminal_restored_continued_it_repaints_and_told_to_end_it_does(start, home):
    terminal = start("explore", "hello")
    terminal.ready()
    terminal.send("right")
    terminal.wait_for("t = 1 / 5")
    terminal.settle()
    before = terminal.text
    terminal.send("ctrl+z")
    terminal.wait_for(lambda: psutil.Process(terminal.pid).status() == psutil.STATUS_STOPPED)
    terminal.settle()
    assert restored(terminal)
    terminal.stream.feed("\x1b[2J\x1b[5;5Hthe shell was here")
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.wait_for("t = 1 / 5")
    terminal.settle()
    assert terminal.text == before
    terminal.send("right")
    terminal.wait_for("t = 2 / 5")
    ends_in_order(terminal, home, signal.SIGTERM)
