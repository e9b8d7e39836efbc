import hashlib
import os
from pathlib import Path

import pytest

from rnntui.core.text import LARGEST, read_file, text_of
from rnntui.core.tokens import tokens
from rnntui.errors import BadInput
from rnntui.scene import Scene


@pytest.fixture
def file(tmp_path):
    def write(data, name="some.txt"):
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return write


def test_a_file_is_read_as_it_is(file):
    data = "héllo\r\n\x1b[31m🇩🇪\n".encode()
    found = text_of(Scene(file=file(data)))
    assert found.characters == "héllo\r\n\x1b[31m🇩🇪\n"
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert (found.cut, found.notices) == (False, ())


def test_a_byte_order_mark_is_no_character_of_the_text(file):
    assert read_file(file("\ufeffab".encode())).characters == "ab"


def test_bytes_that_are_no_utf8_are_replaced_and_that_is_said(file):
    found = read_file(file(b"a\xffb\xe2\x82"))
    assert found.characters == "a\ufffdb\ufffd"
    assert len(found.notices) == 1
    assert "not all UTF-8" in found.notices[0]


def test_a_replacement_character_that_stands_in_the_file_is_no_fault(file):
    assert read_file(file("a\ufffd".encode())).notices == ()


def test_a_long_file_is_cut_at_one_mebibyte_and_that_is_said(file):
    found = read_file(file(b"a" * (LARGEST + 1)))
    assert len(found.characters) == LARGEST == 2**20
    assert found.cut
    assert [notice.partition("; ")[2] for notice in found.notices] == ["the rest is not read."]


def test_a_file_of_exactly_one_mebibyte_is_not_cut(file):
    found = read_file(file(b"a" * LARGEST))
    assert (len(found.characters), found.cut, found.notices) == (LARGEST, False, ())


@pytest.mark.parametrize("offset", range(4))
def test_a_cut_inside_a_character_is_no_encoding_fault(file, offset):
    data = b"a" * offset + "🇩".encode() * (LARGEST // 4 + 1)
    found = read_file(file(data))
    assert "\ufffd" not in found.characters
    assert len(found.notices) == 1


def test_a_fault_before_the_cut_is_still_said(file):
    assert len(read_file(file(b"\xff" + "é".encode() * LARGEST)).notices) == 2


def test_a_file_that_changed_is_said_and_read(file):
    path = file(b"new")
    same = hashlib.sha256(b"new").hexdigest()
    assert read_file(path, same).notices == read_file(path, same.upper()).notices == ()
    found = read_file(path, hashlib.sha256(b"old").hexdigest())
    assert found.characters == "new"
    assert ["has changed" in notice for notice in found.notices] == [True]


@pytest.mark.parametrize("kind", ["word", "number"])
def test_blanks_are_characters_but_no_words_and_no_numbers(file, kind):
    for scene in (Scene(text=" \n\t"), Scene(file=file(b" \n\t"))):
        assert tokens(text_of(scene), "char")[0] == (" ", "\n", "\t")
        with pytest.raises(BadInput, match=f"There is no {kind} in the text"):
            tokens(text_of(scene), kind)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"ab\0c", "is binary (byte 3 is zero)"),
        ("ab".encode("utf-16"), "binary"),
    ],
)
def test_a_file_that_is_no_text_is_refused(file, data, said):
    with pytest.raises(BadInput) as caught:
        read_file(file(data))
    assert said in str(caught.value)
    assert "some.txt" in str(caught.value)


def test_what_is_no_ordinary_file_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    cases = {
        tmp_path / "pipe": "a pipe or a device",
        "/dev/zero": "a pipe or a device",
        tmp_path: "is a directory",
        tmp_path / "none": "There is no file",
        f"{tmp_path}/nul\0": "cannot be read",
        tmp_path / ("long" * 100): "cannot be read",
    }
    for path, said in cases.items():
        with pytest.raises(BadInput) as caught:
            read_file(str(path))
        assert said in str(caught.value)


def test_a_link_to_a_file_is_followed(file, tmp_path):
    (tmp_path / "link").symlink_to(file(b"hello"))
    assert read_file(str(tmp_path / "link")).characters == "hello"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_refused(file):
    path = file(b"hello")
    Path(path).chmod(0)
    with pytest.raises(BadInput, match="Permission denied"):
        read_file(path)


def test_a_scenes_own_text_has_the_same_limit():
    found = text_of(Scene(text="é" * LARGEST))
    assert found.characters == "é" * (LARGEST // 2)
    assert found.cut
    assert found.notices == ("The text is longer than 1 MiB; only its first MiB is read.",)
    assert text_of(Scene(text="a" * LARGEST)).notices == ()


def test_a_scene_without_text_and_file_is_refused():
    with pytest.raises(BadInput, match="no text to read"):
        text_of(Scene())
