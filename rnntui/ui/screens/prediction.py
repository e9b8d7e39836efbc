"""Predict, then see: the arithmetic of a value that was predicted, shown part by part."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from rnntui.ui.screens.once import Once


class RevealScreen(Once[None]):
    """Shows how a value is computed, one step of the arithmetic a key, then the verdict."""

    BINDINGS = [
        Binding("enter,space,right,n,p", "further", "further", id="reveal.further"),
        Binding("escape,q", "leave", "leave", id="reveal.leave"),
    ]

    def __init__(self, chain: Sequence[str], verdict: str) -> None:
        super().__init__()
        self.chain, self.verdict, self.seen = tuple(chain), verdict, 1

    def compose(self) -> ComposeResult:
        """The arithmetic so far, and what the keys do."""
        with Vertical(id="ask"):
            yield Label("", id="ask-label", markup=False)
            yield Label("", id="ask-hint", markup=False)

    def on_mount(self) -> None:
        """Begin with the numbers put in."""
        self.draw()

    def draw(self) -> None:
        """Show as much as was asked for."""
        lines = [f"= {step}" for step in self.chain[: self.seen]]
        done = self.seen >= len(self.chain)
        self.query_one("#ask-label", Label).update(Content("\n".join([*lines, *([self.verdict] if done else [])])))
        hint = "Enter closes" if done else "Enter shows the next part · Escape closes"
        self.query_one("#ask-hint", Label).update(Content(hint))

    def action_further(self) -> None:
        """The next part; after the last one, back."""
        if self.seen >= len(self.chain):
            self.dismiss(None)
            return
        self.seen += 1
        self.draw()

    def action_leave(self) -> None:
        """Back to the screen."""
        self.dismiss(None)
