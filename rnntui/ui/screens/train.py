"""The Train screen: a small model learns in a process of its own, and every pane shows what it can do by now."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Label

from rnntui.home import free_folder
from rnntui.paint import reading, training
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor, Scene
from rnntui.training.progress import Look as Past
from rnntui.training.progress import Progress
from rnntui.training.record import KNOB_RANGES, Change, Snapshot
from rnntui.ui.arrangement import TOO_SMALL
from rnntui.ui.help import HELP, page
from rnntui.ui.history import History, Look
from rnntui.ui.keys import APP, TRAIN
from rnntui.ui.messages import Pointed
from rnntui.ui.panes.keyline import KeyLine
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.topline import TopLine
from rnntui.ui.panes.train_board import TrainBoard
from rnntui.ui.screens.activity import SECONDS_TO_ASK, TOO_SMALL_WORDS
from rnntui.ui.screens.ask import PageScreen
from rnntui.ui.trainings import CHANGES, kept_taste, knobs

if TYPE_CHECKING:
    from rnntui.engine.client import Stream
    from rnntui.ui.app import RnntuiApp

PACE = 0.1
"""Seconds between two snapshots while it trains by itself."""


class TrainScreen(Screen[None]):
    """Trains a character model beside the screen, and shows it from outside and from inside."""

    ACTIVITY = "train"
    BINDINGS = TRAIN
    AUTO_FOCUS = "#writing"
    app: RnntuiApp

    record: reactive[Progress] = reactive(Progress, bindings=True, repaint=False)
    cursor: reactive[Cursor] = reactive(Cursor(t=1), repaint=False)
    palette: reactive[Palette | None] = reactive(None, repaint=False)
    waiting: reactive[str] = reactive("", repaint=False)

    def __init__(self) -> None:
        super().__init__(classes="activity")
        self.stream: Stream | None = None
        """The training that was begun last."""
        self.came_with: Look | None = None
        """The scene of the activity that one came from, and goes back to."""
        self.turned: tuple[Change, ...] = ()
        """Knobs that were turned while no process trained, for the next one."""
        self.wanted = -1
        """The step of the past that was asked for last."""
        self.changing = asyncio.Lock()

    def compose(self) -> ComposeResult:
        """The panes, wired to what the screen owns."""
        here = TrainScreen
        shared = (here.record, here.cursor, here.palette)
        yield TopLine(self.ACTIVITY).data_bind(here.waiting)
        yield PaintedPane(reading.sentence, None, id="sequence", help=HELP["reading"]).data_bind(*shared)
        yield TrainBoard().data_bind(*shared)
        yield PaintedPane(training.paint_time, None, id="time", help="").data_bind(*shared)
        yield PaintedPane(training.paint_sentence, None, id="sentence", help="").data_bind(*shared)
        yield Label(TOO_SMALL_WORDS, id="too-small", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Only what can be focused is; the numbers and the sentence are for reading."""
        for name in ("#time", "#sentence"):
            self.query_one(name).can_focus = False
        self.palette = self.app.palette

    @property
    def board(self) -> TrainBoard:
        """The panes that share the middle of the screen."""
        return self.query_one(TrainBoard)

    def on_resize(self, event: events.Resize) -> None:
        """On a screen too small for anything, say so and nothing else."""
        self.set_class(event.size.width < TOO_SMALL[0] or event.size.height < TOO_SMALL[1], "too-small")
        self.board.fit_panes()

    def on_screen_resume(self) -> None:
        """Come back in the colours that were chosen meanwhile."""
        self.palette = self.app.palette

    # Coming from another activity, and going back to it

    def come(self, scene: Scene, history: History) -> None:
        """Keep what another activity showed, to go back to."""
        self.came_with = Look(scene, history)

    def newest(self) -> Look | None:
        """What the other activities go on with."""
        return self.came_with

    def history_after(self) -> History:
        """The history once another scene is shown than the one that was left."""
        return self.came_with.history.changed(self.came_with.scene) if self.came_with is not None else History()

    # Training

    def begin(self, name: str, *arguments: object, paused: bool = False) -> None:
        """Start a process that trains, and follow it."""
        self.stream = self.app.engine.stream(name, *arguments, paused=paused)
        self.follow(self.stream)
        self.turned = ()

    @work(group="training", exclusive=True)
    async def follow(self, stream: Stream) -> None:
        """Show what comes; say why it ended where it was not told to."""
        self.waiting = "loading torch…" if not self.app.engine.ready.done() else ""
        try:
            async for snapshot in stream:
                self.waiting = ""
                if isinstance(snapshot, Snapshot):
                    self.show(snapshot, stream.paused)
            ending: str = stream.ended.result()
        except asyncio.CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - whatever the training died of is said, and the app goes on
            self.app.say(error)
            ending = "broken"
        self.waiting = ""
        self.record = self.record.ended(ending)

    def show(self, snapshot: Snapshot, paused: bool) -> None:
        """Show the next snapshot, and tell its notices."""
        for notice in snapshot.notices:
            self.app.say(notice)
        record = self.record.shown(snapshot, paused)
        with self.app.batch_update():
            self.record = record
            self.cursor = record.clamp(self.cursor)

    def start(self, paused: bool = False) -> None:
        """Begin a new run of what is chosen: the very same one again, if that is what was trained last."""
        before, record = self.record.snapshot, self.record
        runs = self.app.home.runs
        folder = str(free_folder(runs, record.spec.title)) if runs is not None else None
        changes = (*((kept_taste(before.knobs)) if before is not None else ()), *self.turned)
        self.record = record.beginning()
        if before is not None and record.spec == before.spec:
            self.begin("train", record.spec, folder, paused=paused)
        else:
            self.begin("train_for", record.spec, record.seconds, folder, paused=paused)
        for change in changes:
            self.turn(change)

    def action_go(self) -> None:
        """Start; pause; go on, also after a stop or a broken process."""
        record, stream = self.record, self.stream
        if record.past is not None:
            self.record = replace(record, past=None)
        elif not record.live:
            if record.snapshot is not None and record.snapshot.run:
                self.record = replace(record, state="starting")
                self.begin("resume", record.snapshot.run, self.turned)
            else:
                self.start()
        elif stream is not None and stream.paused:
            stream.send(Change("pace", PACE))
            stream.resume()
            self.record = replace(record, state="training")
        elif stream is not None:
            stream.pause()
            self.record = replace(record, state="paused")

    def action_one_step(self) -> None:
        """One update, then wait; before the first run, its initial weights."""
        if not self.record.live:
            self.start(paused=True)
        elif self.stream is not None:
            self.stream.send(Change("pace", 0))
            self.stream.one_step()
            self.record = replace(self.record, state="paused", past=None)

    def action_stop(self) -> None:
        """Return from the past; else end the training, which keeps a checkpoint."""
        if self.record.past is not None:
            self.record = replace(self.record, past=None)
        elif self.stream is not None and self.record.live:
            self.record = replace(self.record, state="stopping")
            self.stream.cancel()

    @work(group="rewind", exclusive=True)
    async def action_rewind(self) -> None:
        """End what trains, and stand again before the first step of the chosen run."""
        if self.stream is not None:
            self.stream.cancel()
            with suppress(Exception):
                await asyncio.shield(asyncio.wrap_future(self.stream.ended))
        self.start(paused=True)

    def turn(self, change: Change) -> None:
        """Turn a knob of what trains, or of what will go on."""
        record = self.record
        if record.live and self.stream is not None:
            self.stream.send(change)
        else:
            self.turned += (change,)
        if record.snapshot is not None:
            snapshot = replace(record.snapshot, knobs=change.applied(record.snapshot.knobs))
            self.record = replace(record, snapshot=snapshot)

    def action_temperature(self, by: float) -> None:
        """Write more boldly, or more timidly."""
        low, high = KNOB_RANGES["temperature"]
        warmth = min(max(round(knobs(self.record).temperature + by, 2), low), high)
        self.turn(Change("temperature", warmth))
        self.app.say(f"Temperature {warmth:g}: shown in what it writes next.")
        if self.record.past is not None:
            self.look_back(self.record.past.step)

    # The time machine

    def action_time(self, by: int) -> None:
        """Another moment of the training; after the last checkpoint comes now."""
        there = self.record.kept_beside(by, self.wanted if self.record.past is not None else None)
        if there is not None:
            self.look_back(there)
        elif by > 0:
            self.record = replace(self.record, past=None)

    def look_back(self, step: int) -> None:
        """Ask what could be seen at a step."""
        snapshot = self.record.snapshot
        if snapshot is not None:
            self.wanted = step
            self.receive_past(self.app.engine.ask("looked_back", snapshot.run, step, snapshot.knobs))

    @work(group="asking", exclusive=True)
    async def receive_past(self, question: Future[object]) -> None:
        """Show the moment once it is there."""
        try:
            past = await asyncio.wrap_future(question)
        except (CancelledError, asyncio.CancelledError):
            return
        except Exception as error:  # noqa: BLE001 - whatever the worker died of is said, and the app goes on
            self.app.say(error)
            return
        if isinstance(past, Past):
            self.wanted = past.step
            self.record = replace(self.record, past=past)

    @work(group="opening", exclusive=True)
    async def action_open(self, activity: str) -> None:
        """Open another activity on the weights as they are shown, or as they were kept last."""
        snapshot = self.record.snapshot
        if snapshot is None:
            return
        try:
            scene = await asyncio.wrap_future(
                self.app.engine.ask("opened", snapshot.run, self.record.step, activity, self.cursor.unit)
            )
        except (CancelledError, asyncio.CancelledError):
            return
        except Exception as error:  # noqa: BLE001 - what cannot be opened is said, and the app goes on
            self.app.say(error)
            return
        if isinstance(scene, Scene):
            if self.stream is not None and self.record.state == "training":
                self.action_go()
            await self.app.open(scene)

    # Looking and choosing

    def on_pointed(self, event: Pointed) -> None:
        """Go where somebody pointed."""
        self.cursor = self.record.clamp(replace(self.cursor, **event.move))  # type: ignore[arg-type]

    def action_move(self, what: str, by: int) -> None:
        """Another character, unit or layer."""
        self.cursor = self.moved(what, by)

    def moved(self, what: str, by: int) -> Cursor:
        """Where a move leads."""
        here = self.record.clamp(self.cursor)
        return self.record.clamp(replace(here, **{what: max(0, getattr(here, what) + by)}))

    def action_pane(self, by: int) -> None:
        """Focus the next pane."""
        self.board.cycle(by)

    async def action_change(self, what: str) -> None:
        """Begin a change; the keys that follow wait until its question is open, so that none goes astray."""
        self.app.asked.clear()
        self.change(what)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.app.asked.wait(), SECONDS_TO_ASK)

    @work(group="change")
    async def change(self, what: str) -> None:
        """Ask for another training; what cannot be used is said, and nothing is lost."""
        async with self.changing:
            try:
                changed = await CHANGES[what](self.app, self.record)
                if isinstance(changed, Change):
                    self.turn(changed)
                elif changed is not None:
                    self.record = replace(self.record, spec=changed.spec, seconds=changed.seconds)
                    if changed.snapshot is not None:
                        self.app.say(f"The next run is a {training.planned(changed)}; r begins it.")
            except Exception as error:  # noqa: BLE001 - a change that fails is said, and the app goes on
                self.app.say(error)
            finally:
                self.app.asked.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would change nothing."""
        if not self.is_mounted:
            return True
        record = self.record
        if action == "move":
            what, by = parameters
            there = self.moved(str(what), int(str(by)))
            return True if record.reading is not None and there != record.clamp(self.cursor) else None
        possible = {
            "go": record.past is not None or record.state not in ("starting", "stopping", "finished"),
            "one_step": record.state in ("idle", "training", "paused"),
            "stop": record.past is not None or (record.live and record.state != "stopping"),
            "rewind": record.snapshot is not None,
            "time": bool(record.kept) and (parameters == (-1,) or record.past is not None),
            "open": bool(record.kept),
        }
        return True if possible.get(action, True) else None

    def action_help(self) -> None:
        """What the focused pane shows, and every key."""
        about = getattr(self.focused, "help_text", "") or HELP[self.ACTIVITY]
        bindings: list[BindingType] = [*self.BINDINGS, *APP]
        self.app.push_screen(PageScreen("Help", page(about, bindings)))
