"""The Train screen with a training that the test plays: started, paused, stepped, killed, resumed, rewound."""

from concurrent.futures import Future

from rnntui.engine.client import WorkerDied
from rnntui.errors import BadInput
from rnntui.home import Home, Settings
from rnntui.training.record import Change
from rnntui.ui.panes.keyline import KeyLine
from tests.training.snapshots import SPEC
from tests.ui.seen import notices, shown
from tests.ui.stage import RUN, Stage


async def test_before_anything_trains_the_screen_says_which_key_starts(play):
    async with play() as one:
        assert one.app.activity.ACTIVITY == "train"
        assert "Press Space to train a tiny lstm" in " ".join(shown(one.app, "writing").split())
        await one.press("period", "less_than_sign", "e", "right", "down", "escape")
        assert one.stage.asked == []


async def test_space_starts_pauses_and_goes_on_and_a_dot_makes_one_step(play):
    async with play() as one:
        await one.press("space")
        assert one.stage.begun == [("train_for", one.record.spec, 60, None, False)]
        assert one.record.state == "starting"
        await one.show(step=0)
        await one.show(step=10, bits=4.0)
        assert one.record.state == "training"
        assert "step 10 of 200" in shown(one.app, "time")
        assert "among 16.0 characters" in shown(one.app, "sentence")
        assert "It writes (temperature 0.8)" in str(one.app.activity.query_one("#writing").border_title)
        await one.press("space")
        assert one.record.state == "paused"
        await one.press("full_stop")
        await one.show(step=11)
        assert one.record.state == "paused"
        await one.press("space")
        await one.show(step=12)
        assert one.record.state == "training"
        assert one.stage.told == [
            *[("CHANGE", Change("pace", 0)), ("STEP", None)] * 2,
            ("CHANGE", Change("pace", 0.1)),
            ("RESUME", None),
        ]


async def test_the_last_line_says_what_space_and_escape_do_as_things_stand(play):
    async with play() as one:

        def keys():
            return one.app.screen.query_one(KeyLine).render().plain

        assert "space train  . one step  esc stop" in keys()
        await one.press("space")
        await one.show(step=10)
        assert "space pause  . one step  esc stop" in keys()
        await one.press("space")
        assert "space go on  . one step  esc stop" in keys()
        await one.press("less_than_sign")
        assert "space return  . one step  esc return" in keys()
        await one.press("space", "m")
        assert "space go on  . one step  esc forget marks" in keys()
        await one.press("escape", "space")
        await one.show(step=20)
        assert "space pause  . one step  esc stop" in keys()


async def test_a_killed_process_is_said_and_space_goes_on_with_its_run(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=10)
        one.stage.streams[-1].fail(WorkerDied("train_for broke off: its process was killed; nothing else is lost."))
        await one.settle()
        assert one.record.state == "broken"
        assert "was killed" in notices(one.app)[-1]
        assert "Space goes on from what was kept" in shown(one.app, "sentence")
        await one.press("plus", "space")
        assert one.stage.begun[-1] == ("resume", RUN, (Change("temperature", 0.9),), False)
        await one.show(step=8)
        assert one.record.state == "training"


async def test_what_cannot_be_learned_from_is_said(play):
    async with play() as one:
        await one.press("space")
        one.stage.streams[-1].fail(BadInput("The text 'x' has 3 characters to learn from."))
        await one.settle()
        assert notices(one.app) == ["The text 'x' has 3 characters to learn from."]
        await one.press("space")
        assert len(one.stage.streams) == 2


async def test_escape_stops_and_the_end_of_all_steps_is_known(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=10)
        await one.press("escape")
        await one.settle()
        assert one.record.state == "stopped"
        await one.press("space")
        await one.show(step=200)
        one.stage.streams[-1].finish("finished")
        await one.settle()
        assert one.record.state == "finished"
        assert "finished" in shown(one.app, "time")


async def test_an_explosion_is_explained_and_a_smaller_learning_rate_goes_along(play):
    async with play() as one:
        await one.press("space")
        for step in (0, 10, 20):
            await one.show(step=step)
        await one.show(step=16, stopped="Training exploded at step 21: the loss was nan.", stopped_at=21)
        one.stage.streams[-1].finish("finished")
        await one.settle()
        assert "The training exploded at step 21" in shown(one.app, "sentence")
        assert "then Space goes on from step 16." in shown(one.app, "sentence")
        assert "the loss was nan." in shown(one.app, "writing")
        assert one.record.curve.steps.tolist() == [10, 20]
        await one.press("n", "down", "enter", *["backspace"] * 5, *"0.001", "enter")
        await one.press("space")
        assert one.stage.begun[-1] == ("resume", RUN, (Change("learning_rate", 0.001),), False)


