"""The panes of the Explore screen: cell, equations and explanation above; gates and states below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.reactive import reactive

from rnntui.core.lockstep import follow
from rnntui.core.trace import Trace
from rnntui.paint import diagram, equation, gates, heat, sequence
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor
from rnntui.ui.arrangement import SECOND, THREE_ABREAST, Arrangement, arrange, arrange_two, upper_height
from rnntui.ui.help import HELP
from rnntui.ui.messages import Pointed
from rnntui.ui.panes.board import ONE_LINERS, Board, Shelf
from rnntui.ui.panes.canvas import NOTHING
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.why import WhyPane

STATE_PANES = ("state-0", "state-1", "state-2")
UPPER = ("cell", "equations")


class ExploreBoard(Board):
    """What a cell did at one step, and over time."""

    trace: reactive[Trace | None] = reactive(None, repaint=False)
    mode: reactive[equation.Mode] = reactive("numbers", repaint=False)
    second: reactive[Trace | None] = reactive(None, repaint=False)
    """What stands beside it, stepped together."""
    second_cursor: reactive[Cursor] = reactive(Cursor(), repaint=False)
    """Where the cursor stands in that."""
    names: reactive[tuple[str, str]] = reactive(("", ""), repaint=False)
    """What the two are called; empty for one alone."""
    explaining: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether the explanation has been opened."""

    def __init__(self) -> None:
        super().__init__()
        self.set_reactive(Board.front, "equations")

    def compose(self) -> ComposeResult:
        """The panes, wired to what the board is given."""
        here = ExploreBoard
        shared = (here.cursor, here.palette)
        with Shelf(id="upper"):
            for pane in self._upper():
                yield pane.data_bind(*shared, record=here.trace)
            yield WhyPane(id="why").data_bind(*shared, here.trace)
            for pane in self._upper(SECOND):
                yield pane.data_bind(here.palette, cursor=here.second_cursor, record=here.second)
        with Shelf(id="lower"):
            for pane in self._lower():
                yield pane.data_bind(*shared, record=here.trace)
            for pane in self._lower(SECOND):
                yield pane.data_bind(here.palette, cursor=here.second_cursor, record=here.second)

    def _upper(self, start: str = "") -> Iterator[PaintedPane]:
        yield PaintedPane(diagram.paint, diagram.title, id=f"{start}cell", help=HELP["cell"])
        yield PaintedPane(None, None, id=f"{start}equations", help=HELP["equations"])

    def _lower(self, start: str = "") -> Iterator[PaintedPane]:
        yield PaintedPane(gates.paint, gates.title, id=f"{start}gates", help=HELP["gates"])
        for place, name in enumerate(STATE_PANES):
            paint, title = partial(_paint_state, place), partial(_title_state, place)
            yield PaintedPane(paint, title, id=f"{start}{name}", help=HELP["state"])

    def on_mount(self) -> None:
        """The second network's panes follow those of the first, and are for looking."""
        for pane in self.query(PaintedPane):
            pane.can_focus = not (pane.id or "").startswith(SECOND)

    def pane(self, name: str) -> PaintedPane:
        """A pane by its id."""
        return self.query_one(f"#{name}", PaintedPane)

    @property
    def states(self) -> tuple[str, ...]:
        """The ids of the state panes that the cell has states for."""
        return STATE_PANES[: len(self.trace.states)] if self.trace is not None else STATE_PANES[:1]

    @property
    def rows(self) -> tuple[Sequence[str], Sequence[str]]:
        """Cell and equations; gates and states."""
        return UPPER, ("gates", *self.states)

    @property
    def spoken(self) -> Mapping[str, str]:
        """State panes are called by their states."""
        return dict(zip(STATE_PANES, self.trace.states if self.trace is not None else (), strict=False))

    @property
    def home(self) -> str:
        """The explanation while it is open."""
        return "why" if self.explaining else self.front

    @property
    def order(self) -> list[str]:
        """All panes, the explanation after the equations where it is shown."""
        order = super().order
        if self.query_one("#why").display:
            order.insert(3, "why")
        return order

    def plan(self, width: int, height: int) -> Arrangement:
        """What a screen of that size shows of them; an explanation is of the first network alone."""
        if self.second is not None and not self.explaining:
            return arrange_two(width, height, self.states, self.front)
        return arrange(width, height, self.states, self.front, self.explaining)

    def watch_mode(self, mode: equation.Mode) -> None:
        """Show the equations in another way."""
        for name in ("equations", f"{SECOND}equations"):
            self.pane(name).retitle(partial(equation.title, mode=mode))
            self.pane(name).painter = partial(equation.paint, mode=mode)

    def watch_cursor(self) -> None:
        """Step the second network with the first."""
        if self.trace is not None and self.second is not None:
            self.second_cursor = follow(self.second, self.trace, self.cursor)

    def watch_second(self) -> None:
        """Make room for another network, or for one alone."""
        self.watch_cursor()
        self.fit_panes()

    def watch_names(self, names: tuple[str, str]) -> None:
        """Say above every pane whose it is."""
        for pane in self.query(PaintedPane):
            pane.name_above = names[(pane.id or "").startswith(SECOND)]

    def watch_trace(self) -> None:
        """Make room for the states of another cell."""
        self.watch_cursor()
        if self.front not in (*UPPER, "gates", *self.states):
            self.front = "equations"
        self.fit_panes()

    def watch_explaining(self) -> None:
        """Open or close the explanation; the focus goes with it."""
        self.fit_panes()
        self.screen.set_focus(self.query_one(f"#{self.home}"))

    def share_room(self, plan: Arrangement) -> None:
        """The maps get a line a unit, the upper row what it can use."""
        if self.trace is None:
            return
        lanes = 2 if self.trace.bidirectional else 1
        above, units = 2 * len(self.trace.equations) + 6, lanes * self.trace.hidden
        room = self.app.size.height - ONE_LINERS - sequence.height(self.trace)
        self.query_one("#upper").styles.height = upper_height(room, above, units) if plan.lower else "1fr"
        gates = sum(not equation.is_state for equation in self.trace.equations) or 1
        column = 15 if self.app.size.width >= THREE_ABREAST else 8
        narrow = len(plan.lower) > 1 and f"{SECOND}gates" not in plan.shown
        self.query_one("#gates").styles.width = max(24, 6 + column * gates) if narrow else "1fr"
        self.set_class(self.second is not None and not self.explaining, "two")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane was focused; looking at a state means its symbol."""
        event.prevent_default()
        name = event.widget.id or ""
        if name in self.states and self.trace is not None and not self.cursor.partial:
            self.post_message(Pointed({"symbol": self.trace.states[STATE_PANES.index(name)]}))
        if name != "why":
            self.front = name

    def go(self, target: str) -> None:
        """Focus a pane; one that stands in the explanation's place closes it."""
        if target in UPPER and self.explaining:
            self.explaining = False
        if target == "why":
            self.screen.set_focus(self.query_one("#why"))
        else:
            super().go(target)


def _paint_state(place: int, trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    if place >= len(trace.states):
        return NOTHING
    return heat.paint(trace, cursor, width, height, palette, symbol=trace.states[place])


def _title_state(place: int, trace: Trace, cursor: Cursor) -> str:
    return heat.title(trace, cursor, symbol=trace.states[place]) if place < len(trace.states) else ""
