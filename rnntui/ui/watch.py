"""Runs a learner's own cell again when its file is saved: looks every 0.4 s, and only while there is such a cell."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from rnntui.cellname import own_cell
from rnntui.scene import Scene
from rnntui.ui.history import History, Look
from rnntui.versus import own_cells

if TYPE_CHECKING:
    from rnntui.ui.screens.asking import AskingScreen

EVERY: Final = 0.4
"""Seconds between two looks."""

Stamp = tuple[int, int] | None
"""When a file was last written and how long it is; None while it is not there."""
Stamps = Mapping[str, Stamp]
"""File → its stamp."""


def stamp(file: str) -> Stamp:
    """What tells one version of a file from the next without reading it."""
    try:
        found = os.stat(file)  # noqa: PTH116  called every 0.4 s
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


class Watch:
    """Looks at the files that the scene asked for last runs, also while it cannot be shown, and while its screen is on.

    What was saved meanwhile is seen once one comes back to the screen.
    """

    def __init__(self, screen: AskingScreen) -> None:
        self.screen = screen
        """Its `rerun` is called with the scene, no longer bound to what a file held before, its `miss` with a file that
        went away and was not back at the next look, once; both while it is on."""
        self.scene: Scene | None = None
        self.stamps: Stamps = {}
        self.away: frozenset[str] = frozenset()
        """The files that were away at the last look and have not been told of."""
        self._timer: Timer | None = None

    @property
    def looking(self) -> bool:
        """Whether there is a file to look at."""
        return self._timer is not None

    def look_at(self, scene: Scene) -> None:
        """Watch the files of this scene's cells; to be called before they are read, so that no change is missed."""
        self.scene, self.away = scene, frozenset()
        self.stamps = {own.file: stamp(own.file) for own in own_cells(scene)}
        if not self.stamps:
            self.stop()
        elif self._timer is None:
            self._timer = self.screen.app.set_interval(EVERY, self.look)

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def look(self) -> None:
        """See whether a file was saved; while one is away, as some editors have it for a moment, wait."""
        if self.screen.app.activity is not self.screen:
            return
        now = {file: stamp(file) for file in self.stamps}
        away = frozenset(file for file, found in now.items() if found is None and self.stamps[file] is not None)
        for file in away & self.away:
            self.stamps = {**self.stamps, file: None}
            self.screen.miss(file)
        self.away = away
        if self.scene is not None and None not in now.values() and now != self.stamps:
            self.stamps = now
            self.screen.rerun(replace(self.scene, cell_sha256=""))


def again(scene: Scene, newest: Look | None) -> tuple[Scene, History | None, bool]:
    """What to show once the file of this scene's cell was saved: the scene, its history, whether the place is kept.

    Where that cell is on the screen already, that is no change to take back.
    """
    if newest is not None and newest.scene.cell == scene.cell:
        return replace(newest.scene, cell_sha256=""), newest.history, True
    return scene, None, True


def broken(scene: Scene) -> str:
    """What stays on the screen while the file of a cell cannot be run; nothing for a scene that failed otherwise.

    A scene whose file ran before says which content it had.
    """
    own = own_cell(scene.cell) if not scene.cell_sha256 else None
    return f"{own.title} does not run · save it to try again" if own is not None else ""
