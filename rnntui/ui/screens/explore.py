"""The Explore screen: one sequence, one network, one cursor that all panes share."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Label

from rnntui.core.lockstep import difference, shared
from rnntui.core.trace import Trace
from rnntui.core.unseen import unseen
from rnntui.errors import BadInput
from rnntui.paint import equation, sentence, sequence
from rnntui.scene import Cursor
from rnntui.ui import predict
from rnntui.ui.arrangement import TOO_SMALL_WORDS
from rnntui.ui.export import Table, by_unit
from rnntui.ui.help import HELP
from rnntui.ui.keys import EXPLORE
from rnntui.ui.moves import READING
from rnntui.ui.panes.explore_board import STATE_PANES, ExploreBoard
from rnntui.ui.panes.keyline import KeyLine
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.topline import TopLine
from rnntui.ui.screens.activity import ActivityScreen
from rnntui.ui.screens.ask import LineScreen
from rnntui.ui.screens.changing import SECONDS_TO_ASK
from rnntui.ui.screens.prediction import RevealScreen
from rnntui.versus import UNTOUCHED, names


class ExploreScreen(ActivityScreen):
    """Steps a sequence through a cell and shows every number of it."""

    ACTIVITY = "explore"
    MANNER = READING
    BINDINGS = EXPLORE
    AUTO_FOCUS = "#equations"

    mode: reactive[equation.Mode] = reactive("numbers", repaint=False)
    second: reactive[Trace | None] = reactive(None, bindings=True, repaint=False)
    """What the scene says stands beside it."""
    difference: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether the difference of the two is shown instead of both."""
    hiding: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether what comes next is to be predicted, and so is not there for any pane."""
    shown: reactive[Trace | None] = reactive(None, repaint=False)
    """What the panes show: the trace, a difference, or what of the trace may be seen."""
    beside: reactive[Trace | None] = reactive(None, repaint=False)
    """What they show of the second network."""
    names: reactive[tuple[str, str]] = reactive(("", ""), repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self.score = (0, 0)
        """Predictions that were right, and all of them."""

    def compose(self) -> ComposeResult:
        """The panes, wired to what the screen owns."""
        here = ExploreScreen
        shared = (here.cursor, here.palette)
        yield TopLine(self.ACTIVITY).data_bind(here.scene, here.waiting)
        yield PaintedPane(sequence.paint, None, id="sequence", help=HELP["sequence"]).data_bind(
            *shared, record=here.shown
        )
        yield ExploreBoard().data_bind(*shared, here.mode, here.names, trace=here.shown, second=here.beside)
        yield PaintedPane(sentence.paint, None, id="sentence", help="").data_bind(*shared, record=here.shown)
        yield Label(TOO_SMALL_WORDS, id="too-small", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Only what can be focused is; the sentence is for reading."""
        self.query_one("#sentence").can_focus = False
        self.palette = self.app.palette
        self.set_reactive(ExploreScreen.mode, equation.MODES[equation.MODES.index(self.app.settings.equations)])

    @property
    def board(self) -> ExploreBoard:
        """The panes that share the middle of the screen."""
        return self.query_one(ExploreBoard)

    @property
    def text_row(self) -> int:
        """The row of the screen on which the tokens stand."""
        return super().text_row + (sequence.tokens_line(self.trace) if self.trace is not None else 0)

    def take(self, answer: object) -> Trace:
        """The trace itself; what stands beside it is kept."""
        trace, self.second = answer if isinstance(answer, tuple) else (answer, None)
        assert isinstance(trace, Trace)
        self.query_one("#sequence").styles.height = sequence.height(trace)
        return trace

    def watch_record(self) -> None:
        """Show it."""
        self.reshow()

    def watch_difference(self) -> None:
        """Show both, or how far they are apart."""
        self.reshow()

    def watch_hiding(self) -> None:
        """Take away what comes next, or give it back."""
        self.reshow()

    def reshow(self) -> None:
        """Give the panes what they may show."""
        if not self.is_running:
            return
        trace, second = self.trace, self.second
        with self.app.batch_update():
            if trace is not None and self.hiding:
                trace, second = unseen(trace, self.cursor), None
            apart = self.difference and trace is not None and second is not None and shared(trace, second)
            self.beside = None if apart else second
            self.names = names(self.scene) if self.scene is not None and self.beside is not None else ("", "")
            words = sentence.paint
            if self.beside is not None:
                words = partial(sentence.paint_two, other=self.beside, names=self.names)
            spoken = self.query_one("#sentence", PaintedPane)
            spoken.set_reactive(PaintedPane.painter, words)
            self.shown = difference(trace, second) if trace is not None and second is not None and apart else trace
            spoken.repaint()

    def table(self, pane: Widget) -> Table:
        """A state pane's state, else every symbol."""
        assert self.shown is not None
        cursor = self.shown.clamp(self.cursor)
        symbols = self.shown.symbols
        if pane.id in STATE_PANES:
            symbols = (self.shown.states[STATE_PANES.index(pane.id)],)
        values = self.shown.of(cursor.layer, cursor.direction).values
        return by_unit(self.shown, cursor, {symbol: values[symbol] for symbol in symbols})

    # Explaining

    def action_why(self) -> None:
        """Open the explanation of the value under the cursor."""
        self.board.explaining = True

    def action_close(self) -> None:
        """Stop playing, or close the explanation."""
        if self.autoplay.playing:
            self.action_play()
        else:
            self.board.explaining = False

    def action_equations(self) -> None:
        """Symbols, numbers put in, or the torch line."""
        self.mode = equation.MODES[(equation.MODES.index(self.mode) + 1) % len(equation.MODES)]
        self.app.settings = replace(self.app.settings, equations=self.mode)

    # Comparing

    def action_difference(self) -> None:
        """Show how far two networks are apart, or both again; what is set by hand differs from what is untouched."""
        if self.second is not None:
            if self.trace is not None and not shared(self.trace, self.second):
                self.app.say(f"{self.trace.cell} and {self.second.cell} have no difference: they share no state.")
                return
            self.difference = not self.difference
            return
        newest = self.newest()
        if newest is None or not newest.scene.set:
            self.app.say("There is nothing to differ from: set something by hand with =, or compare with v.")
            return
        self.difference = True
        self.show(replace(newest.scene, versus=UNTOUCHED), keep_place=True)

    # Predicting

    async def action_predict(self) -> None:
        """Ask for the next value before it is shown; the keys that follow wait until the question is open."""
        self.autoplay.stop()
        self.app.asked.clear()
        self.quiz()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.app.asked.wait(), SECONDS_TO_ASK)

    @work(group="change")
    async def quiz(self) -> None:
        """Hide what comes next, let it be predicted, then show it part by part, and keep the score."""
        try:
            if self.trace is None:
                return
            trace, asked = self.trace, predict.target(self.trace, self.trace.clamp(self.cursor))
            self.board.explaining = False
            self.hiding = True
            outcome = await self.committed(trace, asked)
            if outcome is None or trace is not self.trace:
                return
            self.score = (self.score[0] + outcome.right, self.score[1] + 1)
            score = f"{self.score[0]} of {self.score[1]} right"
            await self.app.push_screen_wait(RevealScreen(outcome.chain, f"{outcome.verdict} {score}."))
            self.cursor = asked
        except BadInput as error:
            self.app.say(error)
        finally:
            self.hiding = False
            self.app.asked.set()

    async def committed(self, trace: Trace, asked: Cursor) -> predict.Outcome | None:
        """What comes of what a learner commits to; asked again while it is no prediction, None when given up."""
        question = predict.question(trace, asked)
        hint = f"{predict.forms(trace, asked)} · Enter commits · Escape gives up"
        while (line := await self.app.push_screen_wait(LineScreen(question, "", hint))) is not None:
            try:
                return predict.judge(trace, asked, predict.read(line))
            except BadInput as error:
                self.app.say(error)
        return None
