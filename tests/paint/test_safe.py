import sys
from itertools import chain

import pytest
import regex
from rich.cells import cell_len

from rnntui.paint.safe import safe_text

PAINTABLE = regex.compile(r"[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+")


def test_every_code_point_becomes_one_printable_line():
    ideographs_and_private_use = [(0x3400, 0xA000), (0xAC00, 0xF900), (0x20000, 0xE0000), (0xE1000, sys.maxunicode + 1)]
    some = (range(*ends, 97) for ends in ideographs_and_private_use)
    others = [
        (0, 0x3400),
        (0xA000, 0xAC00),
        (0xF900, 0x12000),
        (0x16000, 0x17000),
        (0x1B000, 0x20000),
        (0xE0000, 0xE1000),
    ]
    for code in chain(*some, *(range(*ends) for ends in others)):
        drawn = safe_text(chr(code))
        if not PAINTABLE.fullmatch(drawn) or cell_len(drawn) < 1:
            pytest.fail(f"U+{code:04X} is drawn as {drawn!a}")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("plain", "plain"),
        ("a\x1b]52;c;aGk=\x1b\\b", "a␛]52;c;aGk=␛\\b"),
        ("a\tb\r\nc\x00\x7f", "a␉b␍␊c␀␡"),
        ("\x9b31m\x85", "�31m␤"),
        ("abc\u202egnp.exe", "abc�gnp.exe"),
        ("a\u200db", "a‹ZWJ›b"),
        ("می\u200cخواهم", "می‹ZWNJ›خواهم"),
        ("\u200c", "‹ZWNJ›"),
        ("क्\u200dष", "क्‹ZWJ›ष"),
        ("co\xadop\u200b\u2060", "co‹SHY›op‹ZWSP›‹WJ›"),
        ("\ud800x", "�x"),
        ("[/red]", "[/red]"),
        ("e\u0301", "e\u0301"),
        ("\u0301", "◌\u0301"),
        ("👨‍👩‍👧‍👦🇩🇪❤️👍🏽", "👨‍👩‍👧‍👦🇩🇪❤️👍🏽"),
        ("日\u3000本", "日  本"),
    ],
)
def test_hostile_text_is_shown_and_harmless(text, drawn):
    assert safe_text(text) == drawn


def test_a_tower_of_accents_does_not_grow_over_other_lines():
    assert len(safe_text("a" + "\u0301" * 1000)) <= 6


def test_a_limit_keeps_whole_characters_and_says_that_something_is_missing():
    assert safe_text("abcdef", 4) == "abc…"
    assert safe_text("abcd", 4) == "abcd"
    assert safe_text("👨‍👩‍👧‍👦" * 3, 2) == "👨‍👩‍👧‍👦…"
    assert safe_text("👨‍👩‍👧‍👦" * 2, 2) == "👨‍👩‍👧‍👦" * 2
    assert safe_text("a" * 10**6, 3) == "aa…"
    assert safe_text("abc", 0) == ""
