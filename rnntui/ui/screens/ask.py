"""Small questions over the screen: one line of text, one of a list, a page to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from rnntui.ui.escapes import escaped
from rnntui.ui.help import laid_out
from rnntui.ui.screens.once import Line, Once

if TYPE_CHECKING:
    from rnntui.ui.app import RnntuiApp

LONGEST_LINE = 64 * 1024
"""Characters that a line of input may have; more would make the terminal wait for seconds."""
WIDEST = 120
"""Columns of a question with its frame, as the style sheet has it."""
FRAME = 4
"""Columns of the frame."""
MOST_CHOICES = 12
"""Lines of a list that are seen at once."""


class LineScreen(Once[str | None]):
    """Asks for one line of text; Enter answers, Escape leaves everything as it was."""

    BINDINGS = [Binding("escape", "leave", "leave", id="ask.leave")]
    app: RnntuiApp

    def __init__(
        self,
        label: str,
        value: str = "",
        hint: str = "",
        *,
        numeric: bool = False,
        selected: bool = False,
        verbatim: bool = False,
    ) -> None:
        super().__init__()
        self.label, self.value, self.hint, self.numeric = label, value, hint, numeric
        self.selected = selected or numeric
        """Whether what is typed replaces the value, rather than goes on from it."""
        self.verbatim = verbatim
        """Whether every character of what is pasted counts, line ends and backslashes too."""

    def compose(self) -> ComposeResult:
        """The question, the line, and what the keys do."""
        with Vertical(id="ask"):
            yield Label(Content(self.label), id="ask-label")
            yield self.line()
            yield Label(Content(self.hint or "Enter answers · Escape leaves it as it was"), id="ask-hint")

    def line(self) -> Line:
        """The line of input."""
        return Line(
            self.value,
            type="integer" if self.numeric else "text",
            max_length=LONGEST_LINE,
            select_on_focus=self.selected,
            id="ask-line",
            compact=True,
        )

    def on_mount(self) -> None:
        """Take the keys that come from now on."""
        self.query_one(Line).cursor_blink = False
        self.set_focus(self.query_one(Line))
        self.app.asked.set()

    def one_line(self, pasted: str) -> str:
        """What is pasted, as one line; of a text, all but the end of its last line, escaped."""
        if not self.verbatim:
            return super().one_line(pasted)
        return escaped(pasted.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n"))

    def action_leave(self) -> None:
        """Answer nothing."""
        self.dismiss(None)


class InPlaceScreen(LineScreen):
    """Asks for one line of text where the text already stands: on a row of the screen below, the hint under it."""

    def __init__(self, row: int, value: str, hint: str) -> None:
        super().__init__("", value, hint, verbatim=True)
        self.row = row

    def compose(self) -> ComposeResult:
        """The line, and what the keys do."""
        with Vertical(id="in-place") as place:
            place.styles.margin = (self.row, 0, 0, 0)
            yield self.line()
            yield Label(Content(self.hint), id="ask-hint")


class ChoiceScreen(Once[str | None]):
    """Asks for one of a few; Enter chooses, Escape leaves everything as it was."""

    BINDINGS = [
        Binding("escape,q", "leave", "leave", id="choice.leave"),
        Binding("j", "move('down')", show=False, id="choice.down"),
        Binding("k", "move('up')", show=False, id="choice.up"),
    ]
    app: RnntuiApp

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], current: str = "") -> None:
        super().__init__()
        self.label, self.choices, self.current = label, choices, current

    def compose(self) -> ComposeResult:
        """The question over the list."""
        with Vertical(id="ask"):
            yield Label(Content(self.label), id="ask-label")
            yield OptionList(
                *(Option(Content(text), id=name) for name, text in self.choices), id="ask-list", compact=True
            )

    def on_mount(self) -> None:
        """Begin at what is chosen now."""
        names = [name for name, _ in self.choices]
        choices = self.query_one(OptionList)
        choices.highlighted = names.index(self.current) if self.current in names else 0
        self.set_focus(choices)
        self.app.asked.set()

    def on_resize(self, event: events.Resize) -> None:
        """Leave room for the question over the list; a scroll bar only where the list is longer than its room.

        Left to itself, one that was there before a resize would take columns, and with them lines, to stay.
        """
        columns = max(1, min(event.size.width, WIDEST) - FRAME)
        asked = len(Content(self.label).wrap(columns))
        choices = self.query_one(OptionList)
        most = max(1, min(MOST_CHOICES, event.size.height - asked - 2))
        longer = choices.get_content_height(event.size, event.size, columns) > most
        choices.styles.max_height, choices.styles.overflow_y = most, "scroll" if longer else "hidden"
        self.call_after_refresh(choices.scroll_to_highlight)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option.id)

    def action_move(self, way: str) -> None:
        """Up or down the list."""
        choices = self.query_one(OptionList)
        choices.action_cursor_down() if way == "down" else choices.action_cursor_up()

    def action_leave(self) -> None:
        """Answer nothing."""
        self.dismiss(None)


class PageScreen(Once[None]):
    """A page to read over the screen; Escape, Enter, q or ? closes it."""

    BINDINGS = [Binding("escape,enter,q,question_mark", "close", "close", id="page.close")]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self.page_title, self.text = title, text

    def compose(self) -> ComposeResult:
        """The text, which scrolls where it is longer than the screen."""
        with VerticalScroll(id="page") as page:
            page.border_title = Content(self.page_title)
            yield Label(self.text)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the text out anew in the columns that it has then."""
        self.call_after_refresh(self.lay_out)

    def lay_out(self) -> None:
        """Lay the text out in its columns, if the terminal is large enough for any."""
        if columns := self.query_one("#page").scrollable_content_region.width:
            self.query_one(Label).update(laid_out(self.text, columns))

    def action_close(self) -> None:
        """Back to the screen."""
        self.dismiss(None)


class WelcomeScreen(Once[events.Key | None]):
    """The guided first minute: a few hints over the live screen, gone at a key press, which is then obeyed."""

    def __init__(self, title: str, hints: Sequence[str]) -> None:
        super().__init__()
        self.page_title, self.hints = title, hints

    def compose(self) -> ComposeResult:
        """The hints, one paragraph each."""
        with Vertical(id="welcome") as box:
            box.border_title = Content(self.page_title)
            for hint in self.hints:
                yield Label(Content(" ".join(hint.split())))

    def on_key(self, event: events.Key) -> None:
        """Any key: go away and let the screen below have the key."""
        event.stop()
        event.prevent_default()
        if self.is_current:
            self.dismiss(event)
        else:
            self.app.post_message(events.Key(event.key, event.character))

    def on_click(self) -> None:
        """A click will do as well."""
        self.dismiss(None)
