"""The Gradients screen: the gradient of a loss on its way back through time, and what makes it last."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError, Future
from dataclasses import replace

from textual import work
from textual.app import ComposeResult
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Label

from rnntui.core.flow import Spectrum, Study
from rnntui.errors import BadInput
from rnntui.paint import highway, walk
from rnntui.scene import Cursor, Scene
from rnntui.ui import knobs
from rnntui.ui.arrangement import TOO_SMALL_WORDS
from rnntui.ui.export import Table, by_unit, curves
from rnntui.ui.help import HELP
from rnntui.ui.keys import GRADIENTS
from rnntui.ui.panes.gradients_board import GradientsBoard
from rnntui.ui.panes.keyline import KeyLine
from rnntui.ui.panes.knobs import KnobsPane
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.topline import TopLine
from rnntui.ui.screens.activity import ActivityScreen
from rnntui.ui.walks import WALKING


class GradientsScreen(ActivityScreen):
    """Walks a gradient back from the loss, and shows how it shrinks or grows."""

    ACTIVITY = "gradients"
    MANNER = WALKING
    BINDINGS = GRADIENTS
    AUTO_FOCUS = "#curve"

    spectrum: reactive[Spectrum | str | None] = reactive(None, repaint=False)
    """Of what is on the screen, or why it has none; None until somebody looks at it."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_into: Scene | None = None
        """Whose spectrum was asked for last."""

    def compose(self) -> ComposeResult:
        """The panes, wired to what the screen owns."""
        here = GradientsScreen
        shared = (here.record, here.cursor, here.palette)
        yield TopLine(self.ACTIVITY).data_bind(here.scene, here.waiting)
        yield PaintedPane(walk.paint, None, id="sequence", help=HELP["walk"]).data_bind(*shared)
        yield GradientsBoard().data_bind(*shared, here.scene, here.spectrum)
        yield PaintedPane(highway.paint, None, id="sentence", help="").data_bind(*shared)
        yield Label(TOO_SMALL_WORDS, id="too-small", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Only what can be focused is; the sentence is for reading."""
        self.query_one("#sentence").can_focus = False
        self.palette = self.app.palette

    @property
    def board(self) -> GradientsBoard:
        """The panes that share the middle of the screen."""
        return self.query_one(GradientsBoard)

    @property
    def text_row(self) -> int:
        """The row of the tokens, below the chain of the forward direction."""
        return super().text_row + 1

    def take(self, answer: object) -> Study:
        """The study itself."""
        assert isinstance(answer, Study)
        self.spectrum = self.looked_into = None
        return answer

    def on_gradients_board_wanted(self) -> None:
        """Somebody looks at the spectrum: ask for it."""
        if self.scene is None or self.pending is not None:
            return
        wanted = self.scene.at(replace(self.cursor, t=0, unit=0, walk="back"))
        if wanted != self.looked_into:
            self.looked_into = wanted
            self.receive_spectrum(wanted, self.app.engine.ask("spectrum", wanted))

    def watch_cursor(self, cursor: Cursor) -> None:
        """The spectrum is that of one layer and direction: another one is another question."""
        super().watch_cursor(cursor)
        lane = cursor.layer, cursor.direction
        if self.looked_into is not None and lane != (self.looked_into.layer, self.looked_into.direction):
            self.spectrum = self.looked_into = None
            self.board.fit_panes()

    @work(group="asking-more", exclusive=True)
    async def receive_spectrum(self, scene: Scene, question: Future[object]) -> None:
        """Wait for the spectrum of a scene; it is shown if that is still the one on the screen."""
        try:
            answer = await asyncio.wrap_future(question)
        except (CancelledError, asyncio.CancelledError):
            return
        except Exception as error:  # noqa: BLE001 - whatever the worker died of is said, and the app goes on
            if not isinstance(error, BadInput):
                self.app.say(error)
            answer = str(error) or "The spectrum could not be computed."
        if scene == self.looked_into and isinstance(answer, Spectrum | str):
            self.spectrum = answer

    def table(self, pane: Widget) -> Table:
        """A pane of curves gives the curves; any other the gradients of the cursor's layer and direction."""
        assert isinstance(self.record, Study)
        cursor = self.record.clamp(self.cursor)
        if pane.id == "curve":
            return curves(self.record)
        one = self.record.gradients.of(cursor.layer, cursor.direction)
        return by_unit(self.record.trace, cursor, {f"dL/d{symbol}": values for symbol, values in one.total.items()})

    def action_forget_bias(self, by: int) -> None:
        """Open or close the gate that keeps, from wherever the focus is."""
        self.turn(knobs.FORGET_BIAS, by)

    def on_knobs_pane_turned(self, event: KnobsPane.Turned) -> None:
        """Somebody turned a knob."""
        self.turn(event.knob, event.by)

    def turn(self, knob: knobs.Knob, by: int) -> None:
        """Turn a knob of what was asked for last."""
        newest = self.newest()
        if newest is None or not knob.live(newest.scene):
            return
        try:
            scene = knob.turned(newest.scene, by)
        except BadInput as error:
            self.app.say(error)
            return
        if scene != newest.scene:
            self.show(scene, keep_place=True)
            if newest.scene.weights and not scene.weights:
                self.app.say(f"These weights are drawn by seed {scene.seed}, they are not the file's; u goes back.")
