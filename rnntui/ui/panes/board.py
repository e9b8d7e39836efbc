"""The panes in the middle of a screen, in two rows: side by side where there is room, else by turns."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

from textual import events
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from rnntui.paint.palette import Palette
from rnntui.scene import Cursor
from rnntui.ui.arrangement import TWO_ABREAST, Arrangement

ONE_LINERS = 3
"""Lines of the screen that are not the board's nor the sequence's: the top, the sentence, the keys."""


class Shelf(Horizontal):
    """Panes side by side; they cover all of it."""

    BLANK = True


class Board(Widget, can_focus=False):
    """Two rows of panes; which ones are shown follows from the size and from where the focus was last."""

    BLANK = True

    cursor: reactive[Cursor] = reactive(Cursor(), repaint=False)
    palette: reactive[Palette | None] = reactive(None, repaint=False)
    front: reactive[str] = reactive("", init=False, repaint=False)
    """The pane that was focused last; at small sizes it is the one that is shown."""

    @property
    @abstractmethod
    def rows(self) -> tuple[Sequence[str], Sequence[str]]:
        """The ids of the panes that there are for what is shown, of the upper row and of the lower one."""

    @abstractmethod
    def plan(self, width: int, height: int) -> Arrangement:
        """What a screen of that size shows of them."""

    @abstractmethod
    def share_room(self, plan: Arrangement) -> None:
        """Give each row its height and each pane its width."""

    @property
    def spoken(self) -> Mapping[str, str]:
        """Panes that are called otherwise than their ids."""
        return {}

    @property
    def home(self) -> str:
        """The pane that has the focus when no other has."""
        return self.front

    @property
    def order(self) -> list[str]:
        """The panes in the order in which one goes through them, the one above the board first."""
        upper, lower = self.rows
        return ["sequence", *upper, *lower]

    def watch_front(self) -> None:
        """Bring the pane to the front where panes take turns."""
        self.fit_panes()

    def on_resize(self) -> None:
        """Arrange the panes for another size."""
        self.fit_panes()

    def on_show(self) -> None:
        """Back from a screen that was too small: give the focus that a hidden pane lost to the one in front."""
        if self.screen.focused is None:
            self.query_one(f"#{self.home}").focus()

    def fit_panes(self) -> None:
        """Show the panes that fit and hide the others."""
        width, height = self.app.size
        plan = self.plan(width, height)
        self.set_class(width < TWO_ABREAST, "narrow")
        for pane in self.query("#upper > *, #lower > *"):
            pane.display = pane.id in plan.shown
        upper, lower = self.rows
        if plan.upper and plan.lower:
            self._name_hidden(upper, plan.upper, plan)
            self._name_hidden(lower, plan.lower, plan)
        else:
            self._name_hidden((*upper, *lower), plan.upper or plan.lower, plan)
        self.query_one("#upper").display = bool(plan.upper)
        self.query_one("#lower").display = bool(plan.lower)
        self.share_room(plan)
        self.screen.refresh(layout=True)

    def _name_hidden(self, names: Sequence[str], shown: Sequence[str], plan: Arrangement) -> None:
        hidden = [self.spoken.get(name, name) for name in names if name not in plan.shown]
        for name in shown:
            last = name == shown[-1] and bool(hidden)
            self.query_one(f"#{name}").border_subtitle = Content(f"Tab: {', '.join(hidden)}" if last else "")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane was focused."""
        self.front = event.widget.id or self.front

    def cycle(self, by: int) -> None:
        """Focus the next pane, showing it if it was hidden."""
        order, focused = self.order, self.screen.focused
        here = focused.id if focused is not None and focused.id in order else self.home
        self.go(order[(order.index(here) + by) % len(order)])

    def go(self, target: str) -> None:
        """Focus a pane, showing it first if it was hidden."""
        if target != "sequence":
            self.front = target
        self.screen.set_focus(self.screen.query_one(f"#{target}"))
