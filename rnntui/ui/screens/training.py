"""A screen that trains: it starts, pauses, steps, ends, resumes and rewinds what runs in a process of its own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work
from textual.reactive import reactive
from textual.screen import Screen

from rnntui.home import free_folder
from rnntui.scene import Cursor
from rnntui.training.progress import Progress
from rnntui.training.record import KNOB_RANGES, Change, Snapshot
from rnntui.ui.trainings import kept_taste, knobs

if TYPE_CHECKING:
    from rnntui.engine.client import Stream
    from rnntui.ui.app import RnntuiApp

PACE = 0.1
"""Seconds between two snapshots while it trains by itself."""


class TrainingScreen(Screen[None]):
    """Holds a training and obeys the keys that steer it; what is shown of it is up to the screen made of this."""

    app: RnntuiApp

    record: reactive[Progress] = reactive(Progress, bindings=True, repaint=False)
    cursor: reactive[Cursor] = reactive(Cursor(t=1), bindings=True, repaint=False)
    waiting: reactive[str] = reactive("", repaint=False)

    def __init__(self) -> None:
        super().__init__(classes="activity")
        self.stream: Stream | None = None
        """The training that was begun last."""
        self.turned: tuple[Change, ...] = ()
        """Knobs that were turned while no process trained, for the next one."""

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
        again = record.again
        self.record = record.beginning()
        if again:
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
            if record.state != "finished" and record.snapshot is not None and record.snapshot.run:
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
