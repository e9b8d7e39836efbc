"""The Explore screen: one sequence, one network, one cursor that all panes share."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events, work
from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Label

from rnntui.core.trace import Trace
from rnntui.paint import equation, sentence, sequence
from rnntui.paint.palette import Palette
from rnntui.scene import FALLBACK, Cursor, Scene, parse
from rnntui.ui import moves
from rnntui.ui.arrangement import TOO_SMALL
from rnntui.ui.autoplay import Autoplay
from rnntui.ui.help import HELP, page
from rnntui.ui.history import History, Look
from rnntui.ui.keys import APP, EXPLORE
from rnntui.ui.messages import Pointed
from rnntui.ui.panes.board import Board
from rnntui.ui.panes.keyline import KeyLine
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.topline import TopLine
from rnntui.ui.panes.why import WhyPane
from rnntui.ui.screens.ask import PageScreen
from rnntui.ui.screens.changes import CHANGES, go_to, write_pane

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

SECONDS_TO_ASK = 5.0


class ExploreScreen(Screen[None]):
    """Steps a sequence through a cell and shows every number of it."""

    BINDINGS = EXPLORE
    AUTO_FOCUS = "#equations"
    app: RnntuiApp

    scene: reactive[Scene | None] = reactive(None, repaint=False)
    trace: reactive[Trace | None] = reactive(None, bindings=True, repaint=False)
    cursor: reactive[Cursor] = reactive(Cursor(), repaint=False)
    palette: reactive[Palette | None] = reactive(None, repaint=False)
    history: reactive[History] = reactive(History(), bindings=True, repaint=False)
    mode: reactive[equation.Mode] = reactive("numbers", repaint=False)
    waiting: reactive[str] = reactive("", repaint=False)

    def __init__(self) -> None:
        super().__init__(classes="explore")
        self.pending: Look | None = None
        """What has been asked for and is not there yet."""
        self.lasting = False
        """Whether what is shown is worth opening next time: all but the stand-in for a scene that failed."""
        self.possible: frozenset[tuple[str, int]] = frozenset()
        """The moves that lead elsewhere from the cursor."""
        self.changing = asyncio.Lock()
        self.autoplay = Autoplay(self.app, self.advance, self.app.settings.speed)

    def compose(self) -> ComposeResult:
        """The panes, wired to what the screen owns."""
        here = ExploreScreen
        shared = (here.trace, here.cursor, here.palette)
        yield TopLine().data_bind(here.scene, here.waiting)
        yield PaintedPane(sequence.paint, None, id="sequence", help=HELP["sequence"]).data_bind(*shared)
        yield Board().data_bind(*shared, here.mode)
        yield PaintedPane(sentence.paint, None, id="sentence", help="").data_bind(*shared)
        yield Label(
            "rnntui needs 40 × 12 cells or more.\nEnlarge the window, or press q.", id="too-small", markup=False
        )
        yield KeyLine()

    def on_mount(self) -> None:
        """Only what can be focused is; the sentence is for reading."""
        self.query_one("#sentence").can_focus = False
        self.palette = self.app.palette
        self.set_reactive(ExploreScreen.mode, equation.MODES[equation.MODES.index(self.app.settings.equations)])

    # What is looked at

    def newest(self) -> Look | None:
        """What was asked for last, whether or not it is on the screen already."""
        if self.pending is not None:
            return self.pending
        return Look(self.scene.at(self.cursor), self.history) if self.scene is not None else None

    def show(self, scene: Scene, history: History | None = None, keep_place: bool = False) -> None:
        """Ask for a scene's trace; once it is there, show it and enter it in the history.

        With `keep_place` as many tokens stay read as before; else the cursor goes where the scene says.
        """
        newest = self.newest()
        if history is None:
            history = newest.history.changed(newest.scene) if newest is not None else History()
        self.pending = Look(scene, history, keep_place)
        self.receive(self.pending, self.app.engine.ask("trace", scene))

    @work(group="trace", exclusive=True)
    async def receive(self, look: Look, question: Future[object]) -> None:
        """Wait for a trace without holding up any key."""
        self.waiting = "computing…" if self.trace is not None else "loading torch…"
        try:
            trace = await asyncio.wrap_future(question)
            assert isinstance(trace, Trace)
        except (CancelledError, asyncio.CancelledError):
            return
        except Exception as error:  # noqa: BLE001 - whatever the worker died of is said, and the app goes on
            if self.pending is look:
                self.give_up(look, error)
            return
        if self.pending is look:
            self.pending = None
            self.waiting = ""
            self.accept(look, trace)

    def give_up(self, look: Look, error: Exception) -> None:
        """Say why there is no trace; go on with what is on the screen, or with anything at all."""
        self.pending = None
        self.waiting = ""
        self.app.say(error)
        if self.trace is None and look.scene is not FALLBACK:
            self.call_later(self.show, FALLBACK)

    def accept(self, look: Look, trace: Trace) -> None:
        """Show a trace that has arrived; its scene says which content of a file was read."""
        read = parse(trace.scene)
        keep = look.keep_place and self.trace is not None
        cursor = moves.carried(self.trace, self.cursor, trace) if keep and self.trace else trace.clamp(read.cursor)
        self.history = look.history
        self.lasting = look.scene is not FALLBACK
        self.set_reactive(
            ExploreScreen.scene, replace(look.scene, sha256=read.sha256, weights_sha256=read.weights_sha256)
        )
        self.query_one("#sequence").styles.height = sequence.height(trace)
        with self.app.batch_update():
            self.cursor = cursor
            self.trace = trace
            self.mutate_reactive(ExploreScreen.scene)
        for notice in trace.notices:
            self.app.say(notice)
        self.watch_cursor(cursor)

    @property
    def board(self) -> Board:
        """The panes that share the middle of the screen."""
        return self.query_one(Board)

    def on_resize(self, event: events.Resize) -> None:
        """On a screen too small for anything, say so and nothing else."""
        self.set_class(event.size.width < TOO_SMALL[0] or event.size.height < TOO_SMALL[1], "too-small")
        self.board.fit_panes()

    def watch_cursor(self, cursor: Cursor) -> None:
        """Say which moves are possible where that changes, and open here next time."""
        possible = moves.possible(self.trace, cursor) if self.trace is not None else frozenset()
        if possible != self.possible:
            self.possible = possible
            self.refresh_bindings()
        if self.scene is not None and self.lasting:
            self.app.remember(self.scene, cursor)

    # Pointing and explaining

    def on_pointed(self, event: Pointed) -> None:
        """Go where somebody pointed."""
        if self.trace is not None:
            self.cursor = moves.point(self.trace, self.cursor, event.move)

    def action_why(self) -> None:
        """Open the explanation of the value under the cursor."""
        self.board.explaining = True

    def action_close(self) -> None:
        """Stop playing, or close the explanation."""
        if self.autoplay.playing:
            self.action_play()
        else:
            self.board.explaining = False

    def action_pane(self, by: int) -> None:
        """Focus the next pane."""
        self.board.cycle(by)

    # Moving about

    def action_move(self, how: str, by: int) -> None:
        """Step, sub-step, unit, lane, or to an end."""
        if self.trace is not None:
            self.cursor = moves.MOVES[how](self.trace, self.cursor, by)

    def advance(self) -> bool:
        """One step of auto-play; False at the end."""
        if self.trace is None or self.trace.steps_read(self.cursor) >= self.trace.steps:
            return False
        self.action_move("step", 1)
        return True

    def action_play(self) -> None:
        """Step by itself, or stop; from the end, begin again."""
        if self.autoplay.playing:
            self.autoplay.stop()
        elif self.trace is not None:
            if self.trace.steps_read(self.cursor) >= self.trace.steps:
                self.action_move("end", -1)
            self.autoplay.start()
        self.refresh_bindings()

    def action_speed(self, by: int) -> None:
        """Play faster or slower."""
        speed = self.autoplay.faster(by)
        self.app.settings = replace(self.app.settings, speed=speed)
        self.app.say(f"{speed:g} steps a second; Space plays and stops.")

    def action_equations(self) -> None:
        """Symbols, numbers put in, or the torch line."""
        self.mode = equation.MODES[(equation.MODES.index(self.mode) + 1) % len(equation.MODES)]
        self.app.settings = replace(self.app.settings, equations=self.mode)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would change nothing."""
        if self.trace is None or not self.is_mounted:
            return action in ("change", "help", "close") or None
        if action == "move":
            return True if parameters in self.possible else None
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
                self.show(scene, keep_place=what not in ("open", "copy"))
        elif self.trace is not None and what == "go":
            self.cursor = await go_to(self.app, self.trace, self.cursor)
        elif self.trace is not None and isinstance(pane, PaintedPane | WhyPane):
            written = await write_pane(self.app, self.trace, self.trace.clamp(self.cursor), pane)
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
        about = getattr(self.focused, "help_text", "") or HELP["equations"]
        self.app.push_screen(PageScreen("Help", page(about, (*EXPLORE, *APP))))
