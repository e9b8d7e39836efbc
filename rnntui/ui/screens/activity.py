"""What every activity's screen does alike: ask for a scene's record, remember how one came to it, move one cursor."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.binding import BindingType
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from rnntui.core.flow import Study
from rnntui.core.trace import Trace
from rnntui.paint.palette import Palette
from rnntui.scene import FALLBACK, Cursor, Scene, parse
from rnntui.ui.arrangement import TOO_SMALL
from rnntui.ui.autoplay import Autoplay
from rnntui.ui.export import Table
from rnntui.ui.help import HELP, page
from rnntui.ui.history import History, Look
from rnntui.ui.keys import APP
from rnntui.ui.messages import Pointed
from rnntui.ui.moves import Manner
from rnntui.ui.panes.board import Board
from rnntui.ui.panes.painted import Record
from rnntui.ui.screens.ask import PageScreen
from rnntui.ui.screens.changes import CHANGES, Pictured, go_to, write_pane
from rnntui.ui.watch import Watch, again, broken

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

SECONDS_TO_ASK = 5.0
TOO_SMALL_WORDS = "rnntui needs 40 × 12 cells or more.\nEnlarge the window, or press q."


def stands_in(scene: Scene) -> bool:
    """Whether a scene is the one that is shown where another has failed."""
    return replace(scene, activity=FALLBACK.activity) == FALLBACK


class ActivityScreen(Screen[None]):
    """A screen that looks at one scene; what it shows of it, and how the cursor moves, is the activity's."""

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
        self.changing = asyncio.Lock()
        self.autoplay = Autoplay(self.app, self.advance, self.app.settings.speed)
        self.lookout = Watch(self.app, self.rerun)

    # What an activity says about itself

    @abstractmethod
    def question(self, scene: Scene) -> tuple[object, ...]:
        """The lab's function that answers for a scene, and its arguments."""

    @abstractmethod
    def take(self, answer: object) -> Record:
        """Make ready for what the lab answered, which is shown next."""

    @abstractmethod
    def table(self, pane: Widget) -> Table:
        """The values that a pane shows."""

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

    def come(self, scene: Scene, history: History, came_from: str) -> None:
        """Show the scene of another activity: at the beginning, or where one stood here before."""
        fresh = scene if self.trace is not None else scene.at(self.MANNER.fresh(scene.cursor))
        self.show(fresh, history, keep_place=True, came_from=came_from)

    def show(self, scene: Scene, history: History | None = None, keep_place: bool = False, came_from: str = "") -> None:
        """Ask for a scene's record; once it is there, show it and enter it in the history.

        With `keep_place` the cursor stays as far on its way as before; else it goes where the scene says. A scene that
        cannot be shown leads back to the activity `came_from`, where everything is as it was.
        """
        history = self.history_after() if history is None else history
        if scene.activity != self.ACTIVITY:
            scene = replace(scene, activity=self.ACTIVITY)
        self.pending = Look(scene, history, keep_place, came_from)
        if not stands_in(scene):
            self.lookout.look_at(scene)
        name, *arguments = self.question(scene)
        self.receive(self.pending, self.app.engine.ask(str(name), *arguments))

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
        """Say why there is no record; go on with what is on the screen, or with anything at all."""
        self.pending = None
        self.waiting = broken(look.scene)
        self.app.say(error)
        if look.came_from:
            self.app.call_later(self.app.go_back, self.ACTIVITY, look.came_from)
        elif self.trace is None and not stands_in(look.scene):
            self.call_later(self.show, FALLBACK)

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
        self.set_reactive(ActivityScreen.scene, look.found(read))
        if self.lasting:
            self.lookout.scene = look.found(read)
        with self.app.batch_update():
            self.cursor = cursor
            self.record = record
            self.mutate_reactive(ActivityScreen.scene)
        for notice in record.notices:
            if notice not in said:
                self.app.say(notice)
        self.watch_cursor(cursor)

    def watch_cursor(self, cursor: Cursor) -> None:
        """Open here next time."""
        if self.scene is not None and self.lasting:
            self.app.remember(self.scene, cursor)

    @property
    @abstractmethod
    def board(self) -> Board:
        """The panes that share the middle of the screen."""

    def on_resize(self, event: events.Resize) -> None:
        """On a screen too small for anything, say so and nothing else."""
        self.set_class(event.size.width < TOO_SMALL[0] or event.size.height < TOO_SMALL[1], "too-small")
        self.board.fit_panes()

    def on_screen_suspend(self) -> None:
        """Whoever looks at something else is not left behind by the clock."""
        self.autoplay.stop()

    def on_screen_resume(self) -> None:
        """Come back in the colours that were chosen meanwhile."""
        self.palette = self.app.palette

    @property
    def text_row(self) -> int:
        """The row of the screen on which the text stands."""
        return self.query_one("#sequence").region.y

    # Moving about

    def on_pointed(self, event: Pointed) -> None:
        """Go where somebody pointed."""
        if self.trace is not None:
            self.cursor = self.MANNER.point(self.trace, self.cursor, event.move)

    def action_pane(self, by: int) -> None:
        """Focus the next pane."""
        self.board.cycle(by)

    def action_move(self, how: str, by: int) -> None:
        """Move the cursor in one of the activity's ways."""
        if self.trace is not None:
            self.cursor = self.MANNER.keys[how](self.trace, self.cursor, by)

    def advance(self) -> bool:
        """One step of auto-play; False at the end."""
        if self.trace is None:
            return False
        following = self.MANNER.onward(self.trace, self.cursor)
        moved = following != self.cursor
        self.cursor = following
        return moved

    def action_play(self) -> None:
        """Step by itself, or stop; from the end, begin again."""
        if self.autoplay.playing:
            self.autoplay.stop()
        elif self.trace is not None:
            if self.MANNER.onward(self.trace, self.cursor) == self.cursor:
                self.cursor = self.MANNER.again(self.trace, self.cursor)
            self.autoplay.start()
        self.refresh_bindings()

    def action_speed(self, by: int) -> None:
        """Play faster or slower."""
        speed = self.autoplay.faster(by)
        self.app.settings = replace(self.app.settings, speed=speed)
        self.app.say(f"{speed:g} steps a second; Space plays and stops.")

    def action_close(self) -> None:
        """Stop playing."""
        if self.autoplay.playing:
            self.action_play()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would change nothing."""
        if self.trace is None or not self.is_mounted:
            return action in ("change", "help", "close") or None
        if action == "move":
            how, by = parameters
            return True if self.MANNER.keys[str(how)](self.trace, self.cursor, int(str(by))) != self.cursor else None
        history = self.pending.history if self.pending is not None else self.history
        possible = {
            "undo": bool(history.past),
            "redo": bool(history.future),
            "change": parameters != ("export",) or self.focused is not None,
        }
        return True if possible.get(action, True) else None

    # Changing what is looked at

    async def action_change(self, what: str) -> None:
        """Begin a change; the keys that follow wait until its question is open, so that none goes astray."""
        self.autoplay.stop()
        self.app.asked.clear()
        self.change(what)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.app.asked.wait(), SECONDS_TO_ASK)

    @work(group="change")
    async def change(self, what: str) -> None:
        """Ask for a change, then show it; what cannot be used is said, and nothing is lost."""
        pane = self.focused
        async with self.changing:
            try:
                await self.changed(what, pane)
            except Exception as error:  # noqa: BLE001 - a change that fails is said, and the app goes on
                self.app.say(error)
            finally:
                self.app.asked.set()

    async def changed(self, what: str, pane: Widget | None) -> None:
        """Make one change, from what was asked for last. Raises BadInput for what cannot be used."""
        newest = self.newest()
        if what in CHANGES:
            scene = await CHANGES[what](self.app, newest.scene if newest is not None else FALLBACK)
            if scene is not None:
                await self.app.open(scene, keep_place=what not in ("open", "copy"))
        elif self.record is not None and what == "go":
            self.cursor = await go_to(self.app, self.cursor, self.record.clamp)
        elif self.trace is not None and isinstance(pane, Pictured):
            written = await write_pane(self.app, self.trace.cell, pane, self.table)
            if written:
                self.app.say(f"Written: {written}")

    def action_undo(self) -> None:
        """Show the scene before the last change."""
        newest = self.newest()
        if newest is not None and newest.history.past:
            self.show(newest.history.past[-1], newest.history.undone(newest.scene))

    def action_redo(self) -> None:
        """Show the scene that was taken back."""
        newest = self.newest()
        if newest is not None and newest.history.future:
            self.show(newest.history.future[0], newest.history.redone(newest.scene))

    def action_help(self) -> None:
        """What the focused pane shows, and every key."""
        self.autoplay.stop()
        about = getattr(self.focused, "help_text", "") or HELP[self.ACTIVITY]
        bindings: list[BindingType] = [*self.BINDINGS, *APP]
        self.app.push_screen(PageScreen("Help", page(about, bindings, self.app.remapped)))
