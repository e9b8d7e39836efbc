"""What every activity's screen is built on: it asks for a scene's record, and remembers how one came to it."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.reactive import reactive
from textual.screen import Screen

from rnntui.core.flow import Study
from rnntui.core.trace import Trace
from rnntui.paint.palette import Palette
from rnntui.scene import FALLBACK, Cursor, Scene, parse
from rnntui.ui.history import History, Look
from rnntui.ui.moves import Manner
from rnntui.ui.panes.painted import Record
from rnntui.ui.watch import Watch, again, broken

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp


def stands_in(scene: Scene) -> bool:
    """Whether a scene is the one that is shown where another has failed."""
    return replace(scene, activity=FALLBACK.activity).at(FALLBACK.cursor) == FALLBACK


class LookingScreen(Screen[None]):
    """A screen that looks at one scene; what it shows of it is the activity's."""

    ACTIVITY: ClassVar[str]
    """As scenes say it."""
    MANNER: ClassVar[Manner]
    """How its cursor moves."""
    app: RnntuiApp

    scene: reactive[Scene | None] = reactive(None, repaint=False)
    record: reactive[Record | None] = reactive(None, bindings=True, repaint=False)
    """What the lab answered for the scene."""
    cursor: reactive[Cursor] = reactive(Cursor(), bindings=True, repaint=False)
    palette: reactive[Palette | None] = reactive(None, repaint=False)
    history: reactive[History] = reactive(History(), bindings=True, repaint=False)
    waiting: reactive[str] = reactive("", repaint=False)

    def __init__(self) -> None:
        super().__init__(classes="activity")
        self.pending: Look | None = None
        """What has been asked for and is not there yet."""
        self.lasting = False
        """Whether what is shown is worth opening next time: all but the stand-in for a scene that failed."""
        self.lookout = Watch(self.app, self.rerun)

    # What an activity says about itself

    @abstractmethod
    def question(self, scene: Scene) -> tuple[object, ...]:
        """The lab's function that answers for a scene, and its arguments."""

    @abstractmethod
    def take(self, answer: object) -> Record:
        """Make ready for what the lab answered, which is shown next."""

    # What is looked at

    @property
    def trace(self) -> Trace | None:
        """The forward pass of what is on the screen."""
        return self.record.trace if isinstance(self.record, Study) else self.record

    def newest(self) -> Look | None:
        """What was asked for last, whether or not it is on the screen already."""
        if self.pending is not None:
            return self.pending
        return Look(self.scene.at(self.cursor), self.history) if self.scene is not None else None

    def history_after(self) -> History:
        """The history once another scene has been shown than the one asked for last."""
        newest = self.newest()
        return newest.history.changed(newest.scene) if newest is not None else History()

    def come(self, scene: Scene, history: History) -> None:
        """Show the scene of another activity: at the beginning, or where one stood here before."""
        start = scene if self.trace is not None else scene.at(self.MANNER.fresh(scene.cursor))
        self.show(start, history, keep_place=True)

    def show(self, scene: Scene, history: History | None = None, keep_place: bool = False) -> None:
        """Ask for a scene's record; once it is there, show it and enter it in the history.

        With `keep_place` the cursor stays as far on its way as before; else it goes where the scene says.
        """
        history = self.history_after() if history is None else history
        if scene.activity != self.ACTIVITY:
            scene = replace(scene, activity=self.ACTIVITY)
        self.ask(Look(scene, history, keep_place, self.pending))

    def ask(self, look: Look) -> None:
        """Ask the engine for the record of a scene."""
        self.pending = look
        if not stands_in(look.scene):
            self.lookout.look_at(look.scene)
        name, *arguments = self.question(look.scene)
        self.receive(look, self.app.engine.ask(str(name), *arguments))

    def rerun(self, scene: Scene) -> None:
        """Show a scene whose cell's file was saved."""
        self.show(*again(scene, self.newest()))

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
        elif self.trace is None and not stands_in(look.scene):
            self.call_later(self.show, FALLBACK.at(self.MANNER.fresh(FALLBACK.cursor)))

    def accept(self, look: Look, answer: object) -> None:
        """Show a record that has arrived; its scene says which content of a file was read."""
        before, record = self.trace, self.take(answer)
        trace = record.trace if isinstance(record, Study) else record
        read = parse(trace.scene)
        keep = before if look.keep_place else None
        cursor = self.MANNER.carried(keep, self.cursor, trace) if keep else record.clamp(look.scene.cursor)
        said = before.notices if before is not None else ()
        self.history = look.history
        self.lasting = not stands_in(look.scene)
        self.set_reactive(LookingScreen.scene, look.found(read))
        if self.lasting:
            self.lookout.scene = look.found(read)
        with self.app.batch_update():
            self.cursor = cursor
            self.record = record
            self.mutate_reactive(LookingScreen.scene)
        for notice in trace.notices:
            if notice not in said:
                self.app.say(notice)
        self.watch_cursor(cursor)

    def watch_cursor(self, cursor: Cursor) -> None:
        """Open here next time."""
        if self.scene is not None and self.lasting:
            self.app.remember(self.scene, cursor)
