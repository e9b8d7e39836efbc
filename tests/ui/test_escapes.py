"""A text with control characters can be edited on one line and comes back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from rnntui.ui.escapes import escaped, unescaped


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_from_one_line(text):
    line = escaped(text)
    assert unescaped(line) == text
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in line)


def test_a_backslash_that_escapes_nothing_stays():
    assert unescaped(r"a\qb\x1") == r"a\qb\x1"
