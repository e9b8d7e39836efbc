"""The Explore screen: one sequence, one network, one cursor that all panes share."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Label

from rnntui.core.trace import Trace
from rnntui.paint import equation, sentence, sequence
from rnntui.scene import Scene
from rnntui.ui.export import Table, by_unit
from rnntui.ui.help import HELP
from rnntui.ui.keys import EXPLORE
from rnntui.ui.moves import READING
from rnntui.ui.panes.explore_board import STATE_PANES, ExploreBoard
from rnntui.ui.panes.keyline import KeyLine
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.topline import TopLine
from rnntui.ui.screens.activity import TOO_SMALL_WORDS, ActivityScreen


class ExploreScreen(ActivityScreen):
    """Steps a sequence through a cell and shows every number of it."""

    ACTIVITY = "explore"
    MANNER = READING
    BINDINGS = EXPLORE
    AUTO_FOCUS = "#equations"

    mode: reactive[equation.Mode] = reactive("numbers", repaint=False)

    def compose(self) -> ComposeResult:
        """The panes, wired to what the screen owns."""
        here = ExploreScreen
        shared = (here.cursor, here.palette)
        yield TopLine(self.ACTIVITY).data_bind(here.scene, here.waiting)
        yield PaintedPane(sequence.paint, None, id="sequence", help=HELP["sequence"]).data_bind(*shared, here.record)
        yield ExploreBoard().data_bind(*shared, here.mode, trace=here.record)
        yield PaintedPane(sentence.paint, None, id="sentence", help="").data_bind(*shared, here.record)
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

    def question(self, scene: Scene) -> tuple[object, ...]:
        """Everything that happens while the text is read."""
        return "trace", scene

    def take(self, answer: object) -> Trace:
        """The trace itself."""
        assert isinstance(answer, Trace)
        self.query_one("#sequence").styles.height = sequence.height(answer)
        return answer

    def table(self, pane: Widget) -> Table:
        """A state pane's state, else every symbol."""
        assert self.trace is not None
        cursor = self.trace.clamp(self.cursor)
        symbols = self.trace.symbols
        if pane.id in STATE_PANES:
            symbols = (self.trace.states[STATE_PANES.index(pane.id)],)
        values = self.trace.of(cursor.layer, cursor.direction).values
        return by_unit(self.trace, cursor, {symbol: values[symbol] for symbol in symbols})

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
