"""What every activity's screen does alike: say what can be done, and change what is looked at."""

from __future__ import annotations

from abc import abstractmethod

from textual import events
from textual.binding import BindingType
from textual.reactive import reactive
from textual.widget import Widget

from rnntui.paint.palette import Palette
from rnntui.scene import FALLBACK
from rnntui.ui.arrangement import too_small
from rnntui.ui.export import Table
from rnntui.ui.help import HELP, page
from rnntui.ui.keys import APP
from rnntui.ui.screens.ask import PageScreen
from rnntui.ui.screens.asking import AskingScreen
from rnntui.ui.screens.changes import CHANGES, Pictured, go_to, write_pane


class ActivityScreen(AskingScreen):
    """A screen that looks at one scene; what it shows of it, and how the cursor moves, is the activity's."""

    palette: reactive[Palette | None] = reactive(None, repaint=False)

    @abstractmethod
    def table(self, pane: Widget) -> Table:
        """The values that a pane shows."""

    def on_resize(self, event: events.Resize) -> None:
        """On a screen too small for anything, say so and nothing else."""
        self.set_class(too_small(*event.size), "too-small")
        self.board.fit_panes()

    def on_screen_resume(self) -> None:
        """Come back in the colours that were chosen meanwhile, and open here next time."""
        self.palette = self.app.palette
        self.watch_cursor(self.cursor)

    @property
    def text_row(self) -> int:
        """The row of the screen on which the text stands."""
        return self.query_one("#sequence").region.y

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what would change nothing."""
        if self.trace is None or not self.is_mounted:
            return action in ("change", "help", "close") or None
        if action == "move":
            return True if parameters in self.possible else None
        history = self.pending.history if self.pending is not None else self.history
        possible = {
            "undo": bool(history.past),
            "redo": bool(history.future),
            "change": parameters != ("export",) or self.focused is not None,
        }
        return True if possible.get(action, True) else None

    # Changing what is looked at

    async def action_change(self, what: str) -> None:
        """Begin a change, where one stands."""
        self.autoplay.stop()
        await super().action_change(what)

    async def changed(self, what: str, pane: Widget | None) -> None:
        """Make one change, from what was asked for last. Raises BadInput for what cannot be used."""
        newest = self.newest()
        if what in CHANGES:
            scene = await CHANGES[what](self.app, newest.scene if newest is not None else FALLBACK)
            if scene is not None:
                await self.app.open(scene, keep_place=what not in ("open", "copy"))
        elif self.record is not None and what == "go":
            self.cursor = await go_to(self.app, self.cursor, self.record.clamp)
        elif self.trace is not None and isinstance(pane, Pictured):
            written = await write_pane(self.app, self.trace.cell, pane, self.table)
            if written:
                self.app.say(f"Written: {written}")

    def action_undo(self) -> None:
        """Show the scene before the last change."""
        newest = self.newest()
        if newest is not None and newest.history.past:
            self.show(newest.history.past[-1], newest.history.undone(newest.scene))

    def action_redo(self) -> None:
        """Show the scene that was taken back."""
        newest = self.newest()
        if newest is not None and newest.history.future:
            self.show(newest.history.future[0], newest.history.redone(newest.scene))

    def action_help(self) -> None:
        """What the focused pane shows, and every key."""
        self.autoplay.stop()
        about = getattr(self.focused, "help_text", "") or HELP[self.ACTIVITY]
        bindings: list[BindingType] = [*self.BINDINGS, *APP]
        self.app.push_screen(PageScreen("Help", page(about, bindings, self.app.remapped)))
