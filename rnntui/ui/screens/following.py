"""A screen that follows a training which runs in a process of its own: what it shows, what it says, how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.reactive import reactive

from rnntui.scene import Cursor
from rnntui.training.progress import Progress
from rnntui.training.record import Change, Snapshot
from rnntui.training.remembered import remembered
from rnntui.training.shelf import discard
from rnntui.ui.screens.changing import ChangingScreen

if TYPE_CHECKING:
    from rnntui.engine.client import Stream


class FollowingScreen(ChangingScreen):
    """Holds a training and what is known of it."""

    record: reactive[Progress] = reactive(Progress, repaint=False)
    cursor: reactive[Cursor] = reactive(Cursor(t=1), bindings=True, repaint=False)
    waiting: reactive[str] = reactive("", repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self.stream: Stream | None = None
        """The training that was begun last."""
        self.asking = asyncio.Lock()
        """Held by who asks about what was trained: the next question waits, as it would end the one before."""
        self.in_line = 0
        """How many wait for that."""
        self.ahead: Future[object] | None = None
        """The answer to a question that nobody has asked yet, but probably will."""
        self.waits: tuple[str, ...] = ()
        """What is being waited for, in a few words each."""
        self.told = 0
        """How many of the training's notices were told."""
        self.resumed = False
        """Whether it goes on with a run that was begun before."""
        self.turned: tuple[Change, ...] = ()
        """Knobs that were turned while no process trained, for the next one."""
        self.made: str | None = None
        """The directory that was made for the newest run."""
        self.rewinding = False
        """Whether it has been told to end only for the next one to begin."""

    @work(group="ready", exclusive=True)
    async def get_ready(self) -> None:
        """Have the text read before anybody starts, and say so while that lasts."""
        engine = self.app.engine
        for words, future in (("loading torch…", engine.ready), ("getting ready to train…", engine.warm_up())):
            with self.waiting_for(words), suppress(Exception):  # what is wrong is said by what needs it
                await asyncio.shield(asyncio.wrap_future(future))

    def begin(self, name: str, *arguments: object, paused: bool = False) -> None:
        """Start a process that trains, and follow it."""
        self.stream = self.app.engine.stream(name, *arguments, paused=paused)
        self.stream.name = "The training"
        self.told = 0
        self.follow(self.stream)
        self.turned = ()

    @contextmanager
    def waiting_for(self, words: str) -> Iterator[None]:
        """Say at the top what is being waited for; of several things the newest."""
        self.waits = (*self.waits, words)
        self.waiting = words
        try:
            yield
        finally:
            self.waits = tuple(one for one in self.waits if one != words)
            self.waiting = self.waits[-1] if self.waits else ""

    @work(group="training", exclusive=True)
    async def follow(self, stream: Stream) -> None:
        """Show what comes; say why it ended where it was not told to. A refused run leaves no directory."""
        made = self.made
        try:
            async for snapshot in stream:
                if isinstance(snapshot, Snapshot) and not self.rewinding:
                    await self.remember(snapshot)
                    self.show(snapshot, stream.paused)
            ending: str = stream.ended.result()
        except asyncio.CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - whatever the training died of is said, and the app goes on
            self.app.say(error)
            ending = "broken"
        if made is not None:
            discard(Path(made))
        if not self.rewinding:
            self.record = self.record.ended(ending)

    async def remember(self, snapshot: Snapshot) -> None:
        """The curve that a resumed run drew before this app followed it, and those beside it."""
        if self.resumed and not self.record.curve.val_steps.size:
            curve, others = await asyncio.to_thread(remembered, snapshot)
            self.record = replace(self.record, curve=curve, earlier=self.record.earlier or others)

    def show(self, snapshot: Snapshot, paused: bool) -> None:
        """Show the next snapshot, and tell those of its notices that were not told yet."""
        for notice in snapshot.notices[self.told :]:
            self.app.say(notice)
        self.told = len(snapshot.notices)
        record = self.record.shown(snapshot, paused)
        with self.app.batch_update():
            self.record = record
            self.cursor = record.clamp(self.cursor)

    @asynccontextmanager
    async def turn_to_ask(self) -> AsyncIterator[None]:
        """Wait until nobody else asks about what was trained; what is only asked ahead of time is dropped."""
        self.in_line += 1
        try:
            if self.ahead is not None:
                self.ahead.cancel()
            await self.asking.acquire()
        finally:
            self.in_line -= 1
        try:
            yield
        finally:
            self.asking.release()

    async def answer(self, question: Future[object]) -> object:
        """The answer to a question about what was trained; None where there is none, after it was said why."""
        try:
            return await asyncio.wrap_future(question)
        except (CancelledError, asyncio.CancelledError):
            return None
        except Exception as error:  # noqa: BLE001 - whatever the worker died of is said, and the app goes on
            self.app.say(error)
            return None
