"""The part of a screen that trains which goes back in time: one question at a time, however fast keys come.

A question that is superseded costs the process that answers it, so the next moment is asked for when the one before is
there; the neighbour of the moment that is shown is fetched beforehand.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from textual import work

from rnntui.training.progress import Look
from rnntui.training.record import TASTE, Change, Knobs
from rnntui.ui.screens.neurons import NeuronsScreen

MOST_LOOKS: Final = 12
"""Moments that are remembered; each takes a few hundred kilobytes, as it holds the reading of a sentence."""
Key = tuple[str, int, Knobs]
"""By what a moment is known: the run, the step, and how it samples."""


class PastScreen(NeuronsScreen):
    """Shows the model as it was at a checkpoint."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: int | None = None
        """The step of the past that was asked for last; None is now."""
        self.shown: Key | None = None
        """The moment that is shown."""
        self.looks: dict[Key, Look] = {}
        self.direction = -1
        self.goes_back = False
        """Whether a moment is being fetched."""

    def begin(self, name: str, *arguments: object, paused: bool = False) -> None:
        """Start a process that trains; what its model will have been is not known yet."""
        self.leave_past()
        self.looks.clear()
        super().begin(name, *arguments, paused=paused)

    def leave_past(self) -> bool:
        """Return to now; whether one was elsewhere, or on the way."""
        there = super().leave_past() or self.wanted is not None
        self.wanted = self.shown = None
        return there

    def turn(self, change: Change) -> None:
        """Turn a knob; the past, and a model that does not train, writes anew as it stands."""
        super().turn(change)
        record = self.record
        if record.past is not None or (change.knob in TASTE and record.kept and not record.live):
            self.look_back(record.step)

    def action_time(self, by: int) -> None:
        """Another moment of the training; after the last checkpoint comes now."""
        self.direction = by
        there = self.record.kept_beside(by, self.wanted)
        if there is not None:
            self.look_back(there)
        elif by > 0:
            self.leave_past()

    def look_back(self, step: int) -> None:
        """Go to a step."""
        self.wanted = step
        if not self.goes_back:
            self.goes_back = True
            self.go_back()

    @work(group="asking")
    async def go_back(self) -> None:
        """Show the moment that is wanted, until no other one is; where another activity is on, once one is back."""
        try:
            async with self.turn_to_ask():
                while self.on and (key := self.key(self.wanted)) is not None and key != self.shown:
                    past = self.looks.get(key) or await self.fetched(key)
                    if past is None and self.on:
                        self.wanted = self.record.past.step if self.record.past is not None else None
                    elif past is not None and self.wanted is not None and self.shows(key[0]):
                        self.show_past(key, past)
                        if self.on and self.wanted == key[1] and not self.in_line:
                            await self.look_ahead()
        finally:
            self.goes_back = False

    @property
    def on(self) -> bool:
        """Whether this activity is on; what it asked else would end what the other one asks."""
        return self in self.app.screen_stack

    def show_past(self, key: Key, past: Look) -> None:
        """Show a moment; that of now differs only in what is written."""
        record, snapshot = self.record, self.record.snapshot
        if snapshot is not None and record.past is None and past.step == snapshot.step:
            self.wanted = None
            self.record = replace(record, snapshot=replace(snapshot, sample=past.sample))
        else:
            self.shown = key
            self.record = replace(record, past=past)

    async def look_ahead(self) -> None:
        """Have the next moment ready in the direction in which somebody goes, unless something else is asked."""
        key = self.key(self.record.kept_beside(self.direction))
        if key is not None and key not in self.looks:
            self.ahead = self.question(key)
            await asyncio.wait([found := asyncio.wrap_future(self.ahead)])
            self.ahead = None
            if not found.cancelled() and found.exception() is None:  # what is wrong is said when it is looked at
                self.known(key, found.result())

    def key(self, step: int | None) -> Key | None:
        """The moment at a step of what is shown, if there is one."""
        snapshot = self.record.snapshot
        return (snapshot.run, step, snapshot.knobs) if snapshot is not None and step is not None else None

    async def fetched(self, key: Key) -> Look | None:
        """A moment, and while it is on its way word of that; None where there is none, after it was said why."""
        with self.waiting_for("looking back…"):
            return self.known(key, await self.answer(self.question(key)))

    def question(self, key: Key) -> Future[object]:
        """Ask for a moment."""
        return self.app.engine.ask("looked_back", *key)

    def known(self, key: Key, past: object) -> Look | None:
        """Remember a moment, of many the newest."""
        if not isinstance(past, Look):
            return None
        self.looks[key] = past
        if len(self.looks) > MOST_LOOKS:
            del self.looks[next(iter(self.looks))]
        return past
