"""Keys that arrive in one burst, as over a slow line: each reaches the screen that is in front when it is obeyed."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Input

JOINERS: Final = frozenset("\u200c\u200d") | frozenset(map(chr, range(0xE0020, 0xE0080)))
"""Characters without a picture of their own that words, emoji and flags are made with; Textual would drop them."""


class Once(ModalScreen[ScreenResultType]):
    """A question that is answered once: a second answer, typed ahead, takes no other screen away."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Answer and leave; afterwards nothing."""
        return super().dismiss(result) if self.is_current else AwaitComplete()

    def one_line(self, pasted: str) -> str:
        """What is pasted, as one line: a long one was broken where it was copied from."""
        return "".join(pasted.splitlines())


class Palette(CommandPalette):
    """Textual's command palette, answered once; nothing in it blinks."""

    def on_mount(self) -> None:
        """Keep the cursor still."""
        self.query_one(Input).cursor_blink = False

    def dismiss(self, result: object = None) -> AwaitComplete:
        """Answer and leave; afterwards nothing."""
        return super().dismiss(result) if self.is_current else AwaitComplete()  # type: ignore[arg-type]


class Line(Input):
    """A line of input that obeys its keys in the order in which they came.

    Textual inserts characters at once but sends editing keys on a round through the app, so that in a burst a letter
    overtakes the backspace before it, and letters after the Enter are still inserted.
    """

    def on_key(self, event: events.Key) -> None:
        """Edit and answer here and now; once answered, keys belong to the screen in front."""
        if not self.screen.is_current:
            event.stop()
            event.prevent_default()
            self.app.post_message(events.Key(event.key, event.character))
            return
        edits = {
            "backspace": self.action_delete_left,
            "delete": self.action_delete_right,
            "left": self.action_cursor_left,
            "right": self.action_cursor_right,
            "home": self.action_home,
            "end": self.action_end,
            "ctrl+u": self.action_delete_left_all,
            "ctrl+w": self.action_delete_left_word,
        }
        if event.character in JOINERS:
            event.stop()
            event.prevent_default()
            self.put(event.character)
        elif event.key in edits:
            event.stop()
            event.prevent_default()
            edits[event.key]()
        elif event.key in {"enter", "escape"} and isinstance(self.screen, Once):
            event.stop()
            event.prevent_default()
            self.screen.dismiss(self.value if event.key == "enter" else None)

    def on_paste(self, event: events.Paste) -> None:
        """Take all that is pasted, of which Textual would take the first line."""
        event.stop()
        event.prevent_default()
        self.put(self.screen.one_line(event.text) if isinstance(self.screen, Once) else event.text)

    def put(self, text: str) -> None:
        """Write where the cursor is, instead of what is selected."""
        self.replace(text, *self.selection)
