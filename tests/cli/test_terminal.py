import os
import pty
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from rnntui.cli import terminal


@contextmanager
def open_terminal():
    parent, child = pty.openpty()
    try:
        yield parent, child
    finally:
        os.close(parent)
        os.close(child)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, "truecolor"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "none"),
        ({}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_colours_are_what_the_terminal_says(environ, expected):
    assert terminal.colours(environ) == expected


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_draw_is_refused_and_the_headless_command_named(term):
    with open_terminal() as (_, child):
        done = subprocess.run(
            [sys.executable, "-m", "rnntui", "explore", "hello"],
            stdin=child,
            stdout=child,
            stderr=subprocess.PIPE,
            env=os.environ | {"TERM": term},
            check=False,
        )
    assert done.returncode == 2
    assert b"TERM" in done.stderr
    assert b"rnntui step" in done.stderr


@pytest.mark.parametrize("missing", ["stdin", "stdout"])
def test_no_terminal_on_either_side_is_refused(missing):
    with open_terminal() as (_, child):
        ends = {"stdin": child, "stdout": child} | {missing: subprocess.DEVNULL}
        done = subprocess.run(
            [sys.executable, "-m", "rnntui"],
            **ends,
            stderr=subprocess.PIPE,
            env=os.environ | {"TERM": "xterm"},
            check=False,
        )
    assert done.returncode == 2
    assert missing.removeprefix("std").encode() in done.stderr


def test_explore_of_a_pipe_without_a_terminal_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "rnntui", "explore", "-"],
        input=b"hello",
        capture_output=True,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"keys" in done.stderr


def test_what_is_written_to_fd_2_goes_to_the_log_while_the_app_draws_on_fd_1(tmp_path):
    code = (
        "import os, sys\n"
        "from rnntui.cli.terminal import stderr_in_log\n"
        "with stderr_in_log():\n"
        "    os.write(2, b'from C\\n'); print('from Python', file=sys.stderr)\n"
        "    sys.__stderr__.write('drawn é\\n'); sys.__stderr__.flush()\n"
        "print('after', file=sys.stderr); print('after', file=sys.__stderr__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        env=os.environ | {"RNNTUI_HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == "drawn é\n"
    assert done.stderr == b"after\nafter\n"
    assert (tmp_path / "log" / "rnntui.log").read_bytes() == b"from C\nfrom Python\n"


def test_a_home_without_a_log_still_keeps_the_screen_clean():
    code = (
        "import os\nfrom rnntui.cli.terminal import stderr_in_log\n"
        "with stderr_in_log(): os.write(2, b'lost')\nos.write(2, b'kept')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=os.environ | {"RNNTUI_HOME": "/proc/x"}, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"kept")


@pytest.mark.skipif(not Path("/dev/tty").exists(), reason="no /dev/tty here")
def test_after_a_pipe_was_read_the_keys_come_from_the_terminal():
    code = (
        "import sys\nfrom rnntui.cli.incoming import read_stdin\n"
        "from rnntui.cli.terminal import take_keys_from_terminal\n"
        "text, _ = read_stdin()\ntake_keys_from_terminal()\n"
        "print(text, sys.stdin.isatty(), sys.__stdin__.fileno(), sys.stdin.readline().strip())"
    )
    reading, writing = os.pipe()
    os.write(writing, b"piped")
    os.close(writing)
    child, parent = pty.fork()
    if child == 0:
        os.dup2(reading, 0)
        os.execv(sys.executable, [sys.executable, "-c", code])
    os.close(reading)
    os.write(parent, b"typed\n")
    said = b""
    try:
        while chunk := os.read(parent, 1024):
            said += chunk
    except OSError:
        pass
    os.close(parent)
    assert os.waitpid(child, 0)[1] == 0
    assert b"piped True 0 typed" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--file", "missing.txt"], "missing.txt"),
        (["--file", "."], "directory"),
        ([""], "empty"),
        (["a b", "--tokens", "number"], "number"),
        (["--scene", "explore:text=a,hiden=3"], "hiden"),
        (["-"], "empty"),
    ],
)
def test_what_cannot_be_explored_is_refused_before_the_app_opens(refused, monkeypatch, tmp_path, arguments, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(terminal, "require_terminal", lambda: None)
    monkeypatch.setattr("rnntui.engine.client.Engine", None)
    assert said in refused("explore", *arguments)


def test_options_without_a_text_change_the_scene_of_last_time(rnntui, monkeypatch):
    from rnntui.home import Home, Settings
    from rnntui.ui import app

    opened = []

    class Closed:
        def __init__(self, engine, scene, home, **look):
            opened.append((scene, look))
            self.return_code = 0

        def run(self):
            pass

    monkeypatch.setattr(terminal, "require_terminal", lambda: None)
    monkeypatch.setattr(terminal, "stderr_in_log", contextmanager(lambda: iter([None])))
    monkeypatch.setattr("rnntui.engine.client.Engine", lambda **_: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(app, "RnntuiApp", Closed)
    assert rnntui("explore", "--cell", "gru").code == 0
    home = Home.open()
    home.save(Settings(scene="explore:cell=rnn,text=mine,hidden=3,seed=0,t=2,unit=2", welcomed=True))
    home.close()
    assert rnntui("explore", "--hidden", "2", "--theme", "light").code == 0
    assert rnntui("explore").code == 0
    assert rnntui().code == 0
    (first, _), (second, look), *rest = opened
    assert (first.cell, first.text) == ("gru", "the quick brown fox")
    assert (second.cell, second.text, second.hidden, second.unit, second.t) == ("rnn", "mine", 2, 0, 2)
    assert look["theme"] == "light"
    assert [scene for scene, _ in rest] == [None, None]


def test_an_app_that_broke_off_says_so_and_leaves_with_1(rnntui, monkeypatch):
    from rnntui.ui import app

    class Broken:
        return_code = 1

        def __init__(self, *_, **__):
            pass

        def run(self):
            pass

    monkeypatch.setattr(terminal, "require_terminal", lambda: None)
    monkeypatch.setattr(terminal, "stderr_in_log", contextmanager(lambda: iter([None])))
    monkeypatch.setattr("rnntui.engine.client.Engine", lambda **_: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(app, "RnntuiApp", Broken)
    done = rnntui("explore", "hello")
    assert done.code == 1
    assert "fault of rnntui" in done.err


def test_a_terminal_that_is_lost_takes_whatever_is_written_so_that_nobody_waits():
    parent, child = pty.openpty()
    screen = terminal.Screen(os.fdopen(child, "wb"), encoding="utf-8")
    assert screen.write("seen") == 4
    screen.flush()
    assert os.read(parent, 10) == b"seen"
    os.close(parent)
    for _ in range(100):
        assert screen.write("lost" * 1000) == 4000
        screen.flush()
    screen.close()