async def test_rewinding_begins_the_very_same_run_and_both_curves_stay(play):
    async with play() as one:
        await one.press("space")
        for step in (0, 10, 20):
            await one.show(step=step, bits=6 - step / 10)
        await one.press("r")
        await one.settle()
        assert one.stage.begun[-1] == ("train", SPEC, None, True)
        await one.show(step=0, bits=6.0)
        await one.show(step=10, bits=4.5)
        assert "before: lstm 6 4.00" in shown(one.app, "bits")
        assert "validation 4.50" in shown(one.app, "bits")


async def test_space_right_after_a_rewind_has_the_new_run_train(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=10)
        one.stage.lingers = True
        await one.press("r")
        assert one.record.state == "starting"
        await one.press("space", "space", "plus")
        await one.show(step=12)
        assert [begun[0] for begun in one.stage.begun] == ["train_for"]
        assert (one.record.state, one.record.step) == ("starting", 10)
        one.stage.streams[-1].finish("cancelled")
        await one.settle()
        assert one.stage.begun[1:] == [("train", SPEC, None, False)]
        assert one.stage.told[-1] == ("CHANGE", Change("temperature", 0.9))
        await one.show(step=1)
        assert one.record.state == "training"
        await one.press("r")
        one.stage.streams[-1].finish("cancelled")
        await one.settle()
        assert one.stage.begun[2:] == [("train", SPEC, None, True)]
        await one.press("space")
        await one.show(step=0)
        assert one.record.state == "training"
        await one.press("r", "space", "escape")
        one.stage.streams[-1].finish("cancelled")
        await one.settle()
        assert one.stage.begun[3:] == [("train", SPEC, None, True)]


async def test_runs_are_kept_where_the_home_says(play, tmp_path):
    (tmp_path / "stdlib-docs-lstm-1").mkdir()
    home = Home(Settings(welcomed=True), (), None, None, tmp_path)
    async with play(home=home) as one:
        await one.press("space")
        assert one.stage.begun[-1][3] == str(tmp_path / "stdlib-docs-lstm-2")


async def test_every_notice_of_a_training_is_told_exactly_once(play):
    async with play() as one:
        await one.press("space")
        await one.show(step=0, notices=("one",))
        one.stage.show(step=5, notices=("one", "two"))
        one.stage.show(step=6, notices=("one", "two", "three"))
        await one.settle()
        await one.show(step=7, notices=("one", "two", "three"))
        assert notices(one.app) == ["one", "two", "three"]


async def test_where_no_run_can_be_kept_it_is_said_and_trained(play, tmp_path):
    (tmp_path / "file").write_text("")
    home = Home(Settings(welcomed=True), (), None, None, tmp_path / "file")
    async with play(home=home) as one:
        await one.press("space")
        assert one.stage.begun[-1][3] is None
        assert "No run can be kept in" in notices(one.app)[-1]


async def test_what_is_being_got_ready_is_said_until_it_is(open_app, press):
    class Cold(Stage):
        def warm_up(self):
            self.warm = Future()
            return self.warm

    stage = Cold()
    async with open_app(engine=stage) as (app, pilot):
        await press(app, pilot, "3")
        assert app.activity.waiting == "getting ready to train…"
        stage.warm.set_result(None)
        while app.activity.waiting:
            await pilot.pause()


async def test_a_run_whose_last_model_cannot_be_written_did_not_break_off(play):
    async with play(size=(200, 50)) as one:
        for last, key in ((200, ""), (150, "escape")):
            await one.press("space")
            final = {"final_loss": 2.0, "final_baselines": {3: 2.5}} if last == 200 else {}
            await one.show(step=last, **final)
            told, one.stage.tell = one.stage.tell, lambda *_: None  # it ends by itself
            await one.press(*key.split())
            one.stage.tell = told
            one.stage.streams[-1].fail(BadInput(f"The model of step {last} could not be kept (No space left)."))
            await one.settle()
            assert one.record.state == "unkept"
            assert shown(one.app, "sentence").endswith(
                f"The model of step {last} could not be kept; Space goes on from step 24."
            )
            assert ("On all text held out" in shown(one.app, "sentence")) == (last == 200)
            assert f"not kept · step {last} of 200" in shown(one.app, "time")
        await one.press("space")
        assert one.stage.begun[-1] == ("resume", RUN, (), False)
        await one.show(step=200, kept=(24, 200))
        one.stage.streams[-1].fail(WorkerDied("train_for broke off: its process was killed; nothing else is lost."))
        await one.settle()
        assert one.record.state == "finished"
