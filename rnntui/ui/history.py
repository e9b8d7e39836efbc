"""The scenes that were looked at, so that a change can be taken back; cursor moves make no entry."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rnntui.scene import FALLBACK, Scene

LONGEST = 200


def stands_in(scene: Scene) -> bool:
    """Whether a scene is the one that is shown where another has failed."""
    return replace(scene, activity=FALLBACK.activity).at(FALLBACK.cursor) == FALLBACK


@dataclass(frozen=True)
class History:
    """What came before the scene on the screen, and what was taken back."""

    past: tuple[Scene, ...] = ()
    future: tuple[Scene, ...] = ()

    def changed(self, left: Scene) -> History:
        """The history once `left` has been replaced by a new scene; what had been taken back is gone."""
        return History((*self.past[-LONGEST + 1 :], left), ())

    def undone(self, left: Scene) -> History:
        """The history once the last change is taken back; the scene to show is the past's last."""
        return replace(self, past=self.past[:-1], future=(left, *self.future))

    def redone(self, left: Scene) -> History:
        """The history once the last undo is taken back; the scene to show is the future's first."""
        return replace(self, past=(*self.past, left), future=self.future[1:])


@dataclass(frozen=True)
class Look:
    """A scene that is or will be looked at, and how one came to it."""

    scene: Scene
    history: History
    keep_place: bool = False
    """Whether as many tokens stay read as before."""
    overtaken: Look | None = None
    """What had been asked for and was not there yet: it is shown after all where this one cannot be."""
    came_from: str = ""
    """The activity to go back to where this one cannot show the scene; none where it was asked for here."""

    def found(self, read: Scene) -> Scene:
        """The scene with what reading its files found: which function, and which contents."""
        contents = {name: value for name, value in vars(read).items() if name.endswith("sha256")}
        return replace(self.scene, cell=read.cell, **contents)
