"""The children may die or talk as they like, and the line may be slow: the app goes on and answers."""

import re
import time
from pathlib import Path

import pytest

from tests.terminal.terminal import Terminal

DEATH = (
    "trace was not finished: its process was killed by SIGKILL (kill -9, or memory ran out); "
    "nothing else is lost, ask again."
)


def worker(terminal):
    """The processes that answer: children of the fork server."""
    return [child for child in terminal.children() if child.ppid() != terminal.pid]


def said(terminal):
    """The words of the notices that float over the screen: between their left edges and what they leave uncovered."""
    lines = [line.partition("▌")[2].strip(" ─│╭╮╰╯") for line in terminal.screen.display]
    return " ".join(line for line in lines if line)


def described(terminal):
    """The network, as the first line tells it."""
    return terminal.screen.display[0]


def test_idle_workers_that_die_are_said_and_replaced_and_what_is_written_to_fd_2_stays_off_the_screen(start, home):
    """The text comes from a pipe, which leaves the keys to the terminal."""
    terminal = start("explore", "-", stdin=b"hello")
    terminal.ready()
    before = terminal.text
    assert "h e l l o" in before
    for process, words in [(terminal, b"app"), *((child, b"library") for child in terminal.children())]:
        with Path(f"/proc/{process.pid}/fd/2").open("ab") as stream:
            stream.write(b"noise of the " + words + b"\n")
    terminal.settle()
    assert terminal.text == before
    log = (home / "log" / "rnntui.log").read_bytes()
    assert b"noise of the library" in log
    assert b"noise of the app" in log
    for units, victims in (("5", worker), ("6", Terminal.children)):
        killed = victims(terminal)
        for child in killed:
            child.kill()
        terminal.wait_for(lambda: "nothing is lost" in said(terminal) or "nothing else is lost" in said(terminal))
        terminal.wait_for(lambda killed=killed: worker(terminal) and not set(killed) & set(terminal.children()))
        terminal.send("H", units, "enter")
        terminal.wait_for(lambda units=units: f"{units} units" in described(terminal))
    terminal.send("right")
    terminal.wait_for("t = 1 / 5")
    terminal.send("q")
    assert terminal.exit_code() == 0


def test_a_worker_killed_at_work_is_said_and_the_next_question_is_answered(start):
    terminal = start("explore", "a" * 60_000, "--dtype", "float64")
    terminal.wait_for(lambda: worker(terminal))
    terminal.wait_for(
        lambda: any(child.cpu_times().user > 0.05 for child in worker(terminal)) or "t = 0" in terminal.text
    )
    for child in worker(terminal):
        child.kill()
    terminal.wait_for(lambda: DEATH in said(terminal))
    terminal.send("o")
    terminal.wait_for("Open a scene")
    terminal.send("explore:text=short", "enter")
    terminal.wait_for("/ 5")
    terminal.send("q")
    assert terminal.exit_code() == 0


@pytest.mark.slow
@pytest.mark.parametrize("keys", [["q"], ["space", "home"]])
def test_on_a_slow_line_auto_play_at_full_speed_still_answers_a_key(start, keys):
    terminal = start("explore", "the quick brown fox jumps over the lazy dog " * 9, "--hidden", "32", limit=64_000)
    terminal.ready()
    terminal.send(*"+++++", "space")
    terminal.wait_for(lambda: (step(terminal) or 0) > 25)
    asked = time.monotonic()
    terminal.send(*keys)
    if keys == ["q"]:
        assert terminal.exit_code() == 0
    else:
        terminal.wait_for(lambda: step(terminal) == 0)
    assert time.monotonic() - asked < 2.0


def step(terminal):
    """The t that the screen shows."""
    found = re.search(r"t = +(\d+) /", terminal.text)
    return int(found[1]) if found else None


def test_where_the_app_cannot_be_seen_it_is_refused_and_the_headless_command_named(tmp_path):
    dumb = Terminal(["explore", "hello"], environ={"TERM": "dumb", "RNNTUI_HOME": str(tmp_path)})
    blind = Terminal(["explore", "-"], stdin=b"a\0b", environ={"RNNTUI_HOME": str(tmp_path)})
    try:
        assert (dumb.exit_code(), blind.exit_code()) == (2, 2)
        assert "rnntui step" in dumb.text
        assert "binary" in blind.text
        for terminal in (dumb, blind):
            assert "\x1b" not in terminal.sent
    finally:
        dumb.kill()
        blind.kill()
