from pathlib import Path

import pytest

from rnntui import lessons
from rnntui.errors import BadInput


def test_a_checkout_has_its_lessons_beside_the_package():
    assert (lessons.folder() / "welcome.md").is_file()


def test_lessons_inside_the_package_are_preferred(tmp_path, monkeypatch):
    package = tmp_path / "rnntui"
    monkeypatch.setattr(lessons, "files", lambda name: tmp_path / name)
    (tmp_path / "lessons").mkdir()
    package.mkdir()
    assert lessons.folder() == tmp_path / "lessons"
    (package / "_lessons").write_text("a file is no folder of lessons")
    assert lessons.folder() == tmp_path / "lessons"
    (package / "_lessons").unlink()
    (package / "_lessons").mkdir()
    assert lessons.folder() == package / "_lessons"


def test_a_damaged_installation_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "files", lambda name: Path(tmp_path) / name)
    with pytest.raises(BadInput, match="install rnntui again"):
        lessons.folder()
