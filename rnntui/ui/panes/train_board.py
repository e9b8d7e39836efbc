"""The panes of the Train screen: curve and text above; below what the model expects, its state and its gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive

from rnntui.paint import bits, chances, neuron, reading, updates, writing
from rnntui.training.progress import Progress
from rnntui.ui.arrangement import LEARNING, PLOTS, TRAINED, Arrangement, arrange_training
from rnntui.ui.help import HELP
from rnntui.ui.panes.board import Board
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.plotted import PlotPane

LINES_AROUND = 6
"""Lines of the screen that are not the board's: the top, the text, two of numbers, the keys."""
UPPER_SHARE = 0.5
PLOT_SHARE = 0.62
COLUMNS: Final[Mapping[tuple[str, ...], Mapping[str, int]]] = {
    ("h", "gates"): {"chances": 36, "gates": 62},
    ("h", "neuron"): {"chances": 36, "h": 58},
    ("chances", "h"): {"h": 58},
    ("chances", "gates"): {"chances": 40},
    ("chances", "neuron"): {"chances": 40},
}
"""Panes beside each other → the columns of those that can use only so many."""


class TrainBoard(Board):
    """How far a model has come, what it writes, and what goes on inside it."""

    record: reactive[Progress | None] = reactive(None, repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self.set_reactive(Board.front, "writing")
        self.fronts = ["writing"]
        """The panes that were focused so far, the newest first, so that each row keeps its own."""
        self.fitted: tuple[Size, Arrangement] | None = None
        """The screen's size and the panes that are shown on it."""

    def compose(self) -> ComposeResult:
        """The panes, wired to what the board is given."""
        here = TrainBoard
        still, shared = (here.record, here.palette), (here.record, here.cursor, here.palette)
        with Horizontal(id="upper"):
            yield PlotPane(bits.paint, bits.title, id="bits", help=HELP["bits"]).data_bind(*still)
            yield PlotPane(updates.norm, updates.norm_title, id="norm", help=HELP["norm"]).data_bind(*still)
            yield PlotPane(updates.ratio, updates.ratio_title, id="ratio", help=HELP["ratio"]).data_bind(*still)
            yield PaintedPane(writing.paint, writing.title, id="writing", help=HELP["writing"]).data_bind(*still)
        with Horizontal(id="lower"):
            yield PaintedPane(chances.paint, chances.title, id="chances", help=HELP["chances"]).data_bind(*shared)
            yield PaintedPane(reading.heat, reading.heat_title, id="h", help=HELP["units"]).data_bind(*shared)
            yield PaintedPane(reading.gates, reading.gates_title, id="gates", help=HELP["gates"]).data_bind(*shared)
            yield PaintedPane(neuron.paint, neuron.title, id="neuron", help=HELP["neuron"]).data_bind(*shared)

    @property
    def rows(self) -> tuple[Sequence[str], Sequence[str]]:
        """Plots and text; what the model expects, its state, its gates, and one unit on a text."""
        return LEARNING, TRAINED

    def plan(self, width: int, height: int) -> Arrangement:
        """What a screen of that size shows of them."""
        return arrange_training(width, height, self.fronts)

    def watch_front(self) -> None:
        """Bring the pane to the front of its row; the other row stays as it is."""
        self.fronts = [self.front, *(one for one in self.fronts if one != self.front)]
        super().watch_front()

    def next_plot(self) -> None:
        """Focus the plot after the one that was looked at last."""
        here = next((one for one in self.fronts if one in PLOTS), PLOTS[0])
        shown = self.query_one(f"#{here}").display
        self.go(PLOTS[(PLOTS.index(here) + shown) % len(PLOTS)])

    def fit_panes(self) -> None:
        """Show the panes that fit; beside the text, the last plot says which key shows the others."""
        wanted = self.app.size, self.plan(*self.app.size)
        if wanted == self.fitted:
            return
        self.fitted = wanted
        super().fit_panes()
        shown = [name for name in PLOTS if self.query_one(f"#{name}").display]
        if shown and self.query_one("#writing").display:
            others = ", ".join(name for name in PLOTS if name not in shown)
            self.query_one(f"#{shown[-1]}").border_subtitle = Content(f"p: {others}")
            self.query_one("#writing").border_subtitle = ""

    def share_room(self, plan: Arrangement) -> None:
        """Half of the height for each row, a plot by itself more; a map gets the columns that it can use."""
        room = self.app.size.height - LINES_AROUND
        share = PLOT_SHARE if len(plan.upper) == 1 and plan.upper[0] in PLOTS else UPPER_SHARE
        self.query_one("#upper").styles.height = round(room * share) if plan.lower else "1fr"
        columns = next((given for shown, given in COLUMNS.items() if set(shown) <= set(plan.lower)), {})
        for name in TRAINED:
            self.query_one(f"#{name}").styles.width = columns.get(name, "1fr")
