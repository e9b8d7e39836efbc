"""Every command and example of the README is run, and gives what it shows."""

import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from rnntui.cli.main import run

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
NUMBER = re.compile(r"[-−]?\d+\.\d{5,}(?:e-?\d+)?")
SHOWN = {
    "right": "→",
    "left": "←",
    "up": "↑",
    "down": "↓",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "question_mark": "?",
    "colon": ":",
    "full_stop": ".",
    "less_than_sign": "<",
    "greater_than_sign": ">",
}


def examples():
    """(command, what it shows) for every line with a $ in a console block."""
    for block in CONSOLE:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            yield command, shown


@pytest.mark.parametrize(("command", "shown"), list(examples()), ids=lambda value: value[:50])
def test_an_example_gives_what_is_shown(command, shown, tmp_path, monkeypatch, capsysbinary):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RNNTUI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    name, *arguments = shlex.split(command)
    assert name == "rnntui"
    assert run(arguments) == 0
    captured = capsysbinary.readouterr()
    assert captured.err == b""
    if "-o" in arguments:
        assert (tmp_path / arguments[arguments.index("-o") + 1]).stat().st_size > 500
    said = captured.out.decode("utf-8")
    expected = shown.removeprefix("…\n").removesuffix("…\n")
    said = said[said.index(expected[:10]) if expected else 0 :][: len(expected)] if shown.startswith("…") else said
    assert NUMBER.sub("#", said) == NUMBER.sub("#", expected)
    numbers = [[float(number) for number in NUMBER.findall(text)] for text in (said, expected)]
    assert numbers[0] == pytest.approx(numbers[1], abs=1e-6)


def test_there_are_examples_of_every_headless_command():
    commands = {command.split()[1] for command, _ in examples()}
    assert commands == {"step", "snap", "cell", "grad"}
    assert len(list(examples())) >= 5


def test_the_check_against_torch_prints_true(tmp_path, monkeypatch, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    monkeypatch.setenv("RNNTUI_HOME", str(tmp_path))
    exec(code, {})
    assert capsys.readouterr() == ("True\n", "")


def test_each_of_the_two_commands_does_all_the_set_up():
    commands = re.findall(r"<!-- (run|test) -->\n```sh\n(.*?)\n```", README)
    assert dict(commands).keys() == {"run", "test"}
    for _, command in commands:
        steps = command.split(" && ")
        assert steps[0] == "python3 -m venv .venv"
        assert steps[1].startswith(".venv/bin/pip install -e ")
        assert len(steps) == 3


def test_the_pictures_are_there():
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", README)
    assert len(pictures) >= 2
    assert all((Path(__file__).parents[1] / picture).is_file() for picture in pictures)


def test_the_table_of_keys_is_the_keys_there_are():
    from rnntui.ui.keys import APP, EXPLORE, GRADIENTS, TRAIN

    table = README.partition("## Keys")[2].partition("\n\nThe mouse")[0]
    first = [line.split(" | ")[0] for line in table.splitlines() if line.startswith(("| `", "| in "))]
    documented = {key for cell in first for key in re.findall(r"`([^`]+)`", cell)}
    bound = {key for binding in (*EXPLORE, *GRADIENTS, *TRAIN, *APP) for key in binding.key.split(",")}

    def shown(key):
        if key in SHOWN:
            return SHOWN[key]
        return key if len(key) == 1 else "+".join(word.capitalize() for word in key.split("+"))

    assert documented == {shown(key) for key in bound}


def test_the_cells_and_formats_named_are_those_there_are():
    from rnntui.cli.step import FORMATS
    from rnntui.names import cell_names

    table = README.partition("| `--cell` |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `([^|]*)` \|", table, re.MULTILINE)) | {"rnn", "rnn-relu"} >= set(cell_names())
    assert all(f"`{name}`" in README for name in (*cell_names(), *FORMATS))


def test_the_initialisations_named_all_work(tmp_path, monkeypatch, capsysbinary):
    monkeypatch.setenv("RNNTUI_HOME", str(tmp_path))
    sentence = README.partition("`--init` is a comma list")[2].partition("```")[0]
    words = re.findall(r"`([a-z-]+(?:=[A-Z])?)`", sentence)
    assert len(words) == 6
    for word in words:
        assert run(["step", "hello", "--init", re.sub("=[A-Z]", "=3", word), "--format", "csv"]) == 0, word


def test_the_cell_that_is_shown_runs_as_it_stands(tmp_path, monkeypatch, capsysbinary):
    (shown,) = re.findall(r"```py\n(.*?)```", README, re.DOTALL)
    (tmp_path / "mine.py").write_text(shown, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["cell", "check", "mine.py:mgu"]) == 0
    assert run(["step", "hi", "--cell", "mine.py:mgu", "--format", "csv"]) == 0
    assert capsysbinary.readouterr().err == b""
