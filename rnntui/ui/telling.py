"""What the app shows and says, made safe for the terminal that it has: colours, characters, notices."""

from __future__ import annotations

import logging
from typing import Any

from textual.filter import LineFilter, NoColor

from rnntui.errors import BadInput
from rnntui.paint.palette import Colours, Palette, palette
from rnntui.paint.safe import safe_text
from rnntui.ui.aimed import AimedApp
from rnntui.ui.filters import Ascii, Printable
from rnntui.ui.picture import portable
from rnntui.ui.themes import short

log = logging.getLogger(__name__)


class TellingApp(AimedApp):
    """An app that sends no colour and no character which the terminal does not have, and tells what went wrong."""

    def __init__(self, colours: Colours | None, ascii: bool) -> None:
        super().__init__()
        self.ascii = ascii
        self.own_filters: tuple[LineFilter, ...] = (Printable(), Ascii()) if ascii else (Printable(),)
        self.colours = colours

    @property
    def palette(self) -> Palette:
        """The colours of the panes, for the theme and the depth of colour that the terminal has."""
        depths: dict[str | None, Colours] = {"standard": "16", "256": "256", "truecolor": "truecolor", "windows": "16"}
        depth: Colours = "none" if self.no_color else depths.get(self.console.color_system, "none")
        return palette(short(self.theme), self.colours or depth)

    def get_line_filters(self) -> list[LineFilter]:
        """Textual's filters, or no colour at all where none is wanted; then ours: only what is printable is sent."""
        textuals = [NoColor()] if self.no_color else super().get_line_filters()
        return [*textuals, *self.own_filters]

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The screen as an SVG; see `App.export_screenshot`."""
        return portable(super().export_screenshot(title=title, simplify=simplify))

    def notify(self, message: str, **options: Any) -> None:
        """Say something in a corner of the screen; always plain text, never markup."""
        super().notify(safe_text(message), **{**options, "markup": False})

    def say(self, what: str | BaseException) -> None:
        """Tell a notice or what went wrong in one sentence; nothing is lost, the app goes on."""
        error = isinstance(what, BaseException)
        sentence = str(what) or type(what).__name__
        if error and not isinstance(what, BadInput):
            log.error("said to the user", exc_info=what if isinstance(what, Exception) else None)
        self.notify(sentence, severity="warning" if error else "information", timeout=8 if error else 6)
