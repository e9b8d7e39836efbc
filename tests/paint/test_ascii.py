import pytest
from rich.cells import cell_len

from rnntui.names import cell_names
from rnntui.paint import layout
from rnntui.paint.ascii import to_ascii
from rnntui.paint.palette import palette
from rnntui.scene import Cursor
from tests.paint.traces import trace


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("fₜ = σ(W_if xₜ + W_hf hₜ₋₁) ⊙ −1", "ft = s(W_if xt + W_hf ht-1) * -1"),
        ("●━━┳━×┃▸█␣", "o==+=x|>#_"),
        ("日本 é 🇩🇪", "???? e ??"),
        ("plain", "plain"),
    ],
)
def test_every_character_becomes_ascii_of_the_same_width(text, plain):
    assert to_ascii(text) == plain
    assert cell_len(text) == len(plain)


@pytest.mark.slow
def test_any_character_keeps_its_columns():
    for code in range(0xA0, 0x1FFFF):
        character = chr(code)
        if cell_len(character) and not 0xD800 <= code < 0xE000:
            drawn = to_ascii(character)
            assert drawn.isascii(), hex(code)
            assert drawn.isprintable(), hex(code)
            assert len(drawn) == cell_len(character), hex(code)


@pytest.mark.parametrize("cell", cell_names())
def test_no_glyph_that_the_painters_use_is_unknown(cell):
    two = trace(cell, "hello", bidirectional=True, gain=3)
    for cursor in (Cursor(), Cursor(t=3, unit=2), Cursor(t=5, unit=2)):
        for columns in (80, 120):
            drawn = layout.screen(two, cursor, columns, palette("dark", "none")).text()
            assert "?" not in to_ascii(drawn).replace("?", "", drawn.count("?")), cell
