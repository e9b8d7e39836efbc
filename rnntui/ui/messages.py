"""What panes say to the screen that holds them: data goes in, messages come out."""

from __future__ import annotations

from collections.abc import Mapping

from textual.message import Message


class Pointed(Message):
    """Somebody pointed at a value; `move` are the fields of the cursor that this sets."""

    def __init__(self, move: Mapping[str, object]) -> None:
        super().__init__()
        self.move = dict(move)
