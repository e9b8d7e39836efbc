"""Every key and what it does: in the help, and in the palette, which obeys."""

from textual.widgets import Input, Label, OptionList

from rnntui.ui.keys import APP, EXPLORE
from rnntui.ui.screens.ask import PageScreen


async def test_help_tells_about_the_focused_pane_and_every_key(open_app, press):
    async with open_app() as (app, pilot):
        app.activity.query_one("#gates").focus()
        await press(app, pilot, "question_mark")
        assert isinstance(app.screen, PageScreen)
        text = app.screen.text.plain
        assert "every gate" in text
        for binding in (*EXPLORE, *APP):
            assert (binding.tooltip or binding.description) in text
        for columns in (120, 80, 40):
            await pilot.resize_terminal(columns, 36)
            await press(app, pilot)
            page = app.screen.query_one("#page")
            label, room = app.screen.query_one("Label"), page.scrollable_content_region.width
            lines = ["".join(piece.text for piece in label.render_line(y)).rstrip() for y in range(label.size.height)]
            keys = [line for line in lines[lines.index("") :] if line]
            assert all(len(line) <= room and line[14:16] == "  " for line in keys)
            words = " ".join(" ".join(line[16:].split()) for line in keys)
            assert all((binding.tooltip or binding.description) in words for binding in (*EXPLORE, *APP))
        await press(app, pilot, "escape")
        assert app.screen is app.activity


async def test_every_binding_has_a_stable_id_of_its_own():
    ids = [binding.id for binding in (*EXPLORE, *APP)]
    assert all(ids)
    assert len(set(ids)) == len(ids)


async def test_the_palette_lists_every_live_action_and_the_themes(open_app, press):
    async with open_app("explore:cell=rnn,text=abc,hidden=2,t=1") as (app, pilot):
        await press(app, pilot, "b")
        titles = [command.title for command in app.get_system_commands(app.activity)]
        for binding in (*EXPLORE, *APP):
            if binding.id not in {"explore.unit-up", "explore.lane-back", "explore.redo"}:
                assert any(title.startswith(binding.tooltip) for title in titles), binding.id
        assert "Theme: light" in titles


async def test_help_outlives_a_terminal_without_room_for_it(open_app, press):
    async with open_app() as (app, pilot):
        await press(app, pilot, "question_mark")
        page = app.screen.query_one("#page")
        for size in [(120, 36), (1, 1), (4, 2), (5, 3), (7, 5), (1, 36), (80, 1), (80, 24)]:
            await pilot.resize_terminal(*size)
            await press(app, pilot)
            assert isinstance(app.screen, PageScreen)
        (text,) = page.query(Label)
        assert max(len(line) for line in text.visual.plain.split("\n")) > 60


async def test_a_theme_that_is_asked_for_is_kept_for_next_time(open_app):
    async with open_app(theme="light") as (app, _):
        assert app.palette.theme == "light"
        assert app.kept().theme == "light"


async def test_the_palette_runs_actions_where_they_are_at_home(open_app, press):
    async with open_app() as (app, pilot):
        commands = {command.title.partition("  ·")[0]: command for command in app.get_system_commands(app.activity)}
        commands["Theme: light"].callback()
        await press(app, pilot)
        assert app.settings.theme == "light"
        assert app.activity.palette == app.palette
        commands["Read the next token"].callback()
        await press(app, pilot)
        assert app.activity.cursor.t == 1
        commands["Leave rnntui; the scene is kept"].callback()
        await pilot.pause()
        assert not app.is_running


async def test_the_palette_is_typed_into_and_obeys(open_app, press):
    async with open_app() as (app, pilot):
        await press(app, pilot, "colon")
        assert not app.screen.query_one(Input).cursor_blink
        await pilot.press(*"after the last")
        while not any(found.option_count == 1 for found in app.screen.query(OptionList)):
            await pilot.pause()
        await press(app, pilot, "enter", "enter", "enter")
        assert app.screen is app.activity
        assert app.activity.cursor.t == 5
