"""A screen that asks for the records of scenes, one after the other, and remembers how one came to each."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.reactive import reactive

from rnntui.core.flow import Study
from rnntui.core.placed import past_the_end, unknown_symbol
from rnntui.scene import FALLBACK, Cursor, Scene, parse
from rnntui.ui.activities import question
from rnntui.ui.history import History, Look, stands_in
from rnntui.ui.panes.painted import Record
from rnntui.ui.screens.moving import MovingScreen
from rnntui.ui.watch import Watch, again, broken


class AskingScreen(MovingScreen):
    """A screen that looks at one scene, whose record a worker computes; the old picture stays until it is there."""

    ACTIVITY: ClassVar[str]
    """As scenes say it."""

    scene: reactive[Scene | None] = reactive(None, repaint=False)
    history: reactive[History] = reactive(History(), bindings=True, repaint=False)
    waiting: reactive[str] = reactive("", repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self.pending: Look | None = None
        """What has been asked for and is not there yet."""
        self.lasting = False
        """Whether what is shown is worth opening next time: all but the stand-in for a scene that failed."""
        self.lookout = Watch(self)

    @abstractmethod
    def take(self, answer: object) -> Record:
        """Make ready for what the lab answered, which is shown next."""

    def newest(self) -> Look | None:
        """What was asked for last, whether or not it is on the screen already."""
        if self.pending is not None:
            return self.pending
        return Look(self.scene.at(self.cursor), self.history) if self.scene is not None else None

    def history_after(self) -> History:
        """The history once another scene has been shown than the one asked for last."""
        newest = self.newest()
        return newest.history.changed(newest.scene) if newest is not None else History()

    def come(self, scene: Scene, history: History, came_from: str) -> None:
        """Show the scene of another activity: at the beginning, or where one stood here before."""
        if self.shows(scene):
            self.history = history
            return
        start = scene if self.trace is not None else scene.at(self.MANNER.fresh(scene.cursor))
        self.show(start, history, keep_place=True, came_from=came_from)

    def shows(self, scene: Scene) -> bool:
        """Whether what another activity looked at is on this screen already, and no file has to be read for it."""
        here = self.scene
        if here is None or not self.lasting or self.pending is not None or self.waiting:
            return False
        same = replace(scene, activity=self.ACTIVITY).at(Cursor()) == here.at(Cursor())
        return same and not here.unpinned and not here.reads_file

    def show(self, scene: Scene, history: History | None = None, keep_place: bool = False, came_from: str = "") -> None:
        """Ask for a scene's record; once it is there, show it and enter it in the history.

        With `keep_place` the cursor stays as far on its way as before; else it goes where the scene says. A scene that
        cannot be shown leads back to the activity `came_from`, where everything is as it was.
        """
        history = self.history_after() if history is None else history
        if scene.activity != self.ACTIVITY:
            scene = replace(scene, activity=self.ACTIVITY)
        self.ask(Look(scene, history, keep_place, self.pending, came_from))

    def ask(self, look: Look) -> None:
        """Ask the engine for the record of a scene."""
        self.pending = look
        if not stands_in(look.scene):
            self.lookout.look_at(look.scene)
        name, arguments = question(look.scene)
        self.receive(look, self.app.engine.ask(name, *arguments))

    def rerun(self, scene: Scene) -> None:
        """Show a scene whose cell's file was saved."""
        self.show(*again(scene, self.newest()))

    def miss(self, file: str) -> None:
        """Say that the file of a cell that is looked at went away; what was computed stays."""
        self.app.say(f"{Path(file).name} is gone; what is shown stays, and the file is run again once it is back.")

    @work(group="asking", exclusive=True)
    async def receive(self, look: Look, question: Future[object]) -> None:
        """Wait for a record without holding up any key."""
        self.waiting = "computing…" if self.trace is not None else "loading torch…"
        try:
            answer = await asyncio.wrap_future(question)
        except (CancelledError, asyncio.CancelledError):
            return
        except Exception as error:  # noqa: BLE001 - whatever the worker died of is said, and the app goes on
            if self.pending is look:
                self.give_up(look, error)
            return
        if self.pending is look:
            self.pending = None
            self.waiting = ""
            self.accept(look, answer)

    def give_up(self, look: Look, error: Exception) -> None:
        """Say why there is no record; go on with what it overtook, what is on the screen, or anything at all."""
        self.pending = None
        self.waiting = broken(look.scene)
        self.app.say(error)
        if look.overtaken is not None:
            self.pending = look.overtaken
            self.call_later(self.ask, look.overtaken)
        elif look.came_from:
            self.app.call_later(self.app.go_back, self.ACTIVITY, look.came_from)
        elif self.trace is None and not stands_in(look.scene):
            self.call_later(self.show, FALLBACK.at(self.MANNER.fresh(FALLBACK.cursor)))

    def accept(self, look: Look, answer: object) -> None:
        """Show a record that has arrived; its scene says which content of a file was read."""
        before, record = self.trace, self.take(answer)
        trace = record.trace if isinstance(record, Study) else record
        read = parse(trace.scene)
        keep = before if look.keep_place else None
        cursor = self.MANNER.carried(keep, self.cursor, trace) if keep else record.clamp(look.scene.cursor)
        said = self.record.notices if self.record is not None else ()
        self.history = look.history
        self.lasting = not stands_in(look.scene)
        self.set_reactive(AskingScreen.scene, look.found(read))
        if self.lasting:
            self.lookout.scene = look.found(read)
        self.set_reactive(MovingScreen.cursor, cursor)
        with self.app.batch_update():
            self.record = record
            self.mutate_reactive(MovingScreen.cursor)
            self.mutate_reactive(AskingScreen.scene)
        about_place = () if keep else (*unknown_symbol(look.scene, trace), *past_the_end(look.scene, cursor))
        for notice in (*record.notices, *about_place):
            if notice not in said:
                self.app.say(notice)
        if self.scene is not None and self.scene.unpinned and self.lasting:
            self.pin(self.scene)

    @work(group="pinning", exclusive=True)
    async def pin(self, scene: Scene) -> None:
        """Find out which content of its files a scene that is shown has read; whatever else is asked goes first."""
        try:
            pinned = await asyncio.wrap_future(self.app.engine.ask("pinned", scene))
        except (CancelledError, asyncio.CancelledError, Exception):  # noqa: BLE001 - then the scene does not say it
            return
        if self.scene is scene and isinstance(pinned, Scene):
            self.scene = pinned
            self.watch_cursor(self.cursor)

    def watch_cursor(self, cursor: Cursor) -> None:
        """Say which moves are possible, and open here next time."""
        self.find_possible()
        if self.scene is not None and self.lasting:
            self.app.remember(self.scene, cursor)
