"""The Explore screen: one sequence, one network, one cursor that all panes share."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Label

from rnntui.core.parts import Ref
from rnntui.core.provenance import Explanation, why
from rnntui.core.trace import Trace
from rnntui.errors import BadInput
from rnntui.paint import diagram, equation, gates, heat, sentence, sequence
from rnntui.paint.palette import Palette
from rnntui.scene import Cursor, Scene
from rnntui.ui import moves
from rnntui.ui.arrangement import TOO_SMALL, TWO_ABREAST, Arrangement, arrange
from rnntui.ui.autoplay import Autoplay
from rnntui.ui.export import export
from rnntui.ui.help import HELP, page
from rnntui.ui.history import History
from rnntui.ui.keys import APP, EXPLORE
from rnntui.ui.messages import Followed, Pointed
from rnntui.ui.panes.keyline import KeyLine
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.topline import TopLine
from rnntui.ui.panes.why import WhyPane
from rnntui.ui.screens.changes import CHANGES, whole_number
from rnntui.ui.screens.ask import LineScreen, PageScreen

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

FALLBACK = Scene(text="hello world")
"""What is shown when nothing else can be."""
STATE_PANES = ("state-0", "state-1", "state-2")
MODES = ("numbers", "symbols", "source")


class ExploreScreen(Screen[None]):
    """Steps a sequence through a cell and shows every number of it."""

    BINDINGS = EXPLORE
    AUTO_FOCUS = "#equations"
    app: RnntuiApp

    scene: reactive[Scene | None] = reactive(None)
    trace: reactive[Trace | None] = reactive(None, bindings=True)
    cursor: reactive[Cursor] = reactive(Cursor(), bindings=True)
    palette: reactive[Palette | None] = reactive(None)
    history: reactive[History] = reactive(History(), bindings=True)
    mode: reactive[str] = reactive("numbers")
    front: reactive[str] = reactive("equations")
    """The pane that was focused last; at small sizes it is the one that is shown."""
    explaining: reactive[bool] = reactive(False, bindings=True)
    explanation: reactive[Explanation | None] = reactive(None)
    waiting: reactive[str] = reactive("")

    def __init__(self) -> None:
        super().__init__()
        self.trail: list[tuple[Cursor, Explanation]] = []
        """Where following parts of explanations came from."""
        self.question: Future[Trace] | None = None
        self.autoplay = Autoplay(self.app, self.advance, self.app.settings.speed)

    def compose(self) -> ComposeResult:
        """The panes, wired to what the screen owns."""
        here = ExploreScreen
        shared = (here.trace, here.cursor, here.palette)
        yield TopLine().data_bind(here.scene, here.waiting)
        yield PaintedPane(sequence.paint, None, id="sequence", help=HELP["sequence"]).data_bind(*shared)
        with Horizontal(id="upper"):
            yield PaintedPane(diagram.paint, diagram.title, id="cell", help=HELP["cell"]).data_bind(*shared)
            yield PaintedPane(None, equation.title, id="equations", help=HELP["equations"]).data_bind(*shared)
            yield WhyPane(id="why").data_bind(here.trace, here.palette, here.explanation)
        with Horizontal(id="lower"):
            yield PaintedPane(gates.paint, gates.title, id="gates", help=HELP["gates"]).data_bind(*shared)
            for name in STATE_PANES:
                yield PaintedPane(None, None, id=name, help=HELP["state"]).data_bind(*shared)
        yield PaintedPane(sentence.paint, None, id="sentence", help="").data_bind(*shared)
        yield Label("rnntui needs 40 × 12 cells or more.\nEnlarge the window, or press q.", id="too-small", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Only what can be focused is; the sentence is for reading."""
        self.query_one("#sentence").can_focus = False
        self.palette = self.app.palette
        self.set_reactive(ExploreScreen.mode, self.app.settings.equations)
        self.watch_mode(self.mode)
        self.fit_panes()

    # What is looked at

    def show(self, scene: Scene, history: History | None = None) -> None:
        """Ask for a scene's trace; once it is there, show it and enter it in the history."""
        self.question = self.app.engine.ask("trace", scene)
        self.receive(scene, self.question, history)

    @work(group="trace", exclusive=True)
    async def receive(self, scene: Scene, question: Future[Trace], history: History | None) -> None:
        """Wait for a trace without holding up any key."""
        self.waiting = "computing…" if self.trace is not None else "loading torch…"
        try:
            trace = await asyncio.wrap_future(question)
        except (CancelledError, asyncio.CancelledError):
            return
        except Exception as error:  # noqa: BLE001 - whatever the worker died of is said, and the app goes on
            self.app.say(error)
            if self.trace is None and scene != FALLBACK:
                self.show(FALLBACK)
            return
        finally:
            if self.question is question:
                self.waiting = ""
        if self.question is question:
            self.accept(scene, trace, history)

    def accept(self, scene: Scene, trace: Trace, history: History | None = None) -> None:
        """Show a trace that has arrived; the cursor stays where it was, as far as it can."""
        if history is None and self.scene is not None:
            history = self.history.changed(self.scene.at(self.cursor))
            cursor = moves.carried(self.trace, self.cursor, trace) if self.trace is not None else scene.cursor
        else:
            cursor = trace.clamp(scene.cursor)
        self.history = history or self.history
        self.trail.clear()
        self.set_reactive(ExploreScreen.scene, scene)
        for place, name in enumerate(STATE_PANES):
            pane = self.query_one(f"#{name}", PaintedPane)
            if place < len(trace.states):
                state = trace.states[place]
                pane.title = partial(heat.title, symbol=state)
                pane.painter = partial(heat.paint, symbol=state)
        self.query_one("#sequence").styles.height = sequence.height(trace)
        with self.app.batch_update():
            self.cursor = cursor
            self.trace = trace
            self.mutate_reactive(ExploreScreen.scene)
            self.fit_panes()
        for notice in trace.notices:
            self.app.say(notice)
        self.app.remember(scene.at(cursor))

    def watch_mode(self, mode: str) -> None:
        """Show the equations in another way."""
        if self.is_attached:
            self.query_one("#equations", PaintedPane).painter = partial(equation.paint, mode=mode)

    def watch_cursor(self, cursor: Cursor) -> None:
        """Explain the value that is under the cursor now."""
        self.explain()
        if self.scene is not None:
            self.app.remember(self.scene.at(cursor))

    def watch_trace(self) -> None:
        """Explain it in the new trace."""
        self.explain()

    # How it is arranged

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the panes for another size."""
        self.fit_panes()

    def states(self) -> tuple[str, ...]:
        """The ids of the state panes that the cell has states for."""
        return STATE_PANES[: len(self.trace.states)] if self.trace is not None else STATE_PANES[:1]

    def fit_panes(self) -> None:
        """Show the panes that fit, hide the others, and say on the shown ones how to reach those."""
        width, height = self.app.size
        self.set_class(width < TWO_ABREAST, "narrow")
        small = width < TOO_SMALL[0] or height < TOO_SMALL[1]
        self.set_class(small, "too-small")
        plan = arrange(width, height, self.states(), self.front, self.explaining)
        for name in ("cell", "equations", "why", "gates", *STATE_PANES):
            self.query_one(f"#{name}").display = name in plan.shown
        self.share_height(height, plan)
        self.query_one("#upper").display = bool(plan.upper)
        self.query_one("#lower").display = bool(plan.lower)
        self.explain()

    def share_height(self, height: int, plan: Arrangement) -> None:
        """Give the lower row what its units need and the upper row the rest, within what either can use."""
        if self.trace is None:
            return
        room = height - 3 - sequence.height(self.trace)
        lanes = 2 if self.trace.bidirectional else 1
        needed = lanes * (self.trace.hidden + 1) + 3
        upper = room if not plan.lower else min(max(room - needed, room * 2 // 5, 9), 20)
        self.query_one("#upper").styles.height = upper
        gates = sum(not equation.is_state for equation in self.trace.equations) or 1
        self.query_one("#gates").styles.width = max(24, 6 + 8 * gates) if len(plan.lower) > 1 else "1fr"

    def watch_front(self) -> None:
        """Bring the pane to the front where panes take turns."""
        if self.is_mounted:
            self.fit_panes()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane was focused; looking at a state means its symbol."""
        name = event.widget.id or ""
        if name in STATE_PANES and self.trace is not None and not self.cursor.partial:
            self.cursor = replace(self.cursor, symbol=self.trace.states[STATE_PANES.index(name)])
        if name in ("cell", "equations", "gates", *STATE_PANES):
            self.front = name
        self.refresh_bindings()

    def action_pane(self, by: int) -> None:
        """Focus the next pane, showing it if it was hidden."""
        order = ["sequence", "cell", "equations", "gates", *self.states()]
        if self.query_one("#why").display:
            order.insert(3, "why")
        here = self.focused.id if self.focused is not None and self.focused.id in order else self.front
        target = order[(order.index(here) + by) % len(order)] if self.focused is not None and here in order else order[0]
        if target in ("cell", "equations") and self.explaining and not self.query_one(f"#{target}").display:
            self.explaining = False
        if target not in ("sequence", "why"):
            self.front = target
        self.query_one(f"#{target}").focus()

    # Provenance

    def explain(self) -> None:
        """Explain the value under the cursor, if the pane that shows it is on the screen."""
        if self.trace is None or not self.is_mounted or not self.query_one("#why").display:
            return
        cursor = self.trace.clamp(self.cursor)
        try:
            self.explanation = why(self.trace, Ref(cursor.layer, cursor.direction, cursor.symbol, cursor.unit, cursor.t))
        except BadInput:
            self.explanation = None

    def action_why(self) -> None:
        """Open the explanation of the value under the cursor."""
        self.trail.clear()
        self.explaining = True
        self.fit_panes()
        self.query_one("#why").focus()

    def on_pointed(self, event: Pointed) -> None:
        """Go where somebody pointed."""
        if self.trace is not None:
            self.cursor = moves.point(self.trace, self.cursor, event.move)

    def on_followed(self, event: Followed) -> None:
        """Follow a part of the explanation: into it, or to where it came from."""
        if self.trace is None or self.explanation is None:
            return
        part = self.explanation.parts[event.part]
        here = (self.cursor, self.explanation)
        if part.source is not None:
            source = part.source
            self.cursor = Cursor(source.layer, source.direction, source.t, source.symbol, source.unit)
        elif part.inside is not None:
            self.explanation = self.explanation.opened(part)
        else:
            return
        self.trail.append(here)
        self.refresh_bindings()

    def action_return(self) -> None:
        """Return to what was explained before the last follow."""
        if self.trail:
            self.cursor, self.explanation = self.trail.pop()
            self.refresh_bindings()

    def action_close(self) -> None:
        """Close the explanation, or stop playing."""
        if self.autoplay.playing:
            self.action_play()
        elif self.explaining:
            self.explaining = False
            self.trail.clear()
            self.fit_panes()
            self.query_one(f"#{self.front}").focus()

    # Moving about

    def move(self, cursor: Cursor) -> None:
        """Put the cursor somewhere else."""
        self.cursor = cursor

    def action_step(self, by: int) -> None:
        """Read a token, or go back one."""
        if self.trace is not None:
            self.move(moves.step(self.trace, self.cursor, by))

    def action_sub_step(self, by: int) -> None:
        """Compute the next symbol, or go back one."""
        if self.trace is not None:
            self.move(moves.sub_step(self.trace, self.cursor, by))

    def action_unit(self, by: int) -> None:
        """Look at another unit."""
        if self.trace is not None:
            self.move(moves.unit(self.trace, self.cursor, by))

    def action_lane(self, by: int) -> None:
        """Look at another layer or direction."""
        if self.trace is not None:
            self.move(moves.lane(self.trace, self.cursor, by))

    def action_end(self, last: int) -> None:
        """Before the first token, or after the last."""
        if self.trace is not None:
            self.move(moves.after(self.trace, self.cursor, self.trace.steps if last else 0))

    def advance(self) -> bool:
        """One step of auto-play; False at the end."""
        if self.trace is None or self.trace.steps_read(self.cursor) >= self.trace.steps:
            self.waiting = ""
            return False
        self.action_step(1)
        return True

    def action_play(self) -> None:
        """Step by itself, or stop; from the end, begin again."""
        if self.autoplay.playing:
            self.autoplay.stop()
        elif self.trace is not None:
            if self.trace.steps_read(self.cursor) >= self.trace.steps:
                self.action_end(0)
            self.autoplay.start()
        self.refresh_bindings()

    def action_speed(self, by: int) -> None:
        """Play faster or slower."""
        speed = self.autoplay.faster(by)
        self.app.settings = replace(self.app.settings, speed=speed)
        self.app.say(f"{speed:g} steps a second; Space plays and stops.")

    def action_equations(self) -> None:
        """Symbols, numbers put in, or the torch line."""
        self.mode = MODES[(MODES.index(self.mode) + 1) % len(MODES)]
        self.app.settings = replace(self.app.settings, equations=self.mode)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would change nothing."""
        if self.trace is None or not self.is_mounted:
            return action in ("change", "help", "close") or None
        by = parameters[0] if parameters and isinstance(parameters[0], int) else 0
        mover = {"step": moves.step, "sub_step": moves.sub_step, "unit": moves.unit, "lane": moves.lane}.get(action)
        if mover is not None:
            return True if mover(self.trace, self.cursor, by) != self.cursor else None
        possible = {
            "undo": bool(self.history.past),
            "redo": bool(self.history.future),
            "return": bool(self.trail),
            "export": self.focused is not None,
        }
        return True if possible.get(action, True) else None

    # Changing what is looked at

    @work(group="change", exclusive=True)
    async def action_change(self, what: str) -> None:
        """Ask for a change, then show the changed scene; what cannot be used is said, and nothing is lost."""
        here = self.scene.at(self.cursor) if self.scene is not None else FALLBACK
        try:
            changed = await CHANGES[what](self.app, here)
        except BadInput as error:
            self.app.say(error)
            return
        if changed is not None:
            self.show(changed)

    @work(group="change", exclusive=True)
    async def action_go(self) -> None:
        """Go to a step by its number."""
        if self.trace is None:
            return
        low, high = (0, self.trace.steps) if self.cursor.direction == "forward" else (1, self.trace.steps + 1)
        line = await self.app.push_screen_wait(LineScreen(f"Go to step t ({low}…{high})", "", numeric=True))
        if line is None or not line.strip():
            return
        try:
            t = whole_number(line, "t", low, high)
        except BadInput as error:
            self.app.say(error)
            return
        self.cursor = replace(self.cursor, t=t, partial=False)

    @work(group="change", exclusive=True)
    async def action_export(self) -> None:
        """Write what the focused pane shows to a file."""
        pane = self.focused
        if self.trace is None or not isinstance(pane, PaintedPane | WhyPane):
            return
        name = f"rnntui-{self.trace.cell}-{pane.id}.csv"
        hint = "The name's end says the kind: .csv values · .svg picture · .txt text"
        line = await self.app.push_screen_wait(LineScreen("Write this pane to", name, hint))
        if line is None or not line.strip():
            return
        try:
            symbols = (self.trace.states[STATE_PANES.index(pane.id)],) if pane.id in STATE_PANES else self.trace.symbols
            export(line.strip(), self.trace, self.trace.clamp(self.cursor), symbols, pane.painting())
        except BadInput as error:
            self.app.say(error)
            return
        self.app.say(f"Written: {line.strip()}")

    def action_undo(self) -> None:
        """Show the scene before the last change."""
        if self.history.past and self.scene is not None:
            self.show(self.history.past[-1], self.history.undone(self.scene.at(self.cursor)))

    def action_redo(self) -> None:
        """Show the scene that was taken back."""
        if self.history.future and self.scene is not None:
            self.show(self.history.future[0], self.history.redone(self.scene.at(self.cursor)))

    def action_help(self) -> None:
        """What the focused pane shows, and every key."""
        about = getattr(self.focused, "help_text", "") or HELP["equations"]
        self.app.push_screen(PageScreen("Help", page(about, (*EXPLORE, *APP))))
