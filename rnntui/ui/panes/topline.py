"""The first line of the screen: which activities there are, and which network is looked at."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from rnntui.errors import counted
from rnntui.paint.cells import width as columns_of
from rnntui.paint.safe import safe_text
from rnntui.paint.wrap import whole
from rnntui.scene import Scene
from rnntui.ui.activities import ACTIVITIES
from rnntui.versus import spoken

NAME = " rnntui   "


class TopLine(Widget):
    """The app's name, the activities under their digits, the network in a few words, and what is being waited for."""

    scene: reactive[Scene | None] = reactive(None)
    words: reactive[str] = reactive("")
    """What is looked at where that is no scene."""
    waiting: reactive[str] = reactive("")

    def __init__(self, activity: str) -> None:
        super().__init__()
        self.activity = activity
        """Which one is on."""

    def render(self) -> Content:
        """Left: where one is. Right: what is looked at."""
        pieces: list[str | tuple[str, str]] = [(NAME, "bold")]
        for one in ACTIVITIES:
            on = one.name == self.activity
            pieces += [(one.key, "bold"), (f" {one.title}", "bold underline" if on else "$text-muted"), "  "]
        left = Content.assemble(*pieces)
        words = self.waiting or self.words or (describe(self.scene) if self.scene else "")
        most = self.size.width - left.cell_length - 1
        if columns_of(words) > most and columns_of(shorter := f"{whole(words, most - 4)} · …") <= most:
            words = shorter
        right = Content(f"{words} ")
        room = self.size.width - left.cell_length - right.cell_length
        if room < 0:
            shown = left if left.cell_length <= self.size.width else left.truncate(self.size.width, ellipsis=True)
            rest = self.size.width - shown.cell_length - 1
            return Content.assemble(shown, right.truncate(rest, ellipsis=True)) if rest > len("lstm…") else shown
        return Content.assemble(left, " " * room, (right.plain, "$warning" if self.waiting else "$text-muted"))

    async def on_click(self, event: events.Click) -> None:
        """Go to the activity whose name was clicked."""
        x = len(NAME)
        for one in ACTIVITIES:
            if x <= event.x < x + len(one.key) + 1 + len(one.title):
                await self.app.run_action(f"app.activity('{one.name}')")
            x += len(one.key) + len(one.title) + 3


def describe(scene: Scene) -> str:
    """A network in a few words, the most telling first: lstm versus gru · by hand f=1 · 8 units · 2 layers · seed 0."""
    words = [f"{scene.cell_title} versus {spoken(scene.versus)}" if scene.versus else scene.cell_title]
    if scene.set:
        words.append(f"by hand {scene.set}")
    words.append(counted(scene.hidden, "unit"))
    if scene.layers > 1:
        words.append(f"{scene.layers} layers")
    if scene.bidirectional:
        words.append("both ways")
    words.append(f"weights {scene.weights.rpartition('/')[2]}" if scene.weights else f"seed {scene.seed}")
    if scene.init != "torch" and not scene.weights:
        words.append(scene.init)
    return safe_text(" · ".join(words))
