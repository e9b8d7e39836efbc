"""The pane that explains one value: its parts as signed bars, each of which can be followed to where it came from."""

from __future__ import annotations

from dataclasses import replace

from textual import events
from textual.binding import Binding
from textual.reactive import reactive

from rnntui.core.parts import Part, Ref
from rnntui.core.provenance import Explanation, why
from rnntui.core.trace import Trace
from rnntui.core.worked import figure
from rnntui.paint import why as why_painter
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor
from rnntui.ui.messages import Pointed
from rnntui.ui.panes.canvas import NOTHING
from rnntui.ui.panes.painted import Painted


class WhyPane(Painted, can_focus=True):
    """Where the value under the cursor came from."""

    BINDINGS = [
        Binding("up,k", "select(-1)", "part", show=False, id="why.up"),
        Binding("down,j", "select(1)", "part", key_display="↑↓", id="why.down"),
        Binding("pageup", "select(-10)", "part", show=False, id="why.pageup"),
        Binding("pagedown", "select(10)", "part", show=False, id="why.pagedown"),
        Binding(
            "backspace",
            "return",
            "return",
            key_display="⌫",
            tooltip="Return to the value explained before",
            id="why.return",
        ),
        Binding("enter", "follow", "follow", key_display="⏎", id="why.follow"),
    ]

    trace: reactive[Trace | None] = reactive(None, repaint=False)
    cursor: reactive[Cursor] = reactive(Cursor(), repaint=False)
    explanation: reactive[Explanation | None] = reactive(None, bindings=True, repaint=False)
    palette: reactive[Palette | None] = reactive(None, repaint=False)
    selected: reactive[int] = reactive(0, bindings=True, repaint=False)

    help_text = (
        "Where the number under the cursor came from: the formula, the numbers put in, and its parts, largest first.\n"
        "↑↓ choose a part · Enter follows it to where it came from · Backspace returns · Escape closes."
    )

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.set_title("Why")
        self.trail: list[tuple[Cursor, Explanation]] = []
        """What was explained before each follow."""
        self._returning: Explanation | None = None

    def watch_trace(self) -> None:
        """Another trace: what was followed in the old one means nothing."""
        self.trail.clear()
        self.explain()

    def watch_cursor(self) -> None:
        """Explain the value under the cursor."""
        self.explain()

    def on_show(self) -> None:
        """Explain from when it is on the screen."""
        self.trail.clear()
        self.explain()

    @property
    def explained(self) -> Trace | None:
        """What computed the values: of a difference the network from which the other is taken."""
        return self.trace if self.trace is None else self.trace.whole or self.trace

    def explain(self) -> None:
        """Explain the value under the cursor; before the first step only states have one."""
        trace = self.explained
        if self.trace is None or trace is None or not self.display:
            return
        cursor = trace.clamp(self.cursor if self.trail else self.trace.clamp(self.cursor))
        if trace.row(cursor) is None and cursor.symbol not in trace.states:
            cursor = replace(cursor, symbol=trace.states[0])
        explanation, self._returning = self._returning, None
        ref = Ref(cursor.layer, cursor.direction, cursor.symbol, cursor.unit, cursor.t)
        self.explanation = explanation or why(trace, ref)

    def painting(self) -> Painting:
        """The explanation at the pane's size."""
        trace = self.explained
        if trace is None or self.explanation is None or self.palette is None or not all(self.content_size):
            return NOTHING
        return why_painter.paint(self.explanation, trace, self.selected, *self.content_size, self.palette)

    def watch_explanation(self) -> None:
        """Begin at the largest part."""
        self.selected = 0
        if self.explanation is not None:
            self.set_title(f"Why {self.explanation.name} is {figure(self.explanation.value)}")
        self.repaint()

    def watch_selected(self) -> None:
        """Mark another part."""
        self.repaint()

    def watch_palette(self) -> None:
        """Show it in other colours."""
        self.repaint()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that can be selected."""
        return self.explanation.parts if self.explanation is not None else ()

    @property
    def part(self) -> Part | None:
        """The part that is selected."""
        return self.parts[self.selected] if self.selected < len(self.parts) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be followed."""
        if action == "follow":
            chosen = self.part
            return True if chosen is not None and (chosen.source is not None or chosen.inside is not None) else None
        if action == "return":
            return True if self.trail else None
        return True

    def action_select(self, by: int) -> None:
        """Choose another part."""
        self.selected = min(max(self.selected + by, 0), max(0, len(self.parts) - 1))

    def action_follow(self) -> None:
        """Go to where the selected part came from, or into the part."""
        part = self.part
        if self.explanation is None or part is None:
            return
        here = (self.cursor, self.explanation)
        if part.source is not None:
            self.trail.append(here)
            self.post_message(Pointed(vars(part.source.cursor)))
        elif part.inside is not None:
            self.trail.append(here)
            self.explanation = self.explanation.opened(part)

    def action_return(self) -> None:
        """Return to what was explained before the last follow."""
        if self.trail:
            cursor, explanation = self.trail.pop()
            if cursor == self.cursor:
                self.explanation = explanation
            else:
                self._returning = explanation
                self.post_message(Pointed(vars(cursor)))

    def on_click(self, event: events.Click) -> None:
        """Select the part that was clicked; a second click follows it."""
        spot = event.get_content_offset(self)
        move = self.canvas.painting.hit(spot.x, spot.y) if spot is not None else None
        part = move.get("part") if move else None
        if isinstance(part, int):
            if part == self.selected and event.chain > 1:
                self.action_follow()
            self.selected = part
