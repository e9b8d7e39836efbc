"""A screen that trains: it starts, pauses, steps, ends, resumes and rewinds what runs in a process of its own."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from textual import work

from rnntui.errors import BadInput
from rnntui.training import shelf
from rnntui.training.folder import taken
from rnntui.training.record import KNOB_RANGES, Change, Snapshot
from rnntui.training.remembered import remembered
from rnntui.ui.screens.following import FollowingScreen
from rnntui.ui.trainings import kept_taste, knobs

PACE = 0.1
"""Seconds between two snapshots while it trains by itself."""


class TrainingScreen(FollowingScreen):
    """Obeys the keys that steer a training; what is shown of it is up to the screen made of this."""

    def __init__(self) -> None:
        super().__init__()
        self.looked = False
        """Whether it was looked for a run that was left unfinished."""
        self.asks = False
        """Whether it is being asked where that run stands."""
        self.begins_paused = False
        """Whether the next run waits before its first step, if it is rewound to."""

    # A new run

    def start(self, paused: bool = False) -> None:
        """Begin a new run of what is chosen: the very same one again, if that is what was trained last."""
        before, record = self.record.snapshot, self.record
        changes = (*((kept_taste(before.knobs)) if before is not None else ()), *self.turned)
        again = record.again
        self.record, self.resumed = record.beginning(), False
        folder = self.made = self.new_folder()
        if again:
            self.begin("train", record.spec, folder, paused=paused)
        else:
            self.begin("train_for", record.spec, record.seconds, folder, paused=paused)
        for change in changes:
            self.turn(change)

    def new_folder(self) -> str | None:
        """A directory for the next run, for which old ones make room; None, and said, where none can be kept."""
        runs = self.app.home.runs
        if runs is None:
            return None
        try:
            others = (curve.run for curve in self.record.earlier if curve.run)
            folder = shelf.new_folder(runs, self.record.spec.title, others)
        except BadInput as error:
            self.app.say(f"{error} The next run is lost with the app.")
            return None
        self.run_worker(asyncio.to_thread(shelf.prune, runs), group="pruning", exit_on_error=False)
        return str(folder)

    # A run that was left unfinished

    def offer(self) -> None:
        """Offer the newest run that was left unfinished, the first time one looks; show where it stands."""
        if self.record.state != "idle" or self.record.snapshot is not None:
            return
        if not self.looked and self.app.home.runs is not None:
            kept = shelf.unfinished(self.app.home.runs)
            told_more = self.app.first_notices or self.app.home.taken
            if kept is not None:
                self.record = replace(self.record, offered=kept, spec=kept.spec)
                if not told_more:
                    self.app.clear_notifications()  # the corner told of it; now it is before one's eyes
        self.looked = True
        self.look_at_offer()

    def look_at_offer(self) -> None:
        """Ask where the offered run stands, unless that is being asked."""
        if self.record.offered is not None and not self.asks:
            self.asks = True
            self.receive_standing(self.record.offered.folder)

    @work(group="asking")
    async def receive_standing(self, folder: str) -> None:
        """Show where the offered run stands; one that cannot be read is said, and offered no more."""
        with self.waiting_for("reading the run…"):
            try:
                async with self.turn_to_ask():
                    snapshot = await asyncio.wrap_future(self.app.engine.ask("standing", folder))
            except (CancelledError, asyncio.CancelledError):
                return
            except Exception as error:  # noqa: BLE001 - whatever the worker died of is said, and the app goes on
                self.app.say(error)
                if isinstance(error, BadInput):
                    self.decline()
                return
            finally:
                self.asks = False
            if isinstance(snapshot, Snapshot):
                curve, others = await asyncio.to_thread(remembered, snapshot)
                if self.record.resumable == snapshot.run:
                    self.record = self.record.standing(snapshot, curve.longer(snapshot), others)
                    self.cursor = self.record.clamp(self.cursor)

    def decline(self) -> None:
        """Put the offered run aside, and let another be chosen."""
        if self.record.offered is not None:
            shelf.put_aside(Path(self.record.offered.folder))
            self.record = self.record.declined()

    def go_on(self, paused: bool = False) -> None:
        """Go on with the run that is looked at, unless another process does; or begin a new one where there is none."""
        record, run = self.record, self.record.resumable
        if not run:
            self.start(paused)
        elif taken(Path(run)):
            self.app.say(
                f"Another rnntui trains {Path(run).name}, so here it can only be looked at; stop it there first."
            )
            self.record = record.taken(run)
            self.look_at_offer()
        else:
            self.resumed = True
            self.record = replace(record, state="starting")
            self.begin("resume", run, self.turned, paused=paused)

    # Keys

    def leave_past(self) -> bool:
        """Return to now from a moment of the past; whether one was there."""
        there = self.record.past is not None
        if there:
            self.record = replace(self.record, past=None)
        return there

    def action_go(self) -> None:
        """Start; pause; go on, also after a stop or a broken process."""
        record, stream = self.record, self.stream
        if record.past is not None:
            self.leave_past()
        elif not record.live:
            self.go_on()
        elif self.rewinding:
            self.begins_paused = False
        elif stream is not None and stream.paused:
            stream.send(Change("pace", PACE))
            stream.resume()
            self.record = replace(record, state="starting" if record.state == "starting" else "training")
        elif record.state != "starting":
            self.action_one_step()

    def action_one_step(self) -> None:
        """One update, all of which is shown, then wait; before the first run, its initial weights."""
        if not self.record.live:
            self.go_on(paused=True)
        else:
            self.leave_past()
            self.have_it_wait()

    def have_it_wait(self) -> None:
        """One more update, all of which is shown, and no other."""
        if self.stream is not None:
            self.stream.send(Change("pace", 0))
            self.stream.one_step()
            self.record = replace(self.record, state="paused")

    def action_stop(self) -> None:
        """Return from the past; end the training, which keeps a checkpoint; or put aside the run that is offered."""
        if self.leave_past():
            return
        if self.rewinding:
            self.begins_paused = True
        elif self.stream is not None and self.record.live:
            self.record = replace(self.record, state="stopping")
            self.stream.cancel()
        else:
            self.decline()

    def action_rewind(self) -> None:
        """End what trains, and stand again before the first step of the chosen run."""
        self.rewinding = self.begins_paused = True
        self.record = replace(self.record, state="starting")
        self.rewind()

    @work(group="rewind", exclusive=True)
    async def rewind(self) -> None:
        """Begin the next run as soon as the last one has ended; it waits, unless it was told to train meanwhile."""
        if self.stream is not None:
            self.stream.cancel()
            with suppress(Exception):
                await asyncio.shield(asyncio.wrap_future(self.stream.ended))
        if run := self.record.run:
            shelf.put_aside(Path(run))
        self.rewinding = False
        self.start(paused=self.begins_paused)

    def turn(self, change: Change) -> None:
        """Turn a knob of what trains, or of what will go on."""
        record = self.record
        if record.live and self.stream is not None and not self.rewinding:
            self.stream.send(change)
            if self.stream.paused:
                self.stream.one_step()  # not an update: to see it
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
        self.app.say(f"Temperature {warmth:g}: how boldly it writes.")
