import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rnntui import files
from rnntui.home import FORMAT, LARGEST_LOG, SECOND, Home, Paths, Settings, find, open_log, read
from rnntui.ui import instances

CHOSEN = Settings("explore:cell=gru,text=a%2Cb,hidden=3,seed=4,t=2", "light", 7.5, "numbers", True)


@pytest.fixture
def paths(tmp_path):
    return find({"RNNTUI_HOME": str(tmp_path / "home")})


def write_state(paths, content):
    paths.state.mkdir(parents=True, exist_ok=True)
    paths.state_file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())


def test_settings_survive_a_restart(paths):
    first = Home.open(paths)
    assert first.settings == Settings()
    assert first.notices == ()
    assert first.save(CHOSEN) is None
    first.close()
    again = Home.open(paths)
    assert again.settings == CHOSEN
    assert again.notices == ()
    again.close()


def test_rnntui_home_moves_every_folder(tmp_path):
    found = find({"RNNTUI_HOME": str(tmp_path)})
    for place in (found.config, found.state, found.cache, found.log, found.state_file, found.log_file):
        assert place.is_relative_to(tmp_path)


def test_a_relative_rnntui_home_means_the_directory_it_was_said_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find({"RNNTUI_HOME": "here"}).state == tmp_path / "here" / "state"


def test_a_second_instance_reads_the_settings_and_does_not_save(paths):
    first = Home.open(paths)
    first.save(CHOSEN)
    second = Home.open(paths)
    assert second.settings == CHOSEN
    assert second.taken
    second.take()
    assert second.taken
    assert second.save(replace(CHOSEN, theme="contrast")) is None
    second.close()
    first.close()
    assert read(paths.state_file)[0].theme == "light"


def test_an_instance_that_was_killed_leaves_no_lock(paths):
    code = "import os; from rnntui.home import Home; h = Home.open(); assert not h.taken; os.kill(os.getpid(), 9)"
    child = subprocess.run(
        [sys.executable, "-c", code], env={"RNNTUI_HOME": str(paths.state.parent), "PATH": ""}, check=False
    )
    assert child.returncode == -9
    home = Home.open(paths)
    assert not home.taken
    assert home.notices == ()
    home.close()


async def test_a_second_instance_saves_once_the_first_has_ended_and_says_so_only_where_it_stays(paths, monkeypatch):
    monkeypatch.setattr(instances, "APART", 0)
    first, second, told = Home.open(paths), Home.open(paths), []
    await instances.kept_open(second, told.append)
    assert told == [SECOND]
    first.close()
    await instances.kept_open(second, told.append)
    assert told == [SECOND]
    second.save(CHOSEN)
    assert read(paths.state_file)[0] == CHOSEN
    third = Home.open(paths)
    assert third.taken
    second.close()
    third.take()
    assert not third.taken
    third.close()


DAMAGED = {
    "empty": b"",
    "cut": b'{"format": 1, "theme": "li',
    "binary": b"\0\xff\xfe",
    "foreign": b'{"name": "package.json"}',
    "a list": b"[1]",
    "a number": b"1",
    "deep": b"[" * 100_000,
    "a wide number": b'{"format": ' + b"9" * 5000 + b"}",
    "boolean format": b'{"format": true}',
    "huge": b" " * (5 << 20),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_gives_a_notice_and_defaults_and_can_be_saved_again(paths, content):
    write_state(paths, content)
    home = Home.open(paths)
    assert home.settings == Settings()
    assert len(home.notices) == 1
    assert "defaults" in home.notices[0]
    assert home.save(CHOSEN) is None
    home.close()
    assert read(paths.state_file) == (CHOSEN, ())


def test_a_file_of_another_version_is_not_guessed_at(paths):
    write_state(paths, {"format": FORMAT + 1, "theme": "light"})
    settings, notices = read(paths.state_file)
    assert settings == Settings()
    assert "another version" in notices[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "mauve"),
        ("theme", 3),
        ("speed", "fast"),
        ("speed", float("nan")),
        ("speed", True),
        ("speed", 0),
        ("speed", 1e9),
        ("equations", None),
        ("welcomed", "yes"),
        ("scene", ["explore:"]),
        ("scene", "explore:cell=lstn"),
        ("scene", "dance:text=a"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_and_the_others_are_kept(paths, name, value):
    write_state(paths, {"format": FORMAT, "scene": CHOSEN.scene, "theme": "light", "welcomed": True} | {name: value})
    settings, notices = read(paths.state_file)
    assert name in notices[0]
    assert getattr(settings, name) == getattr(Settings(), name)
    assert settings.welcomed is (name != "welcomed")
    assert (settings.theme == "light") is (name != "theme")


def test_an_unknown_setting_of_a_later_release_is_passed_over(paths):
    write_state(paths, {"format": FORMAT, "theme": "light", "wallpaper": "cats"})
    assert read(paths.state_file) == (Settings(theme="light"), ())


@pytest.mark.parametrize("root", ["/proc/rnntui", "FILE"])
def test_a_home_that_cannot_be_written_gives_a_notice_and_it_works(tmp_path, root):
    if root == "FILE":
        (tmp_path / "file").write_text("in the way")
        root = str(tmp_path / "file")
    elif not Path("/proc").is_dir():
        pytest.skip("no /proc to be refused by")
    paths = find({"RNNTUI_HOME": root})
    home = Home.open(paths)
    assert home.settings == Settings()
    assert len(home.notices) >= 1
    assert any("will not be saved" in notice for notice in home.notices)
    assert home.save(CHOSEN) is None
    assert home.settings == CHOSEN
    home.close()
    assert open_log(paths) is None


def test_a_disk_that_fills_up_is_said_once_and_leaves_the_old_file(paths, monkeypatch):
    home = Home.open(paths)
    home.save(CHOSEN)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    assert "No space left" in home.save(replace(CHOSEN, theme="dark"))
    assert home.save(replace(CHOSEN, theme="dark")) is None
    home.close()
    assert read(paths.state_file) == (CHOSEN, ())
    assert sorted(entry.name for entry in paths.state.iterdir()) == ["lock", "state.json"]


def test_a_home_nowhere_keeps_nothing():
    home = Home.nowhere()
    assert home.settings.welcomed
    assert home.save(CHOSEN) is None
    home.close()


def test_the_log_is_appended_to_and_put_aside_when_it_is_long(tmp_path):
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    for line in (b"one\n", b"two\n"):
        with open_log(paths) as log:
            log.write(line)
    assert paths.log_file.read_bytes() == b"one\ntwo\n"
    paths.log_file.write_bytes(b"x" * (LARGEST_LOG + 1))
    with open_log(paths) as log:
        log.write(b"new\n")
    assert paths.log_file.read_bytes() == b"new\n"
    assert paths.log_file.with_suffix(".log.1").stat().st_size == LARGEST_LOG + 1


def test_opening_a_home_imports_neither_torch_nor_textual_nor_numpy():
    code = "import sys; import rnntui.home; print(*{'torch', 'textual', 'numpy', 'rich'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == ""
