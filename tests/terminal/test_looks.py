"""Terminals of every depth, size and encoding show what they can."""

import random
import re
import sys

import pytest
from pyte.screens import Char

from tests.terminal.emulator import SEQUENCE

STOCK = (
    "import sys; from rnntui.ui import frame; frame.supported = lambda: False;"
    "from rnntui.cli.main import main; sys.argv[0] = 'rnntui'; main()"
)
OLD = {"COLORTERM": "", "TERM": "xterm", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""Sixteen colours and no UTF-8."""


def colours(sent):
    """The kinds of colour codes in what was sent."""
    kinds = set()
    for sequence in SEQUENCE.findall(sent):
        if not re.fullmatch(r"\x1b\[[\d;]*m", sequence):
            continue
        codes = [int(code or 0) for code in sequence[2:-1].split(";")]
        while codes:
            code, *codes = codes
            if code in {38, 48}:
                kinds.add("truecolor" if codes[0] == 2 else "256")
                codes = codes[4 if codes[0] == 2 else 2 :]
            elif code in {*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108)}:
                kinds.add("16")
    return kinds


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({}, {"truecolor"}, id="truecolor"),
        pytest.param({"COLORTERM": "", "TERM": "xterm-256color"}, {"256"}, id="256"),
    ],
)
def test_only_the_colours_that_the_terminal_has_are_sent(start, environ, expected):
    terminal = start("explore", "hello", environ=environ)
    terminal.ready()
    terminal.send("end", "n", "?")
    terminal.wait_for("Go back one token")
    terminal.send("escape", "y")
    terminal.wait_for("one line")
    assert colours(terminal.sent) == expected


def drawn(terminal, attribute):
    """The characters on the screen that are drawn bold, underscored or in reverse."""
    place = Char._fields.index(attribute)
    return "".join(cell[0] for row in terminal.screen.cells() for cell in row if cell[place])


def test_where_no_colour_is_wanted_none_is_sent_and_focus_cursor_and_selection_are_seen(start):
    terminal = start("explore", "hello", environ={"NO_COLOR": "1"})
    terminal.ready()
    assert "Equations" in drawn(terminal, "reverse")
    terminal.send("right", "shift+tab")
    terminal.wait_for(lambda: drawn(terminal, "reverse").startswith("h LSTM cell"))  # the token read; the pane in focus
    for sign in ("▲", "+", "−"):
        assert sign in terminal.text
    terminal.send("H")
    terminal.wait_for("Hidden units")
    terminal.wait_for(lambda: drawn(terminal, "reverse").endswith("8 "))  # the number is selected, the cursor behind it
    terminal.send("4", "enter", "c")
    terminal.wait_for(lambda: "lstm  " in drawn(terminal, "underscore"))
    terminal.send("up")
    terminal.wait_for(lambda: "gru-reset-before" in drawn(terminal, "underscore"))
    terminal.send("escape", "t")
    terminal.wait_for(lambda: "hello" in drawn(terminal, "underscore"))
    terminal.send("escape", "H", "0", "enter", "?")
    terminal.wait_for("1024; '0' is not")
    terminal.wait_for("Go back one token")
    assert not colours(terminal.sent)


@pytest.mark.parametrize(
    ("options", "environ", "expected"),
    [
        pytest.param(["--ascii"], {}, {"truecolor"}, id="asked for", marks=pytest.mark.slow),
        pytest.param([], OLD, {"16"}, id="an old terminal"),
    ],
)
def test_without_utf8_only_ascii_is_sent_whatever_the_text_holds(start, options, environ, expected):
    terminal = start("explore", "h\u00e9llo \u6f22\u5b57 \U0001f642".encode(), *options, environ=environ)
    terminal.ready()
    terminal.send("end", "enter")
    terminal.wait_for("W_hi[0,")
    terminal.send("?")
    terminal.wait_for("Go back one token")
    terminal.send("escape", "t")
    terminal.wait_for("Enter reads it by character")
    terminal.send("escape", "c")
    terminal.wait_for("Which cell")
    terminal.send("escape", ":")
    terminal.settle()
    assert "\u6f22" not in terminal.sent
    foreign = {character for character in terminal.sent if ord(character) > 126}
    assert not foreign
    assert colours(terminal.sent) == expected


@pytest.mark.slow
@pytest.mark.parametrize("size", [(20, 4), (39, 11)])
def test_on_a_screen_too_small_no_key_breaks_it_and_enlarging_brings_everything_back(start, size):
    terminal = start("explore", "hello")
    terminal.ready()
    terminal.resize(*size)
    terminal.wait_for("Enlarge" if size[1] < 5 else "needs 40")
    terminal.send(
        ":", "ctrl+p", "right", "?", "escape", "escape", "c", "escape", "t", "escape", "enter", "tab", "right"
    )
    terminal.settle()
    terminal.resize(120, 36)
    terminal.wait_for("t = 2 / 5")
    terminal.wait_for("Why")
    terminal.send("q")
    assert terminal.exit_code() == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_after_keys_and_a_storm_of_resizes_the_screen_is_the_one_that_stock_textual_draws(start, tmp_path, seed):
    chance = random.Random(seed)
    known = ["right", "left", "n", "N", "down", "e", "tab", "enter", "end", "escape"]
    keys = [chance.choice(known) for _ in range(25 if seed else 15)]
    storm = [(chance.randrange(30, 140), chance.randrange(8, 45)) for _ in range(20)]
    size = [(100, 30), (80, 24), (170, 48)][seed % 3]
    ours = start("explore", "漢字 hello 🙂", "--hidden", "5")
    stock = start(
        "explore", "漢字 hello 🙂", "--hidden", "5",
        size=size, program=[sys.executable, "-c", STOCK], environ={"RNNTUI_HOME": str(tmp_path / "other")},
    )  # fmt: skip
    screens = []
    for terminal in (ours, stock):
        terminal.ready()
    for place in storm:
        ours.resize(*place)
        ours.pump(0.001)
    ours.resize(*size)
    for terminal in (ours, stock):
        terminal.settle()
        for key in keys:
            terminal.send(key)
            if key in {"enter", "tab"}:  # the focus follows a moment later, and what ↓ means with it
                terminal.settle(0.1)
    for terminal in (ours, stock):
        terminal.settle(0.5)
        screens.append(terminal.screen.cells())
    assert ours.text == stock.text
    wrong = [(y, x) for y, row in enumerate(screens[0]) for x, cell in enumerate(row) if cell != screens[1][y][x]]
    assert not wrong, ours.text + str([(y, x, screens[0][y][x], screens[1][y][x]) for y, x in wrong[::40]])
