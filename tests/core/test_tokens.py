import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnntui.core.text import Text
from rnntui.core.tokens import MOST, numbers, tokens, vocabulary
from rnntui.errors import BadInput

FAMILY, FLAGS = "👨‍👩‍👧‍👦", "🇩🇪🇫🇷"


def cut(text, kind="char", **more):
    return tokens(Text(text, **more), kind)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc a", ("a", "b", "c", " ", "a")),
        ("e\u0301x", ("e\u0301", "x")),
        (FAMILY + FLAGS, (FAMILY, "🇩🇪", "🇫🇷")),
        ("a\r\nb\n", ("a", "\r\n", "b", "\n")),
        ("नमस्ते", ("न", "म", "स्ते")),
        ("한국", ("한", "국")),
        ("\x1b[0m", ("\x1b", "[", "0", "m")),
        (" ", (" ",)),
    ],
)
def test_a_character_is_a_grapheme_cluster(text, expected):
    assert cut(text) == expected


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_characters_put_together_are_the_text(text):
    assert "".join(cut(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop, now!", ("Don't", "stop", ",", "now", "!")),
        ("don’t 'quote'", ("don’t", "'", "quote", "'")),
        ("well-known 3.14 x_1", ("well", "-", "known", "3.14", "x_1")),
        ("  a\t\nb\u00a0c ", ("a", "b", "c")),
        ("我喜欢。", ("我", "喜", "欢", "。")),
        ("カタカナ と", ("カタカナ", "と")),
        ("नमस्ते दुनिया", ("नमस्ते", "दुनिया")),
        ("שלום עולם", ("שלום", "עולם")),
        ("über e\u0301te\u0301", ("über", "e\u0301te\u0301")),
        (f"a {FAMILY}{FLAGS}", ("a", FAMILY, "🇩🇪", "🇫🇷")),
    ],
)
def test_words_and_their_punctuation_are_tokens_in_any_script(text, expected):
    assert cut(text, "word") == expected


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_words_lose_nothing_but_blanks(text):
    try:
        found = cut(text, "word")
    except BadInput:
        found = ()
    assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,0,0,-1", [1, 0, 0, -1]),
        (" 1 ,2\n3;4\t+5 ", [1, 2, 3, 4, 5]),
        (".5 2. 1e-3 −2E+1", [0.5, 2, 0.001, -20]),
        ("1,2,\n", [1, 2]),
    ],
)
def test_numbers_stand_between_commas_blanks_or_lines(text, values):
    assert list(numbers(cut(text, "number"), 1e38)) == values


def test_numbers_are_shown_as_they_were_written():
    assert cut("1.50,-0", "number") == ("1.50", "-0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2,x3", "Number 3 of the text is 'x3'"),
        ("1,nan", "Number 2 of the text is 'nan'"),
        ("inf", "Number 1 of the text is 'inf'"),
        ("1_000", "Number 1 of the text is '1_000'"),
        ("٣", "Number 1 of the text is '٣'"),
        ("0x10", "Number 1 of the text is '0x10'"),
        ("1,,2", "Number 2 of the text is missing"),
        (" ,1", "Number 1 of the text is missing"),
        ("1,1e39", "Number 2 of the text, 1e39, is too large; the largest is 3.4e+38"),
        ("-1e999", "Number 1 of the text, -1e999, is too large"),
        ("a" * 1000, "aaaa…"),
    ],
)
def test_what_is_no_number_is_named_with_its_place(text, said):
    with pytest.raises(BadInput) as caught:
        list(numbers(cut(text, "number"), torch.finfo(torch.float32).max))
    assert said in str(caught.value)
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(("text", "kind"), [("", "number"), (" \n", "number"), (" \t", "word"), ("", "char")])
def test_a_text_without_a_token_is_refused(text, kind):
    with pytest.raises(BadInput, match="give at least one"):
        cut(text, kind)


@pytest.mark.parametrize(
    ("text", "kind"), [("ab" * MOST, "char"), ("ab " * (MOST + 5), "word"), ("1 " * 100_001, "number")]
)
def test_more_than_a_hundred_thousand_tokens_are_cut_and_that_is_said(text, kind):
    found, notices = tokens(Text(text, notices=("before",)), kind)
    assert len(found) == 100_000
    assert notices == ("before", "The text has more than 100,000 tokens; only the first 100,000 are read.")


def test_exactly_a_hundred_thousand_tokens_are_not_cut():
    found, notices = tokens(Text("a" * 100_000), "char")
    assert (len(found), notices) == (100_000, ())


def test_a_number_that_the_cut_may_have_gone_through_is_left_out():
    assert cut("1,2,34", "number", cut=True) == ("1", "2")
    assert cut("1,2,34,", "number", cut=True) == ("1", "2", "34")
    assert cut("1,2,34", "number") == ("1", "2", "34")


def test_the_vocabulary_is_in_the_order_of_first_appearance():
    assert vocabulary("hello world") == ("h", "e", "l", "o", " ", "w", "r", "d")


def test_a_mebibyte_of_accents_on_one_letter_is_one_token():
    assert cut("a" + "\u0301" * 500_000) == ("a" + "\u0301" * 500_000,)
