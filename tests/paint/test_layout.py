import pytest

from rnntui.names import cell_names
from rnntui.paint import layout, numbers
from rnntui.paint.cells import width
from rnntui.paint.painting import Painting
from rnntui.paint.palette import palette
from rnntui.scene import Cursor
from tests.paint.traces import trace

PLAIN = palette("dark", "none")


def test_a_box_is_exactly_as_large_as_asked_for_and_wears_its_title():
    for columns in (8, 20, 60):
        lines = layout.boxed("A title that may be long", Painting([]), columns, 5, PLAIN)
        texts = ["".join(segment.text for segment in line) for line in lines]
        assert [width(text) for text in texts] == [columns] * 5
    assert "A title that may be long" in texts[0]


@pytest.mark.parametrize("columns", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("cell", cell_names())
@pytest.mark.parametrize("both", [False, True])
def test_the_sheet_fits_the_width_and_shows_every_pane(columns, cell, both):
    read = trace(cell, "the quick fox", bidirectional=both)
    cursor = Cursor(t=4, unit=2)
    drawn = layout.screen(read, cursor, columns, PLAIN)
    assert max(width("".join(s.text for s in line)) for line in drawn.lines) <= columns
    text = drawn.text()
    for title in ("cell", "Equations", "at t = 4", "idden state h", "Unit 2"):
        assert title in text, title
    for symbol in read.symbols:
        value = float(read.passes[0].values[symbol][3, 2])
        assert numbers.short(value, numbers.scale(read, symbol).share).strip() in text
    assert columns < 80 or "●━" in text
    frames = [line for line in text.split("\n") if line.startswith(("╭", "│", "╰"))]
    assert all(width(line) == columns for line in frames)
