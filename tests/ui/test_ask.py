"""Questions over the screen: numbers that are typed, lists that are chosen from."""

import pytest
from textual.widgets import OptionList

from rnntui.errors import BadInput
from rnntui.ui.screens.changes import whole_number


def seen(app):
    """Where a list stands, how many lines it has, and how wide these are."""
    choices = app.screen.query_one(OptionList)
    return choices.region, choices.virtual_size


@pytest.mark.parametrize("line", ["", "-1", "1.5", "1_0", "٣", "1025", "9" * 30])
def test_a_number_that_is_none_is_refused_with_its_range(line):
    with pytest.raises(BadInput, match="from 1 to 1024"):
        whole_number(line, "The number of hidden units", 1, 1024)


def test_a_whole_number_may_have_blanks_around_it():
    assert whole_number(" 12 ", "x", 0, 20) == 12


@pytest.mark.parametrize("size", [(40, 12), (30, 8), (120, 36)])
async def test_the_question_over_a_list_stays_in_sight_and_so_does_what_is_chosen(open_app, press, size):
    async with open_app(size=size) as (app, pilot):
        await press(app, pilot, "v")
        label, choices = app.screen.query_one("#ask-label"), app.screen.query_one(OptionList)
        assert (label.region.y, label.region.bottom) == (choices.region.y - 1, choices.region.y)
        assert label.region.y >= 1
        await press(app, pilot, "end")
        assert choices.region.bottom < size[1]
        assert choices.is_vertical_scroll_end


async def test_a_list_kept_open_while_the_terminal_is_resized_is_as_long_as_one_that_is_opened_then(open_app, press):
    sizes = [(120, 36), (40, 12), (120, 36), (64, 24), (50, 16)]
    opened = []
    for size in sizes:
        async with open_app(size=size) as (app, pilot):
            await press(app, pilot, "v")
            opened.append(seen(app))
    assert opened[0] == opened[2]
    async with open_app(size=sizes[-1]) as (app, pilot):
        await press(app, pilot, "v")
        for size, expected in zip(sizes, opened, strict=True):
            await pilot.resize_terminal(*size)
            await app.idle()
            await pilot.pause()
            assert seen(app) == expected, size
