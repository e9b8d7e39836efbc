"""What survives a restart, and that nothing about the home folder stops the app."""

import re


def leave(terminal):
    terminal.send("q")
    assert terminal.exit_code() == 0


def test_a_damaged_state_is_said_the_first_minute_shown_once_and_the_scene_and_a_second_instance_are_known(start, home):
    (home / "state" / "state.json").write_bytes(b'{"format": 1, "welcomed": tr\0')
    first = start()
    first.wait_for("is damaged")
    first.wait_for("A first minute")
    first.ready()
    first.send("right")
    first.wait_for("t = 1 / 19")
    assert "A first minute" not in first.text
    first.send("down", "down", "e")
    first.wait_for("unit 2")
    second = start("explore", "another", "--versus", "gru")
    second.wait_for("Another rnntui is open")
    second.wait_for("lstm versus gru")
    leave(second)
    leave(first)
    again = start()
    again.ready()
    assert "A first minute" not in again.text
    assert "is damaged" not in again.text
    assert re.search(r"t = +1 / 19", again.text)
    assert "unit 2" in again.text
    leave(again)


def test_a_home_that_cannot_be_written_is_said_and_the_app_works(start, tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("", encoding="utf-8")
    terminal = start("explore", "hello", environ={"RNNTUI_HOME": str(nowhere)})
    terminal.wait_for("The settings will not be saved")
    terminal.send("?")
    terminal.wait_for("Go back one token")
    terminal.send("escape")
    leave(terminal)
