import pytest
from rich.cells import cell_len

from rnntui.cli import keynames
from rnntui.cli.headless import fitting

SCENE = "explore:cell=lstm,text=hello,hidden=4,seed=0,t=2"


def test_the_same_scene_gives_the_same_bytes(rnntui, tmp_path, monkeypatch):
    for name in ("a.svg", "b.svg"):
        done = rnntui("snap", SCENE, "-o", tmp_path / name)
        assert (done.code, done.out, done.err) == (0, b"", "")
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("TERM", "dumb")
    first = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert first == (tmp_path / "b.svg").read_text(encoding="utf-8")
    assert first.startswith("<svg")
    assert 'url("http' not in first


def test_text_has_the_size_that_was_asked_for(rnntui, tmp_path):
    rnntui("snap", SCENE, "-o", tmp_path / "a.txt", "--size", "80x24")
    lines = (tmp_path / "a.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 24
    assert 60 <= max(map(cell_len, lines)) <= 80
    assert any("h e l l o" in line for line in lines)


def test_gradients_are_drawn_and_a_scene_of_them_that_cannot_be_is_refused(rnntui, tmp_path):
    line = SCENE.replace("explore", "gradients")
    done = rnntui("snap", f"{line},loss=token:9", "-o", tmp_path / "a.txt")
    assert (done.code, (tmp_path / "a.txt").exists()) == (2, False)
    assert "looks at a token that is not there" in done.err
    assert rnntui("snap", line, "--keys", "left", "-o", tmp_path / "a.txt").code == 0
    assert "walking back: t = 1 of 5" in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_keys_are_pressed_first(rnntui, tmp_path):
    rnntui("snap", SCENE, "-o", tmp_path / "a.txt", "--keys", "right right")
    rnntui("snap", SCENE.replace("t=2", "t=4"), "-o", tmp_path / "b.txt")
    assert (tmp_path / "a.txt").read_text() == (tmp_path / "b.txt").read_text()


def test_ascii_is_ascii_and_the_theme_changes_the_colours(rnntui, tmp_path):
    rnntui("snap", SCENE, "-o", tmp_path / "a.txt", "--ascii")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8").isascii()
    for theme in ("dark", "light", "contrast"):
        rnntui("snap", SCENE, "-o", tmp_path / f"{theme}.svg", "--theme", theme)
    assert len({(tmp_path / f"{theme}.svg").read_bytes() for theme in ("dark", "light", "contrast")}) == 3


def test_wide_characters_keep_their_columns(rnntui, tmp_path):
    rnntui("snap", "explore:text=%E6%BC%A2%E5%AD%97a,hidden=4,t=1", "-o", tmp_path / "a.txt")
    lines = (tmp_path / "a.txt").read_text(encoding="utf-8").splitlines()
    assert any("漢" in line for line in lines)
    assert max(map(cell_len, lines)) <= 120


def test_an_app_that_never_rests_is_not_waited_for_for_ever(rnntui, tmp_path, monkeypatch):
    import asyncio

    from rnntui.cli import headless
    from rnntui.ui.app import RnntuiApp

    async def restless(app):
        await asyncio.Event().wait()

    monkeypatch.setattr(RnntuiApp, "idle", restless)
    monkeypatch.setattr(headless, "PATIENCE", 0.05)
    done = rnntui("snap", SCENE, "-o", tmp_path / "a.txt")
    assert done.code == 1
    assert not (tmp_path / "a.txt").exists()


@pytest.mark.parametrize(
    "key", ["ctrl+r", "n", "H", "ö", "shift+tab", "pageup", "enter", "space", "question_mark", "f1"]
)
def test_every_kind_of_key_has_a_name(key):
    assert keynames.key(key) == key


def test_a_sign_is_called_as_textual_calls_it():
    assert list(map(keynames.key, "?=, ")) == ["question_mark", "equals_sign", "comma", "space"]


@pytest.mark.parametrize("keys", ["q", "right q right", "ctrl+c"])
def test_a_key_that_leaves_the_app_is_refused_at_once(refused, tmp_path, monkeypatch, keys):
    from rnntui.cli import headless

    monkeypatch.setattr(headless, "PATIENCE", 20.0)
    key = keys.replace("right", "").strip()
    assert f"{key} leaves the app" in refused("snap", SCENE, "--keys", keys, "-o", tmp_path / "a.txt")
    assert not (tmp_path / "a.txt").exists()


def test_a_picture_writes_its_own_file_and_no_other(rnntui, tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "text.txt").write_text("hello", encoding="utf-8")
    done = rnntui("snap", "explore:file=text.txt,hidden=4", "--keys", "x enter", "-o", "a.txt")
    assert (done.code, done.err) == (0, "")
    assert {file.name for file in folder.iterdir()} == {"a.txt", "text.txt"}
    assert "h e l l o" in (folder / "a.txt").read_text(encoding="utf-8")


def test_a_title_is_cut_where_the_window_has_no_room_for_it():
    assert fitting("gradients:text=abc", 120) == "gradients:text=abc"
    cut = fitting("gradients:" + 200 * "x", 80)
    assert cut.endswith("…")
    assert 60 < len(cut) < 80
