"""The first line of the screen: which activities there are, and which network is looked at."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from rnntui.scene import Scene


class TopLine(Widget):
    """The app's name, the activities under their digits, the network in a few words, and what is being waited for."""

    scene: reactive[Scene | None] = reactive(None)
    waiting: reactive[str] = reactive("")

    def render(self) -> Content:
        """Left: where one is. Right: what is looked at."""
        left = Content.assemble((" rnntui ", "bold"), "  ", ("1", "bold"), (" Explore", "underline"))
        right = Content(f"{self.waiting or (describe(self.scene) if self.scene else '')} ")
        room = self.size.width - left.cell_length - right.cell_length
        if room < 1:
            return left.truncate(max(1, self.size.width), ellipsis=True)
        return Content.assemble(left, " " * room, (right.plain, "$warning" if self.waiting else "$text-muted"))


def describe(scene: Scene) -> str:
    """A network in a few words: lstm · 8 units · 2 layers · both ways · seed 0."""
    words = [scene.cell_title, f"{scene.hidden} unit{'s' if scene.hidden != 1 else ''}"]
    if scene.layers > 1:
        words.append(f"{scene.layers} layers")
    if scene.bidirectional:
        words.append("both ways")
    words.append(f"weights {scene.weights.rpartition('/')[2]}" if scene.weights else f"seed {scene.seed}")
    if scene.init != "torch" and not scene.weights:
        words.append(scene.init)
    return " · ".join(words)
