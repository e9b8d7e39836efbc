import pytest

from rnntui.training.copies import LENGTH, Copies

KNOWN = "".join(f"line {number} of a text that is known; " for number in range(50))


@pytest.mark.parametrize("known", [KNOWN, "", "short", KNOWN[:LENGTH]])
@pytest.mark.parametrize("text", ["", "new", KNOWN[3:200], f"zz{KNOWN[:LENGTH]}zz", f"{KNOWN[-30:]}~~{KNOWN[5:24]}"])
def test_a_character_is_marked_when_a_stretch_around_it_stands_in_the_known_text(known, text):
    expected = [
        any(
            text[start : start + LENGTH] in known
            for start in range(max(0, place - LENGTH + 1), min(place, len(text) - LENGTH) + 1)
        )
        for place in range(len(text))
    ]
    assert list(Copies(known).marks(text)) == expected


def test_one_character_too_few_is_no_copy():
    assert not any(Copies(KNOWN).marks(KNOWN[: LENGTH - 1]))
    assert all(Copies(KNOWN).marks(KNOWN[:LENGTH]))


def test_an_indentation_is_nobodys():
    known = f"def known():\n{' ' * 30}return the value of it"
    assert not any(Copies(known).marks(f"def new():\n{' ' * 28}"))
    assert any(Copies(known).marks("     return the value of it"))
