"""What a text, a file or a file's name holds is shown, never obeyed."""

import base64
import re

import pytest

from tests.terminal.emulator import SEQUENCE

CLIPBOARD = re.compile(r"\x1b\]52;c;([^\x07\x1b]*)")
OURS = re.compile(
    r"\x1b\[(\d+;\d+H|\d*[A-Gd]|[\d;]*m|\?\d+[hl]|[<>]\d*u|\?\d+\$p|6n)|\x1b\]22;[a-z]+\x07|\x1b\]8;[^\x07\x1b]*\x1b\\"
)
HOSTILE = (
    b"a\x1b]52;c;SGk=\x07b\x1b]52;c;SGk=\x1b\\c\x1b[2Jd\xc2\x9b31me\xc2\x9d52;c;SGk=\xc2\x9cf\x1bcg\rh"
    b"[/x][@click=app.quit]w[i][j][bold]\xff"
)


def obeyed(sent):
    """Whatever a terminal would obey in what was sent, beyond what the app itself needs to draw."""
    foreign = [sequence for sequence in SEQUENCE.findall(sent) if not OURS.fullmatch(sequence)]
    return foreign + [character for character in SEQUENCE.sub("", sent) if not character.isprintable()]


def test_a_hostile_file_under_a_hostile_name_is_shown_literally_in_every_pane_and_prompt(start, tmp_path):
    file = tmp_path / "\x1b]52;c;SGk=\x07[x]\x9b31m.txt"
    file.write_bytes(HOSTILE)
    terminal = start("explore", "--file", str(file))
    terminal.ready()
    assert "a ␛ ] 5 2 ; c ; S G k = ␇ b ␛ ]" in terminal.text
    terminal.send("end", "enter")
    terminal.wait_for("W_hi[0,")
    terminal.send("escape", "e", "?")
    terminal.wait_for("Go back one token")
    terminal.send("escape", "t")
    terminal.wait_for("instead of the file")
    terminal.send("escape", "q")
    assert terminal.exit_code() == 0
    assert not obeyed(terminal.sent)


@pytest.mark.slow
def test_markup_in_an_argument_is_text_and_a_notice_with_markup_leaves_the_keys_working(start):
    terminal = start("explore", HOSTILE)
    terminal.wait_for("no valid UTF-8")
    terminal.ready()
    assert "a ␛ ] 5 2 ; c ; S G k = ␇ b ␛ ]" in terminal.text
    terminal.send("end")
    terminal.wait_for("[ @ c l i c k = a p p . q u i t ] w [ i ] [ j ]")
    terminal.send("o")
    terminal.wait_for("Open a scene")
    terminal.send("explore:cell=[/x]", "enter")
    terminal.wait_for("Unknown cell '[/x]'")
    terminal.send("o")
    terminal.wait_for("Open a scene")
    terminal.send("explore:text=[@click=app.quit],wrong[i]=\\x1b]", "enter")
    terminal.wait_for("Unknown key 'wrong[i]'")
    terminal.send("home", "right")
    terminal.wait_for("t = 1 /")
    mark = terminal.mark()
    terminal.send("y")
    terminal.wait_for("one line")
    (copied,) = CLIPBOARD.findall(terminal.since(mark))
    assert base64.b64decode(copied).decode().startswith("explore:cell=lstm,text=a%1B%5D52%3Bc")
    terminal.send("escape", "q")
    assert terminal.exit_code() == 0
    assert not obeyed(terminal.sent[:mark])
