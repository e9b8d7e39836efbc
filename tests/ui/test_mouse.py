"""What can be seen can be clicked: keys, values, the parts of an explanation."""

from rnntui.ui.panes.keyline import KeyLine
from rnntui.ui.panes.why import WhyPane
from rnntui.ui.screens.ask import ChoiceScreen, LineScreen, PageScreen

LINE = "explore:cell=lstm,text=hello,hidden=3,t=3"


async def click_key(app, pilot, words):
    line = app.screen.query_one(KeyLine)
    place = line.render().plain.index(words)
    await pilot.click(line, offset=(place, 0))
    await app.idle()
    await pilot.pause()


def spots(pane, **wanted):
    """The spots of a pane whose move holds these, as offsets for a click within the border."""
    inset, (width, height) = pane.content_region.offset - pane.region.offset, pane.content_size
    every = ((x, y, pane.canvas.painting.hit(x, y)) for y in range(height) for x in range(width))
    return [(x + inset.x, y + inset.y, move) for x, y, move in every if move and wanted.items() <= move.items()]


async def click(app, pilot, pane, spot, times=1):
    await pilot.click(pane, offset=spot[:2], times=times)
    await app.idle()
    await pilot.pause()


async def test_a_click_on_a_key_presses_it(open_app):
    async with open_app(LINE, size=(160, 40)) as (app, pilot):
        await click_key(app, pilot, "←→ step")
        assert app.activity.cursor.t == 4
        await click_key(app, pilot, "sub-step")
        assert (app.activity.cursor.t, app.activity.cursor.partial) == (5, True)
        await click_key(app, pilot, "⏎ why")
        assert app.activity.board.explaining
        for words, kind in (("c cell", ChoiceScreen), ("t text", LineScreen)):
            await click_key(app, pilot, words)
            assert isinstance(app.screen, kind)
            await pilot.press("escape")
            await app.idle()


async def test_a_click_on_the_help_key_at_the_end_of_the_line_opens_help(open_app, press):
    async with open_app(LINE, size=(160, 40)) as (app, pilot):
        for size in [(160, 40), (80, 24), (44, 14)]:
            await pilot.resize_terminal(*size)
            await press(app, pilot)
            await click_key(app, pilot, "? help")
            assert isinstance(app.screen, PageScreen), size
            await press(app, pilot, "escape")


async def test_a_click_beside_the_keys_or_on_a_dim_one_does_nothing(open_app, press):
    async with open_app(LINE, size=(160, 40)) as (app, pilot):
        await press(app, pilot, "end")
        before = (app.activity.cursor, app.activity.scene, app.screen)
        await click_key(app, pilot, "step")
        line = app.screen.query_one(KeyLine)
        beside = len(line.render().plain.rstrip()) + 2
        assert beside < line.size.width
        await pilot.click(line, offset=(beside, 0))
        await app.idle()
        assert (app.activity.cursor, app.activity.scene, app.screen) == before


async def test_a_click_on_a_value_moves_the_cursor_of_every_pane_there_and_on_an_empty_spot_nothing(open_app):
    values = [
        ("cell", {"symbol": "f"}),
        ("cell", {"symbol": "o"}),
        ("equations", {"symbol": "g"}),
        ("gates", {"symbol": "o", "unit": 2}),
        ("state-0", {"unit": 2, "t": 2}),
        ("state-1", {"unit": 1, "t": 1}),
        ("sequence", {"t": 5}),
    ]
    async with open_app(LINE) as (app, pilot):
        for pane, wanted in values:
            target = app.activity.query_one(f"#{pane}")
            spot = spots(target, **wanted)[0]
            before = app.activity.cursor
            await click(app, pilot, target, spot)
            after = app.activity.cursor
            assert after != before, pane
            assert {name: getattr(after, name) for name in spot[2]} == spot[2], pane
            shown = [one for one in app.activity.query("PaintedPane, WhyPane") if one.region]
            assert {one.cursor for one in shown} == {after}, pane
        cell = app.activity.query_one("#cell")
        await click(app, pilot, cell, cell.size)
        assert app.activity.cursor == after


async def test_a_click_on_the_other_lane_goes_there(open_app):
    async with open_app("explore:cell=gru,text=hello,hidden=3,bidirectional=yes,t=2") as (app, pilot):
        sequence = app.activity.query_one("#sequence")
        await click(app, pilot, sequence, spots(sequence, direction="backward", t=3)[0])
        assert (app.activity.cursor.direction, app.activity.cursor.t) == ("backward", 3)


async def test_a_click_selects_a_part_of_the_explanation_and_a_double_click_follows_it(open_app, press):
    async with open_app(LINE) as (app, pilot):
        await press(app, pilot, "enter")
        pane = app.activity.query_one(WhyPane)
        place = next(place for place, part in enumerate(pane.parts) if place and part.source is not None)
        source = pane.parts[place].source.cursor
        before = (pane.explanation, app.activity.cursor)
        await click(app, pilot, pane, spots(pane, part=place)[0])
        assert pane.selected == place
        assert (pane.explanation, app.activity.cursor) == before
        await click(app, pilot, pane, spots(pane, part=0)[0])
        assert pane.selected == 0
        await click(app, pilot, pane, spots(pane, part=place)[0], times=2)
        cursor = app.activity.cursor
        assert (cursor.symbol, cursor.t, cursor.unit) == (source.symbol, source.t, source.unit)
        assert pane.explanation != before[0]
        await press(app, pilot, "backspace")
        assert pane.explanation == before[0]
