"""The pane of knobs: everything that makes a gradient last or vanish, each turned by a key."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive

from rnntui.paint import knobs as painter
from rnntui.paint.painting import Painting
from rnntui.paint.palette import Palette
from rnntui.scene import Scene
from rnntui.ui.knobs import KNOBS, Knob
from rnntui.ui.panes.canvas import NOTHING
from rnntui.ui.panes.painted import Painted


class KnobsPane(Painted, can_focus=True):
    """The knobs of a scene, one of them held."""

    BINDINGS = [
        Binding("up,k", "hold(-1)", "knob up", show=False, tooltip="The knob above", id="knobs.up"),
        Binding("down,j", "hold(1)", "knob", key_display="↑↓", tooltip="The next knob", id="knobs.down"),
        Binding("right,l,plus", "turn(1)", "turn", key_display="←→", tooltip="Turn the knob up", id="knobs.more"),
        Binding("left,h,minus", "turn(-1)", "turn down", show=False, tooltip="Turn the knob down", id="knobs.less"),
    ]

    scene: reactive[Scene | None] = reactive(None, repaint=False)
    palette: reactive[Palette | None] = reactive(None, repaint=False)
    held: reactive[int] = reactive(0, repaint=False)

    help_text = (
        "What makes the gradient last or vanish. ↑↓ choose a knob, ← → (or − and +) turn it while this pane has the\n"
        "focus; f and F turn the forget bias from anywhere. u takes a turn back, Ctrl+R turns again."
    )

    class Turned(Message):
        """Somebody turned a knob up or down."""

        def __init__(self, knob: Knob, by: int) -> None:
            super().__init__()
            self.knob, self.by = knob, by

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.border_title = "Knobs"

    def painting(self) -> Painting:
        """The knobs as the scene has them."""
        if self.scene is None or self.palette is None or not all(self.content_size):
            return NOTHING
        scene = self.scene
        shown = [painter.Turnable(one.label, one.read(scene), one.live(scene)) for one in KNOBS]
        return painter.paint(shown, self.held, self.has_focus, *self.content_size, self.palette)

    def watch_scene(self) -> None:
        """Show the values of another scene."""
        self.repaint()

    def watch_palette(self) -> None:
        """Show it in other colours."""
        self.repaint()

    def watch_held(self) -> None:
        """Show which knob is held."""
        self.repaint()

    def watch_has_focus(self, _focused: bool) -> None:
        """Light the held knob while keys turn it."""
        self.repaint()

    def action_hold(self, by: int) -> None:
        """Take the knob above or below; one that means nothing here is passed over."""
        places = [place for place, one in enumerate(KNOBS) if self.scene is None or one.live(self.scene)]
        here = min(places, key=lambda place: abs(place - self.held))
        self.held = places[min(max(places.index(here) + by, 0), len(places) - 1)]

    def action_turn(self, by: int) -> None:
        """Turn the held knob."""
        self.post_message(self.Turned(KNOBS[self.held], by))

    def on_click(self, event: events.Click) -> None:
        """Take the knob that was clicked; an arrow turns it too."""
        spot = event.get_content_offset(self)
        move = self.canvas.painting.hit(spot.x, spot.y) if spot is not None else None
        if move is not None:
            self.held = int(str(move["knob"]))
            if "by" in move:
                self.action_turn(int(str(move["by"])))
