import pytest
from rich.cells import cell_len

from rnntui.course.welcome import LARGEST, read, welcome
from rnntui.errors import BadInput
from rnntui.scene import Scene

GOOD = "# Hello\n\nscene: explore:cell=gru,text=ab,hidden=2,seed=1,t=0\n\none\ntwo\n\n\nthree\n\nfour\n"


def test_the_shipped_minute_is_an_lstm_before_its_first_token():
    first = welcome()
    assert first.title
    assert (first.scene.cell, first.scene.t) == ("lstm", 0)
    assert len(first.scene.text.split()) >= 3


def test_the_shipped_hints_are_short_and_say_which_key_to_press():
    first = welcome()
    assert len(first.hints) == 3
    for hint in first.hints:
        assert "ress" in hint
        assert len(hint.splitlines()) <= 3
        assert max(map(cell_len, hint.splitlines())) <= 60


def test_a_first_minute_is_a_title_a_scene_and_three_paragraphs(tmp_path):
    (tmp_path / "welcome.md").write_text(GOOD, encoding="utf-8")
    found = read(tmp_path / "welcome.md")
    assert found.title == "Hello"
    assert found.scene == Scene(cell="gru", text="ab", hidden=2, seed=1)
    assert found.hints == ("one\ntwo", "three", "four")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "title"),
        ("Hello\n\nscene: explore:text=a\n\n1\n\n2\n\n3", "title"),
        ("# Hello\nmore\n\nscene: explore:text=a\n\n1\n\n2\n\n3", "title"),
        ("# Hello", "scene"),
        ("# Hello\n\n1\n\n2\n\n3", "scene"),
        (GOOD.replace("\n\nfour", ""), "2 paragraphs"),
        (GOOD + "\nfive", "4 paragraphs"),
        (GOOD.replace("gru", "grue"), "gru"),
        (GOOD.replace("hidden", "hiden"), "hidden"),
        (GOOD + "x" * LARGEST, "larger"),
        (GOOD.replace("cell=gru", "cell=/tmp/own.py:f"), "own.py:f; a lesson runs no files"),
    ],
)
def test_a_malformed_file_is_refused_with_its_name_and_what_is_wrong(tmp_path, text, complaint):
    file = tmp_path / "welcome.md"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=complaint) as error:
        read(file)
    assert str(file) in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_no_text_is_refused(tmp_path):
    (tmp_path / "welcome.md").write_bytes(b"# \xff")
    with pytest.raises(BadInput, match="UTF-8"):
        read(tmp_path / "welcome.md")
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path)
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path / "missing.md")
