import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from rnntui.cli import main
from rnntui.cli.given import NAMED
from rnntui.cli.step import step
from rnntui.home import find
from rnntui.names import cell_names
from rnntui.scene import Scene


def test_version_is_that_of_the_package(rnntui):
    assert rnntui("--version").text == f"rnntui {version('rnntui')}\n"


def test_help_goes_to_standard_output(rnntui):
    done = rnntui("--help")
    assert (done.code, done.err) == (0, "")
    for command in ("explore", "step", "snap", "doctor", "paths", "completion"):
        assert command in done.text


def test_the_defaults_in_the_help_are_those_of_a_scene():
    defaults = {field.name: field.default for field in fields(Scene)}
    shown = {one.name: one.help for one in step.params if isinstance(one, click.Option)}
    for name in NAMED:
        if defaults[name] not in (False, ""):
            assert shown[name].endswith(f"[{defaults[name]}]")


def test_the_help_names_every_cell(rnntui):
    text = rnntui("step", "--help").text
    assert set(cell_names()) <= set(re.findall(r"[a-z-]+", text))


def test_without_a_command_it_explores(refused):
    assert "terminal" in refused()
    assert "rnntui step" in refused()


@pytest.mark.parametrize("option", ["--ascii", "--cell=gru", "--hidden"])
def test_without_a_command_an_option_of_explore_is_taken_as_one(refused, option):
    values = ["4"] if option == "--hidden" else []
    assert "needs a terminal" in refused(option, *values)


def test_without_a_command_an_option_of_another_one_is_said_to_be_its(refused):
    assert "--loss is an option of 'rnntui grad'" in refused("--loss", "mean")


def test_a_fault_of_ours_is_said_so_and_logged(rnntui, monkeypatch):
    from rnntui import lab

    def broken(scene):
        raise KeyError("\x1b[31mred")

    monkeypatch.setattr(lab, "trace", broken)
    done = rnntui("step", "a")
    assert (done.code, done.out) == (1, b"")
    assert "this is a fault of rnntui" in done.err.lower()
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err
    log = find().log_file
    assert str(log) in done.err
    assert "Traceback" in log.read_text()


def test_a_fault_is_raised_as_it_is_when_debugging(rnntui, monkeypatch):
    from rnntui import lab

    def broken(scene):
        raise KeyError("here")

    monkeypatch.setattr(lab, "trace", broken)
    monkeypatch.setenv("RNNTUI_DEBUG", "1")
    with pytest.raises(KeyError, match="here"):
        rnntui("step", "a")


def test_too_little_memory_is_no_fault_of_ours(rnntui, monkeypatch):
    from rnntui import lab

    def broken(scene):
        raise MemoryError

    monkeypatch.setattr(lab, "trace", broken)
    done = rnntui("step", "a")
    assert done.code == 1
    assert "memory" in done.err
    assert "fault" not in done.err


def test_ctrl_c_leaves_with_130_and_no_traceback(rnntui, monkeypatch):
    from rnntui import lab

    def interrupted(scene):
        raise KeyboardInterrupt

    monkeypatch.setattr(lab, "trace", interrupted)
    done = rnntui("step", "a")
    assert done.code == 130
    assert done.err.strip() == ""


def test_ctrl_c_in_the_real_process_leaves_with_130():
    code = (
        "import os, signal\n"
        "from rnntui.cli import given, main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored in what a script runs in the background
        "given.read_stdin = lambda: os.kill(os.getpid(), signal.SIGINT) or signal.pause()\n"
        "main.main()"
    )
    done = subprocess.run([sys.executable, "-c", code, "step", "-"], capture_output=True, check=False)
    assert done.returncode == 130
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.slow
def test_a_pipe_that_nobody_reads_is_left_quietly_and_a_full_disk_is_said_in_one_sentence():
    """Each in a process of its own, forked from one that has imported torch."""
    code = (
        "import os, sys\n"
        "import rnntui.cli.export, rnntui.cli.picture, rnntui.cli.step, rnntui.lab\n"
        "from rnntui.cli.main import main\n"
        "full = os.open('/dev/full', os.O_WRONLY)\n"
        "for form, target in [('text', 1), ('json', 1), ('csv', 1), ('npz', 1), ('json', full)]:\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        os.dup2(target, 1)\n"
        "        sys.argv[1:] = ['step', 'hello' * 20, '--format', form]\n"
        "        sys.exit(main())\n"
        "    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
        "    print(form, code, file=sys.stderr, flush=True)\n"
    )
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert done.stderr.splitlines() == [
        *("text 1", "json 1", "csv 1", "npz 1"),
        *("rnntui: No space left on device.", "json 1"),
    ]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_sentence_is_said_in_any_encoding(process, encoding):
    done = process("step", "a", "--cell", "lstm漢", PYTHONIOENCODING=encoding)
    assert done.returncode == 2
    assert done.stderr.startswith(b"rnntui: Unknown cell 'lstm")
    done.stderr.decode(encoding)


def test_python_m_rnntui_is_rnntui(process):
    assert process("--version").stdout == f"rnntui {version('rnntui')}\n".encode()


def test_run_answers_and_main_leaves(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["rnntui", "--version"])
    with pytest.raises(SystemExit) as left:
        main.main()
    assert left.value.code == 0
