import json

import pytest

from rnntui.core.vocabulary import read_vocabulary, rows_of
from rnntui.errors import BadInput


def written(tmp_path, text, name="v.txt"):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a\n \n[x]\né\n", "v.txt"),
        ("a\r\n \r\n[x]\r\né", "v.txt"),
        ("\ufeffa\n \n[x]\né\n", "v"),
        (json.dumps(["a", " ", "[x]", "é"]), "v.json"),
        (json.dumps({"é": 3, "a": 0, "[x]": 2, " ": 1}), "v.txt"),
    ],
)
def test_tokens_have_the_numbers_that_the_file_says(tmp_path, text, name):
    found, sha256 = read_vocabulary(written(tmp_path, text, name))
    assert found == ("a", " ", "[x]", "é")
    assert len(sha256) == 64


def test_a_first_token_like_a_bracket_makes_no_json(tmp_path):
    assert read_vocabulary(written(tmp_path, "[PAD]\n[UNK]\n"))[0] == ("[PAD]", "[UNK]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("a\nb\na\n", "has 'a' twice, as tokens 1 and 3"),
        (b"a\xff", "no UTF-8 (byte 2)"),
        ('{"a": 0, "b": 2}', "has 2 tokens and none with the number 1"),
        ('{"a": 0, "b": 0}', "none with the number 1"),
        ('{"a": 0.5}', "neither a JSON list"),
        ('{"a": true}', "neither a JSON list"),
        ("[1, 2]", "neither a JSON list"),
    ],
)
def test_a_vocabulary_that_is_none_is_refused(tmp_path, text, said):
    with pytest.raises(BadInput) as caught:
        read_vocabulary(written(tmp_path, text))
    assert said in str(caught.value)
    with pytest.raises(BadInput, match="neither a JSON list"):
        read_vocabulary(written(tmp_path, "[" * 10_000, "v.json"))


def test_an_unknown_token_is_read_as_unk_and_that_is_said():
    assert rows_of("abcb", ("a", "<unk>", "b"), "v", "char") == (
        [0, 2, 1, 2],
        ("Not in the vocabulary 'v', so read as <unk>: 'c'.",),
    )
    assert rows_of("ab", ("a", "b"), "v", "char") == ([0, 1], ())
    with pytest.raises(BadInput, match=r"Token 3 of the text, 'c', is not in the vocabulary 'v'"):
        rows_of("abc", ("a", "b"), "v", "char")
