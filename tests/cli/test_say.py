import subprocess
import sys
from pathlib import Path

import rnntui.cli
from rnntui.cli.say import say


def test_no_command_imports_the_way_in():
    files = Path(rnntui.cli.__file__).parent.glob("*.py")
    assert not [file.name for file in files if "rnntui.cli.main" in file.read_text(encoding="utf-8")]


def test_a_sentence_is_said_on_stderr_and_cannot_move_the_terminal(capsys):
    say("a\x1b[2Jb.")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("rnntui: a")
    assert "\x1b" not in captured.err


def test_saying_imports_neither_click_nor_the_way_in():
    code = "import sys, rnntui.cli.say\nprint({'click', 'rnntui.cli.main'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
