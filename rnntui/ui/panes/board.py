"""The panes in the middle of the screen, and how they share it: side by side where there is room, else by turns."""

from __future__ import annotations

from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from rnntui.core.trace import Trace
from rnntui.paint import diagram, equation, gates, heat, sequence
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor
from rnntui.ui.arrangement import THREE_ABREAST, TWO_ABREAST, Arrangement, arrange, upper_height
from rnntui.ui.help import HELP
from rnntui.ui.messages import Pointed
from rnntui.ui.panes.canvas import NOTHING
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.why import WhyPane

ONE_LINERS = 3
"""Lines of the screen that are not the board's nor the sequence's: the top, the sentence, the keys."""
STATE_PANES = ("state-0", "state-1", "state-2")


class Shelf(Horizontal):
    """Panes side by side; they cover all of it."""

    BLANK = True


class Board(Widget, can_focus=False):
    """Cell, equations and explanation above; gates and states below."""

    BLANK = True

    trace: reactive[Trace | None] = reactive(None, repaint=False)
    cursor: reactive[Cursor] = reactive(Cursor(), repaint=False)
    palette: reactive[Palette | None] = reactive(None, repaint=False)
    mode: reactive[equation.Mode] = reactive("numbers", repaint=False)
    front: reactive[str] = reactive("equations", init=False, repaint=False)
    """The pane that was focused last; at small sizes it is the one that is shown."""
    explaining: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether the explanation has been opened."""

    def compose(self) -> ComposeResult:
        """The panes, wired to what the board is given."""
        shared = (Board.trace, Board.cursor, Board.palette)
        with Shelf(id="upper"):
            yield PaintedPane(diagram.paint, diagram.title, id="cell", help=HELP["cell"]).data_bind(*shared)
            yield PaintedPane(None, None, id="equations", help=HELP["equations"]).data_bind(*shared)
            yield WhyPane(id="why").data_bind(*shared)
        with Shelf(id="lower"):
            yield PaintedPane(gates.paint, gates.title, id="gates", help=HELP["gates"]).data_bind(*shared)
            for place, name in enumerate(STATE_PANES):
                paint, title = partial(_paint_state, place), partial(_title_state, place)
                yield PaintedPane(paint, title, id=name, help=HELP["state"]).data_bind(*shared)

    def pane(self, name: str) -> PaintedPane:
        """A pane by its id."""
        return self.query_one(f"#{name}", PaintedPane)

    @property
    def states(self) -> tuple[str, ...]:
        """The ids of the state panes that the cell has states for."""
        return STATE_PANES[: len(self.trace.states)] if self.trace is not None else STATE_PANES[:1]

    def watch_mode(self, mode: equation.Mode) -> None:
        """Show the equations in another way."""
        self.pane("equations").retitle(partial(equation.title, mode=mode))
        self.pane("equations").painter = partial(equation.paint, mode=mode)

    def watch_trace(self) -> None:
        """Make room for the states of another cell."""
        if self.front not in ("cell", "equations", "gates", *self.states):
            self.front = "equations"
        self.fit_panes()

    def watch_front(self) -> None:
        """Bring the pane to the front where panes take turns."""
        self.fit_panes()

    def watch_explaining(self, explaining: bool) -> None:
        """Open or close the explanation; the focus goes with it."""
        self.fit_panes()
        self.screen.set_focus(self.query_one(f"#{'why' if explaining else self.front}"))

    def on_resize(self) -> None:
        """Arrange the panes for another size."""
        self.fit_panes()

    def on_show(self) -> None:
        """Back from a screen that was too small: give the focus that a hidden pane lost to the one in front."""
        if self.screen.focused is None:
            self.query_one(f"#{'why' if self.explaining else self.front}").focus()

    def fit_panes(self) -> None:
        """Show the panes that fit and hide the others."""
        width, height = self.app.size
        plan = arrange(width, height, self.states, self.front, self.explaining)
        self.set_class(width < TWO_ABREAST, "narrow")
        for name in ("cell", "equations", "why", "gates", *STATE_PANES):
            self.query_one(f"#{name}").display = name in plan.shown
        upper, lower = ("cell", "equations"), ("gates", *self.states)
        if plan.upper and plan.lower:
            self._name_hidden(upper, plan.upper, plan)
            self._name_hidden(lower, plan.lower, plan)
        else:
            self._name_hidden((*upper, *lower), plan.upper or plan.lower, plan)
        self.query_one("#upper").display = bool(plan.upper)
        self.query_one("#lower").display = bool(plan.lower)
        self._share_room(plan)
        self.screen.refresh(layout=True)

    def _name_hidden(self, names: tuple[str, ...], shown: tuple[str, ...], plan: Arrangement) -> None:
        states = dict(zip(STATE_PANES, self.trace.states if self.trace is not None else (), strict=False))
        hidden = [states.get(name, name) for name in names if name not in plan.shown]
        for name in shown:
            last = name == shown[-1] and bool(hidden)
            self.query_one(f"#{name}").border_subtitle = Content(f"Tab: {', '.join(hidden)}" if last else "")

    def _share_room(self, plan: Arrangement) -> None:
        if self.trace is None:
            return
        lanes = 2 if self.trace.bidirectional else 1
        above, units = 2 * len(self.trace.equations) + 6, lanes * self.trace.hidden
        room = self.app.size.height - ONE_LINERS - sequence.height(self.trace)
        self.query_one("#upper").styles.height = upper_height(room, above, units) if plan.lower else "1fr"
        gates = sum(not equation.is_state for equation in self.trace.equations) or 1
        column = 15 if self.app.size.width >= THREE_ABREAST else 8
        self.query_one("#gates").styles.width = max(24, 6 + column * gates) if len(plan.lower) > 1 else "1fr"

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane was focused; looking at a state means its symbol."""
        name = event.widget.id or ""
        if name in self.states and self.trace is not None and not self.cursor.partial:
            self.post_message(Pointed({"symbol": self.trace.states[STATE_PANES.index(name)]}))
        if name != "why":
            self.front = name

    def cycle(self, by: int) -> None:
        """Focus the next pane, showing it if it was hidden."""
        order = ["sequence", "cell", "equations", "gates", *self.states]
        if self.query_one("#why").display:
            order.insert(3, "why")
        focused = self.screen.focused
        here = focused.id if focused is not None and focused.id in order else self.front
        target = order[(order.index(here) + by) % len(order)]
        if target in ("cell", "equations") and self.explaining:
            self.explaining = False
        if target not in ("sequence", "why"):
            self.front = target
        self.screen.set_focus(self.screen.query_one(f"#{target}"))


def _paint_state(place: int, trace: Trace, cursor: Cursor, width: int, height: int, palette: Palette) -> Painting:
    if place >= len(trace.states):
        return NOTHING
    return heat.paint(trace, cursor, width, height, palette, symbol=trace.states[place])


def _title_state(place: int, trace: Trace, cursor: Cursor) -> str:
    return heat.title(trace, cursor, symbol=trace.states[place]) if place < len(trace.states) else ""
