from rnntui.scene import parse
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.screens.ask import ChoiceScreen, LineScreen


def seen(screen, name):
    return screen.query_one(f"#{name}", PaintedPane)


async def test_values_are_set_by_hand_and_the_difference_is_shown(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=3") as (app, pilot):
        explore = app.activity
        await press(app, pilot, "d")
        assert explore.second is None
        await press(app, pilot, "equals_sign")
        assert isinstance(app.screen, LineScreen)
        await press(app, pilot, *"f[1]=1", "enter")
        assert explore.scene.set == "f[1]=1"
        assert (explore.trace.passes[0].values["f"][:, 1] == 1).all()
        assert "By hand" in seen(explore, "sentence").painting().text()
        await press(app, pilot, "d")
        assert explore.difference
        assert explore.scene.versus == "untouched"
        assert explore.shown.minus is not None
        assert not explore.shown.passes[0].values["f"][:, 0][:1].any()
        assert "Δ" in str(seen(explore, "gates").border_title)
        assert "differs" in seen(explore, "sentence").painting().text()
        await press(app, pilot, "d")
        assert explore.shown is explore.trace
        assert seen(explore, "second-equations").display
        await press(app, pilot, "equals_sign", *["backspace"] * 9, "enter")
        assert (explore.scene.set, explore.scene.versus) == ("", "")
        assert not seen(explore, "second-equations").display
        await press(app, pilot, "u")
        assert explore.scene.set == "f[1]=1"


async def test_a_value_is_held_for_twenty_steps_by_one_bias_that_the_explanation_names(open_app, press):
    async with open_app("explore:cell=gru,text=the%20quick%20brown%20fox%20j,hidden=4") as (app, pilot):
        await press(app, pilot, "equals_sign", *"h[0]@0=0.5", "enter", "n", "n", "enter", "equals_sign")
        assert "here: z[0]@1 or bias_ih_l0[4]" in str(app.screen.query_one("#ask-hint").render())
        await press(app, pilot, *";bias_ih_l0[4]=40", "enter", "end")
        assert app.activity.scene.set == "h[0]@0=0.5;bias_ih_l0[4]=40"
        assert (app.activity.trace.passes[0].values["h"][:20, 0] == 0.5).all()


async def test_what_cannot_be_set_is_said_and_nothing_is_lost(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=3") as (app, pilot):
        before = app.activity.trace
        for line in ("q=1", "f[9]=1", "f", "f=x"):
            await press(app, pilot, "equals_sign", *line, "enter")
            assert app.activity.trace is before
            assert app.activity.scene.set == ""
        assert len(app._notifications) >= 4


async def test_two_networks_step_together_on_panes_beside_each_other(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3") as (app, pilot):
        explore = app.activity
        await press(app, pilot, "v")
        assert isinstance(app.screen, ChoiceScreen)
        await press(app, pilot, "home", "down", "enter")
        assert explore.second.cell == explore.scene.versus == "gru"
        await press(app, pilot, "right", "right")
        ours, theirs = seen(explore, "state-0"), seen(explore, "second-state-0")
        assert ours.display
        assert theirs.display
        assert ours.region.height == theirs.region.height
        assert str(theirs.border_title).startswith("gru · Hidden state h")
        assert "gru: h" in seen(explore, "sentence").painting().text()
        await press(app, pilot, "d")
        assert explore.shown.symbols == ("h",)
        assert "Unit 0 differs: h" in seen(explore, "sentence").painting().text()
        assert not theirs.display
        await press(app, pilot, "enter")
        cursor = explore.cursor
        why = app.activity.query_one("#why")
        assert why.explanation.value == explore.trace.of(0, "forward").values["h"][cursor.t - 1][cursor.unit]
        await press(app, pilot, "enter", "right", "n", "escape", "x", "escape", "d")
        assert explore.shown is explore.trace
        await press(app, pilot, "tab", "tab")
        assert app.focused.id == "state-0"
        await press(app, pilot, "enter")
        assert explore.board.explaining
        assert not theirs.display
        await press(app, pilot, "escape", "v", "end", "enter", *"seed=1", "enter")
        assert explore.scene.versus == "seed=1"
        await press(app, pilot, "d")
        assert explore.shown.minus is not None
        await press(app, pilot, "v", "home", "enter")
        assert explore.second is None
        assert explore.shown is explore.trace


async def test_a_small_screen_shows_one_of_two_and_a_pasted_scene_opens_both(open_app, press):
    async with open_app("explore:text=hello,hidden=3,t=2,versus=gru", size=(60, 20)) as (app, pilot):
        explore = app.activity
        assert explore.second.cell == "gru"
        assert not seen(explore, "second-state-0").display
        await pilot.resize_terminal(80, 24)
        await press(app, pilot, "right")
        assert seen(explore, "second-state-0").display
        assert parse(str(explore.scene)) == explore.scene


async def test_cells_with_other_symbols_compute_as_many_of_them_and_the_last_together(open_app, press):
    async with open_app("explore:cell=lstm,text=hello,hidden=3,t=2,versus=gru", size=(80, 24)) as (app, pilot):
        explore = app.activity
        lit = []
        for _ in explore.trace.symbols:
            await press(app, pilot, "n")
            lit.append((explore.cursor.symbol, explore.board.second_cursor.symbol))
        assert lit == [("i", "r"), ("f", "z"), ("g", "n"), ("o", "n"), ("c", "n"), ("h", "h")]
        await press(app, pilot, "N")
        told = seen(explore, "sentence").painting().text()
        assert told.startswith("Unit 0 · lstm: c = ")
        assert "gru: n = " in told
        assert "h =" not in told
        assert str(seen(explore, "second-equations").border_title) == "gru · Equations · with numbers"
