"""A pane's file looks like the pane, and a name that cannot be written is a sentence."""

import re

import pytest

from rnntui.errors import BadInput
from rnntui.paint import equation
from rnntui.paint.palette import COLOURS, palette
from rnntui.scene import Cursor
from rnntui.ui.export import by_unit, export
from rnntui.ui.themes import THEMES, page
from tests.paint.traces import trace


@pytest.fixture(scope="module")
def hello():
    return trace("lstm", "hello", hidden=3)


def write(name, hello, theme="light", colours="truecolor"):
    painting = equation.paint(hello, Cursor(t=2), 60, 12, palette(theme, colours))
    values = {"h": hello.passes[0].values["h"]}
    export(str(name), lambda: by_unit(hello, Cursor(t=2), values), painting, page(THEMES[theme].name))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("colours", COLOURS)
def test_a_picture_has_the_page_of_its_theme_and_can_be_read_on_it(hello, tmp_path, theme, colours):
    write(tmp_path / "pane.svg", hello, theme, colours)
    svg = (tmp_path / "pane.svg").read_text()
    background, foreground = page(THEMES[theme].name)
    ground = re.search(r'<rect fill="(#[0-9a-f]{6})"', svg)[1]
    assert ground == background
    if colours == "truecolor":
        dim, ink = palette(theme).dim.color.get_truecolor().hex, palette(theme).text.color.get_truecolor().hex
        inks = {dim, ink, foreground}
        assert inks & set(re.findall(r"fill: (#[0-9a-f]{6})", svg)) >= {dim}
        for one in inks:
            low, high = sorted((luminance(one), luminance(ground)))
            assert (high + 0.05) / (low + 0.05) > 4.5


def test_a_theme_that_is_not_ours_has_the_page_of_the_palette_it_gets():
    assert page("textual-ansi") == page(THEMES["dark"].name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("~nosuchuser/x.csv", "home directory"),
        ("n" * 300 + ".csv", "too long"),
        ("nul\0.csv", "null"),
        ("missing/x.csv", "No such file"),
        ("plain/x.svg", "directory"),
        ("x.png", ".csv, .svg or .txt"),
        (".csv", ".csv, .svg or .txt"),
    ],
)
def test_a_name_that_cannot_be_written_is_said(hello, tmp_path, monkeypatch, name, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain").write_text("")
    with pytest.raises(BadInput, match=re.escape(said)) as caught:
        write(name, hello)
    assert len(str(caught.value)) < 200
    assert [file.name for file in tmp_path.iterdir()] == ["plain"]


@pytest.mark.parametrize("refused", ["pathlib.Path.exists", "tempfile.mkstemp"])
def test_a_folder_without_permission_is_said(hello, tmp_path, monkeypatch, refused):
    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied", "/somewhere/private")

    with monkeypatch.context() as patched:
        patched.setattr(refused, refuse)
        with pytest.raises(BadInput, match="cannot be written: Permission denied; name another file"):
            write(tmp_path / "x.csv", hello)
    assert not any(tmp_path.iterdir())


def test_an_existing_file_is_left_alone(hello, tmp_path):
    (tmp_path / "x.txt").write_text("mine")
    with pytest.raises(BadInput, match="exists already"):
        write(tmp_path / "x.txt", hello)
    assert (tmp_path / "x.txt").read_text() == "mine"
