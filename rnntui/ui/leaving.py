"""An app that keeps what is worth keeping, whichever way it is left."""

from __future__ import annotations

from dataclasses import replace

from rnntui.home import Home, Settings
from rnntui.paint.palette import Colours
from rnntui.scene import Cursor, Scene
from rnntui.ui.telling import TellingApp


class LeavingApp(TellingApp):
    """An app with settings that outlast it: what was chosen, the scene and the place that were looked at last."""

    def __init__(self, colours: Colours | None, ascii: bool, home: Home) -> None:
        super().__init__(colours, ascii)
        self.home = home
        self.settings: Settings = home.settings
        self.last: tuple[Scene, Cursor] | None = None

    def end(self, return_code: int) -> None:
        """Leave because a signal says so; what is worth keeping is kept."""
        self.save()
        self.workers.cancel_all()
        self.exit(return_code=return_code)

    async def action_quit(self) -> None:
        """Leave."""
        self.save()
        self.exit()

    def remember(self, scene: Scene, cursor: Cursor) -> None:
        """The scene to open next time."""
        self.last = (scene, cursor)

    def save(self) -> None:
        """Keep the settings; say so where that fails."""
        notice = self.home.save(self.kept())
        if notice:
            self.say(notice)

    def on_unmount(self) -> None:
        """Whatever way the app ends, keep what is worth keeping."""
        self.home.save(self.kept())

    def kept(self) -> Settings:
        """The settings with the scene and the place that were looked at last."""
        if self.last is not None:
            scene, cursor = self.last
            self.settings = replace(self.settings, scene=str(scene.at(cursor)))
        return self.settings
