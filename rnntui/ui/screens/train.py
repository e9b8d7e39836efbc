"""The Train screen: a small model learns in a process of its own, and every pane shows what it can do by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive
from textual.widgets import Label

from rnntui.paint import reading, training
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor, Scene
from rnntui.training.progress import Progress
from rnntui.ui.arrangement import TOO_SMALL_WORDS, too_small
from rnntui.ui.help import HELP, page
from rnntui.ui.history import History, Look
from rnntui.ui.keys import APP, TRAIN
from rnntui.ui.messages import Pointed
from rnntui.ui.panes.keyline import KeyLine
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.topline import TopLine
from rnntui.ui.panes.train_board import TrainBoard
from rnntui.ui.screens.ask import PageScreen
from rnntui.ui.screens.past import PastScreen


class TrainScreen(PastScreen):
    """Trains a character model beside the screen, and shows it from outside and from inside."""

    ACTIVITY = "train"
    BINDINGS = TRAIN
    AUTO_FOCUS = "#writing"

    palette: reactive[Palette | None] = reactive(None, repaint=False)
    network: reactive[str] = reactive("", repaint=False)

    def compose(self) -> ComposeResult:
        """The panes, wired to what the screen owns."""
        here = TrainScreen
        still, shared = (here.record, here.palette), (here.record, here.cursor, here.palette)
        yield TopLine(self.ACTIVITY).data_bind(here.waiting, words=here.network)
        yield PaintedPane(reading.sentence, None, id="sequence", help=HELP["reading"]).data_bind(*shared)
        yield TrainBoard().data_bind(*shared)
        yield PaintedPane(training.paint_time, None, id="time", help="").data_bind(*still)
        yield PaintedPane(training.paint_sentence, None, id="sentence", help="").data_bind(*still)
        yield Label(TOO_SMALL_WORDS, id="too-small", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Only what can be focused is; the numbers and the sentence are for reading."""
        for name in ("#time", "#sentence"):
            self.query_one(name).can_focus = False
        self.palette = self.app.palette
        self.network = training.network(self.record)
        self.get_ready()

    def watch_record(self, before: Progress, now: Progress) -> None:
        """See anew which keys do something, where that may have changed: most snapshots change nothing of it."""
        self.network = training.network(now)
        if told(before) != told(now):
            self.refresh_bindings()

    def on_resize(self, event: events.Resize) -> None:
        """On a screen too small for anything, say so and nothing else."""
        self.set_class(too_small(*event.size), "too-small")
        self.board.fit_panes()

    def on_screen_resume(self) -> None:
        """Come back in the colours that were chosen meanwhile, where one wanted to be, and offer what was left."""
        self.palette = self.app.palette
        self.offer()
        if self.wanted is not None:
            self.look_back(self.wanted)

    # Coming from another activity, and going back to it

    def come(self, scene: Scene, history: History, came_from: str) -> None:
        """Keep what another activity showed, to go back to."""
        self.came_with = Look(scene, history)

    def newest(self) -> Look | None:
        """What the other activities go on with."""
        return self.came_with

    def history_after(self) -> History:
        """The history once another scene is shown than the one that was left."""
        return self.came_with.history.changed(self.came_with.scene) if self.came_with is not None else History()

    def action_stop(self) -> None:
        """Forget what is marked; else return from the past, or end the training."""
        if not self.forget_marks():
            super().action_stop()

    # Looking and choosing

    @work(group="opening", exclusive=True)
    async def action_open(self, activity: str) -> None:
        """Open another activity on the weights as they are shown, or as they were kept last."""
        scene = await self.opened(activity)
        if scene is not None:
            if self.record.state == "training":
                self.have_it_wait()
            await self.app.open(scene)

    def on_pointed(self, event: Pointed) -> None:
        """Go where somebody pointed."""
        self.cursor = self.record.clamp(replace(self.cursor, **event.move))  # type: ignore[arg-type]

    def action_move(self, what: str, by: int) -> None:
        """Another character, unit or layer; while somebody marks a text, another place in it."""
        if self.marking:
            self.move_hand(what, by)
        else:
            self.cursor = self.moved(what, by)

    def moved(self, what: str, by: int) -> Cursor:
        """Where a move leads; where one looks at single units, the next one is the next best."""
        here = self.record.clamp(self.cursor)
        if what == "unit" and self.looking:
            return self.ranked(here, by)
        return self.record.clamp(replace(here, **{what: max(0, getattr(here, what) + by)}))

    def action_pane(self, by: int) -> None:
        """Focus the next pane."""
        self.board.cycle(by)

    def action_plot(self) -> None:
        """Another plot of the training."""
        self.board.next_plot()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would change nothing."""
        if not self.is_mounted:
            return True
        record = self.record
        if action == "move" and not self.marking:
            what, by = parameters
            there = self.moved(str(what), int(str(by)))
            return True if record.reading is not None and there != record.clamp(self.cursor) else None
        offers = record.offered is not None and record.state not in ("starting", "stopping")
        possible = {
            "go": record.past is not None or record.state != "stopping",
            "one_step": record.state in ("idle", "training", "paused"),
            "stop": self.has_marks or record.past is not None or (record.live and record.state != "stopping") or offers,
            "rewind": record.snapshot is not None or offers,
            "time": bool(record.kept) and (parameters == (-1,) or record.past is not None),
            "open": bool(record.kept),
            "change": parameters != ("copy",) or bool(record.kept),
            "feature": bool(record.kept),
            "symbol": bool(record.kept),
            "mark": bool(record.kept),
            "marked": self.marking,
        }
        return True if possible.get(action, True) else None

    @property
    def for_now(self) -> Mapping[str, str]:
        """What Space and Escape do as things stand, where that is not to train and to stop, by their bindings' ids."""
        record = self.record
        if record.past is not None:
            go = stop = "return"
        else:
            go = {"training": "pause", "paused": "go on"}.get(
                record.state, "train" if record.offered is None else "go on"
            )
            stop = "stop" if record.offered is None or record.live else "put aside"
        return {"train.go": go, "train.stop": "forget marks" if self.has_marks else stop}

    def action_help(self) -> None:
        """What the focused pane shows, and every key."""
        about = getattr(self.focused, "help_text", "") or HELP[self.ACTIVITY]
        bindings: list[BindingType] = [*self.BINDINGS, *APP]
        self.app.push_screen(PageScreen("Help", page(about, bindings, self.app.remapped)))


def told(record: Progress) -> tuple[object, ...]:
    """What decides which keys do something, but for the cursor."""
    there = (record.snapshot is not None, record.reading is not None, record.past is not None, bool(record.kept))
    return record.state, record.offered, record.neurons, *there
