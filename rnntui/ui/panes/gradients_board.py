"""The panes of the Gradients screen: curves and knobs above; the way through the cell and what it measures below."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive

from rnntui.core.flow import Study
from rnntui.paint import curve, walk
from rnntui.scene import Scene
from rnntui.ui.arrangement import MEASURES, THREE_ABREAST, WAYS, Arrangement, arrange_gradients
from rnntui.ui.help import HELP
from rnntui.ui.panes.board import ONE_LINERS, Board
from rnntui.ui.panes.knobs import KnobsPane
from rnntui.ui.panes.painted import PaintedPane

UPPER_SHARE = 4 / 7
KNOBS_COLUMNS = 42


class GradientsBoard(Board):
    """How a gradient shrinks or grows, why, and what can be done about it."""

    record: reactive[Study | None] = reactive(None, repaint=False)
    scene: reactive[Scene | None] = reactive(None, repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self.set_reactive(Board.front, "curve")

    def compose(self) -> ComposeResult:
        """The panes, wired to what the board is given."""
        here = GradientsBoard
        shared = (here.record, here.cursor, here.palette)
        with Horizontal(id="upper"):
            yield PaintedPane(curve.paint, curve.title, id="curve", help=HELP["curve"]).data_bind(*shared)
            yield KnobsPane(id="knobs").data_bind(here.scene, here.palette)
        with Horizontal(id="lower"):
            yield PaintedPane(None, None, id="paths", help=HELP["paths"]).data_bind(*shared)

    @property
    def rows(self) -> tuple[Sequence[str], Sequence[str]]:
        """Curves and knobs; then the way through the cell, and what the whole of it measures."""
        if self.app.size.width >= THREE_ABREAST:
            return ("curve", "cell", "knobs"), ("paths", *MEASURES)
        return ("curve", "knobs"), (*WAYS, *MEASURES)

    def plan(self, width: int, height: int) -> Arrangement:
        """What a screen of that size shows of them."""
        return arrange_gradients(width, height, self.front)

    def share_room(self, plan: Arrangement) -> None:
        """The curves get a little more than half of the height."""
        room = self.app.size.height - ONE_LINERS - (walk.height(self.record) if self.record is not None else 0)
        self.query_one("#upper").styles.height = round(room * UPPER_SHARE) if plan.lower else "1fr"
        self.query_one("#knobs").styles.width = KNOBS_COLUMNS if len(plan.upper) > 1 else "1fr"
