import pytest

from rnntui import lab
from rnntui.core.worked import figure
from rnntui.errors import BadInput
from rnntui.scene import Cursor, Scene
from rnntui.ui.predict import Answer, judge, question, read, target
from rnntui.ui.screens.ask import LineScreen
from rnntui.ui.screens.prediction import RevealScreen


@pytest.fixture(scope="module")
def trace():
    return lab.trace(Scene(text="hello", hidden=3))


def test_the_value_that_is_asked_for_is_the_one_computed_next(trace):
    asked = target(trace, Cursor(t=2, symbol="i", unit=1, partial=True))
    assert (asked.t, asked.symbol, asked.unit, asked.partial) == (2, "f", 1, True)
    assert target(trace, Cursor(t=2)).t == 3
    assert question(trace, asked).startswith("Predict f[1], the forget gate, at t = 2:  fₜ = σ(")
    with pytest.raises(BadInput, match="Everything is computed here"):
        target(trace, Cursor(t=5))


def test_what_is_set_by_hand_is_not_asked_for():
    held = lab.trace(Scene(text="hello", hidden=3, set="i[1]=1;f=1;h@5=0;o@5=0;g@5=0;c@5=0;i@5=0"))
    assert target(held, Cursor(t=1, unit=1)).symbol == "g"
    assert target(held, Cursor(t=1, unit=0)).symbol == "i"
    assert target(held, Cursor(t=2, symbol="i", partial=True)).symbol == "g"
    with pytest.raises(BadInput, match="All that comes next in unit 0 is set by hand, so there is nothing to predict"):
        target(held, Cursor(t=4))
    with pytest.raises(BadInput, match="Everything is computed here"):
        target(held, Cursor(t=5))


def test_an_answer_is_a_sign_an_order_or_a_number():
    assert [read(line).kind for line in ("+", " − ", ">", "<", "-0.5", ".3", "1e-2")] == [
        *("sign", "sign", "order", "order"),
        *["number"] * 3,
    ]
    assert read("−0.5").value == -0.5
    for line in ("", "big", "nan", "1e999", "+-", "0x1"):
        with pytest.raises(BadInput, match="is no prediction; write"):
            read(line)


@pytest.mark.parametrize("symbol", ["f", "g", "c", "h"])
def test_answers_are_held_against_the_value_that_torch_computed(trace, symbol):
    asked = Cursor(t=3, symbol=symbol, unit=1, partial=True)
    value, before = (float(trace.passes[0].values[symbol][row, 1]) for row in (2, 1))
    assert judge(trace, asked, Answer("sign", 1, "+")).right == (value > 0)
    assert judge(trace, asked, Answer("order", 1, ">")).right == (value > before)
    assert judge(trace, asked, Answer("number", value + 0.04, "")).right
    wrong = judge(trace, asked, Answer("number", value + 0.5, ""))
    assert not wrong.right
    assert wrong.chain[-1] == figure(value)
    assert f"= {figure(value)}: you said" in wrong.verdict


def test_a_gate_of_the_first_step_has_nothing_to_be_larger_than(trace):
    with pytest.raises(BadInput, match="f has no value one step before"):
        judge(trace, Cursor(t=1, symbol="f", partial=True), Answer("order", 1, ">"))
    assert judge(trace, Cursor(t=1, symbol="c", partial=True), Answer("order", 1, ">")).verdict


def screen_text(app):
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


async def test_a_value_is_hidden_until_the_learner_commits_and_then_shown_part_by_part(open_app, press):
    async with open_app("explore:cell=rnn-relu,text=hello,hidden=3,init=identity") as (app, pilot):
        explore = app.activity
        await press(app, pilot, "right", "right", "p")
        assert isinstance(app.screen, LineScreen)
        value = float(explore.trace.passes[0].values["h"][2, 0])
        shown = explore.shown.passes[0].values["h"]
        assert not (shown[2:] == shown[2:]).any()
        assert figure(value) not in "".join(str(pane.painting().text()) for pane in explore.query("PaintedPane"))
        await press(app, pilot, "b", "i", "g", "enter")
        assert isinstance(app.screen, LineScreen)
        await press(app, pilot, "+", "enter")
        reveal = app.screen
        assert isinstance(reveal, RevealScreen)
        assert explore.cursor.t == 2
        assert explore.hiding
        parts = 1
        while app.screen is reveal and reveal.seen < len(reveal.chain):
            await press(app, pilot, "enter")
            parts += 1
        assert parts == len(reveal.chain)
        assert reveal.verdict.endswith(f"{int(value > 0)} of 1 right.")
        await press(app, pilot, "enter")
        assert (app.screen, explore.cursor.t, explore.shown) == (explore, 3, explore.trace)
        await press(app, pilot, "p", "escape")
        assert app.screen is explore
        assert explore.score[1] == 1
        await press(app, pilot, "end", "p")
        assert app.screen is explore


async def test_larger_or_smaller_is_offered_only_where_there_is_a_step_before(open_app, press):
    async with open_app("explore:cell=gru,text=hello,hidden=3") as (app, pilot):
        await press(app, pilot, "p")
        assert "step before" not in screen_text(app)
        await press(app, pilot, ">", "enter")
        assert isinstance(app.screen, LineScreen)
        await press(app, pilot, "+", "enter")
        assert isinstance(app.screen, RevealScreen)
        await press(app, pilot, "escape", "right", "p")
        assert "> or < than one step before" in screen_text(app)
