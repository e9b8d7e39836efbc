"""A brush keeps what it paints within bounds, and knows what each spot means."""

from rich.style import Style

from rnntui.paint.cells import Brush

PLAIN, BOLD = Style(), Style(bold=True)


def test_the_spots_of_a_row_of_steps_are_found_by_their_columns():
    brush = Brush(9, 1).line().add("  ", PLAIN)
    brush.put([("ab", PLAIN), ("cd", BOLD), ("ef", PLAIN)], 6, {"t": 4, "unit": 1}, 2)
    painting = brush.put([("gh", PLAIN)], 2, {"unit": 2}).painting()
    steps = {"t": 4, "unit": 1}, {"t": 5, "unit": 1}, {"t": 6, "unit": 1}
    assert [painting.hit(x, 0) for x in (1, 2, 5, 7, 8, 9)] == [None, *steps, {"unit": 2}, None]
    assert painting.text() == "  abcdef…"


def test_pieces_of_one_style_beside_each_other_are_one_segment():
    line = (
        Brush(20, 1)
        .line()
        .add("a", PLAIN)
        .put([("b", PLAIN), ("", BOLD), ("c", PLAIN)], 2)
        .add("d", BOLD)
        .painting()
        .lines[0]
    )
    assert [(segment.text, segment.style) for segment in line] == [("abc", PLAIN), ("d", BOLD)]
