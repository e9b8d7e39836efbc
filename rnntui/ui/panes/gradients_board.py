"""The panes of the Gradients screen: curves and knobs above; the way through the cell and what it measures below."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import reactive

from rnntui.core.flow import Spectrum, Study
from rnntui.paint import backflow, clipping, curve, shares, spectra, walk, ways
from rnntui.scene import Scene
from rnntui.ui.arrangement import CURVES, EFFECTS, WAYS, Arrangement, arrange_gradients
from rnntui.ui.help import HELP
from rnntui.ui.panes.board import ONE_LINERS, Board, Shelf
from rnntui.ui.panes.knobs import KnobsPane
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.plotted import PlotPane

BORDERS = 2
LEAST_LOWER = 8
LEAST_UPPER = 12
LOWER_SHARE = 0.36
"""Of the height; less where less is needed would leave the curves more than they can use."""
KNOBS_COLUMNS = 42


class GradientsBoard(Board):
    """How a gradient shrinks or grows, why, and what can be done about it."""

    record: reactive[Study | None] = reactive(None, repaint=False)
    scene: reactive[Scene | None] = reactive(None, repaint=False)
    spectrum: reactive[Spectrum | str | None] = reactive(None, repaint=False)
    """Or why there is none."""

    class Wanted(Message):
        """The spectrum has come on the screen, and is not there yet."""

    def __init__(self) -> None:
        super().__init__()
        self.set_reactive(Board.front, "curve")

    def compose(self) -> ComposeResult:
        """The panes, wired to what the board is given."""
        here = GradientsBoard
        shared = (here.record, here.cursor, here.palette)
        with Shelf(id="upper"):
            yield PlotPane(curve.paint, curve.title, id="curve", help=HELP["curve"]).data_bind(*shared)
            yield PlotPane(None, spectra.title, id="spectrum", help=HELP["spectrum"]).data_bind(*shared)
            yield KnobsPane(id="knobs").data_bind(here.scene, here.palette)
        with Shelf(id="lower"):
            for name, painter in (("cell", backflow), ("paths", ways), ("clipping", clipping), ("weights", shares)):
                yield PaintedPane(
                    painter.paint, painter.title, id=name, help=HELP["backflow" if name == "cell" else name]
                ).data_bind(*shared)

    @property
    def rows(self) -> tuple[Sequence[str], Sequence[str]]:
        """Curves, knobs and spectrum; the way through the cell, and what comes of it."""
        return CURVES, (*WAYS, *EFFECTS)

    def plan(self, width: int, height: int) -> Arrangement:
        """What a screen of that size shows of them."""
        return arrange_gradients(width, height, self.front)

    def watch_spectrum(self, spectrum: Spectrum | str | None) -> None:
        """Show it once it is there."""
        self.query_one("#spectrum", PaintedPane).painter = partial(spectra.paint, spectrum)

    def watch_record(self) -> None:
        """Make room for the states of another cell; ask for its spectrum where that is looked at."""
        self.fit_panes()

    def fit_panes(self) -> None:
        """Show the panes that fit; a diagram has its place in the row where there is room for it."""
        super().fit_panes()
        if self.query_one("#spectrum").display and self.spectrum is None and self.record is not None:
            self.post_message(self.Wanted())

    def _lower(self, room: int) -> int:
        """Lines for the lower row: what the cell's drawing and its paths need; on a large screen more."""
        assert self.record is not None
        trace = self.record.trace
        paths = len(self.record.gradients.top.paths) + 2 * len(trace.states)
        needed = BORDERS + max(backflow.wanted(trace)[1], paths, LEAST_LOWER)
        return max(min(needed, room - LEAST_UPPER), round(room * LOWER_SHARE))

    def share_room(self, plan: Arrangement) -> None:
        """The curves get a little more than half of the height, the walk fewer lines on a low screen."""
        if self.record is None:
            return
        walk_lines = walk.height(self.record, self.app.size.height)
        room = self.app.size.height - ONE_LINERS - walk_lines
        self.screen.query_one("#sequence").styles.height = walk_lines
        self.query_one("#upper").styles.height = room - self._lower(room) if plan.lower else "1fr"
        self.query_one("#knobs").styles.width = KNOBS_COLUMNS if len(plan.upper) > 1 else "1fr"
        drawn = backflow.wanted(self.record.trace)[0] + 6
        self.query_one("#cell").styles.width = drawn if len(plan.lower) > 1 else "1fr"
