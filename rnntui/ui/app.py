"""The app: which activities there are, the keys that work everywhere, and what a terminal needs beyond Textual."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult, SystemCommand
from textual.screen import Screen
from textual.worker import WorkerCancelled

from rnntui.course.welcome import Welcome, welcome
from rnntui.errors import BadInput
from rnntui.home import Home
from rnntui.paint.palette import Colours
from rnntui.paint.palette import Theme as ThemeName
from rnntui.scene import FALLBACK, Scene, parse
from rnntui.ui import garbage
from rnntui.ui.activities import ACTIVITIES
from rnntui.ui.arrangement import too_small
from rnntui.ui.commands import commands
from rnntui.ui.instances import kept_open
from rnntui.ui.keys import APP
from rnntui.ui.leaving import LeavingApp
from rnntui.ui.panes.topline import TopLine
from rnntui.ui.themes import THEMES, short

if TYPE_CHECKING:
    from textual.theme import Theme as TextualTheme

    from rnntui.engine.client import Asker
    from rnntui.ui.history import History
    from rnntui.ui.screens.activity import ActivityScreen

log = logging.getLogger(__name__)

REFRESHES = 2
"""How often the screen is waited for: arranging panes may bring a layout, and that a repaint, and that a title."""
ASKING = ("asking", "asking-more", "pinning")
"""The workers that wait for the engine."""
SECONDS_TO_REFRESH = 2.0
ENDING_SIGNALS = ("SIGTERM", "SIGHUP")


class RnntuiApp(LeavingApp):
    """See inside recurrent neural networks."""

    TITLE = "rnntui"
    CSS_PATH = "app.tcss"
    BINDINGS = APP
    MODES = {one.name: one.load for one in ACTIVITIES}
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        engine: Asker,
        scene: Scene | None = None,
        home: Home | None = None,
        *,
        theme: ThemeName | None = None,
        ascii: bool = False,
        colours: Colours | None = None,
        keys: Mapping[str, str] | None = None,
        notices: Iterable[str] = (),
    ) -> None:
        super().__init__(colours, ascii, home or Home.nowhere())
        self.engine = engine
        self.wanted = scene
        self.asked = asyncio.Event()
        """Set once a question has opened and takes the keys, or the change that wanted it has ended."""
        self.begun = asyncio.Event()
        """Set once the first scene has been asked for."""
        self.first_notices = (*self.home.notices, *notices)
        for one in THEMES.values():
            self.register_theme(one)
        self.remapped = dict(keys or {})
        """Binding id → the keys that a configuration gives it."""
        self.set_keymap(self.remapped)
        if theme is not None:
            self.settings = replace(self.settings, theme=theme)
        self.theme = THEMES[self.settings.theme].name  # type: ignore[index]

    def recolour(self, theme: TextualTheme) -> None:
        """Colour the panes for another theme, and keep it."""
        self.settings = replace(self.settings, theme=short(theme.name))
        if self.activity is not None:
            self.activity.palette = self.palette

    # Coming and going

    def compose(self) -> ComposeResult:
        """The first frame: where one is and what is being waited for; the panes come when their code is loaded."""
        first = TopLine(self.wanted.activity if self.wanted is not None else "")
        first.scene, first.waiting = self.wanted, "loading…"
        yield first

    def on_mount(self) -> None:
        """Open the first scene: the one asked for, or last time's, or the guided first minute."""
        loop = asyncio.get_running_loop()
        for name in ENDING_SIGNALS if not self.is_headless else ():
            if hasattr(signal, name):
                number = getattr(signal, name)
                loop.add_signal_handler(number, self.end, 128 + number)
        self.theme_changed_signal.subscribe(self, self.recolour)
        self.call_after_refresh(self.begin)

    async def begin(self) -> None:
        """Now that something is on the screen: start the engine, load the panes, ask for the first record."""
        self.engine.listen(partial(self.call_later, self.say))
        self.engine.start()
        try:
            for notice in self.first_notices:
                self.say(notice)
            self.run_worker(kept_open(self.home, self.say))
            scene, greeting = self.first_scene()
            await self.open(scene)
            if greeting is not None:
                from rnntui.ui.screens.ask import WelcomeScreen

                self.push_screen(WelcomeScreen(greeting.title, greeting.hints), self.greeted)
            if self.home.runs is not None:
                from rnntui.ui.trainings import left_unfinished

                if sentence := left_unfinished(self.home.runs, self.remapped):
                    self.say(sentence)
            if not self.is_headless:
                garbage.settle()
        finally:
            self.begun.set()

    def first_scene(self) -> tuple[Scene, Welcome | None]:
        """The scene asked for, or last time's, or the first minute's; a newcomer is greeted."""
        if self.wanted is not None:
            return self.wanted, None
        if self.settings.welcomed and self.settings.scene:
            return parse(self.settings.scene), None
        try:
            first = welcome()
        except BadInput as error:
            self.say(error)
            return FALLBACK, None
        return first.scene, None if self.settings.welcomed else first

    async def greeted(self, key: events.Key | None) -> None:
        """The hints are gone, for good; the key that sent them away is obeyed."""
        self.settings = replace(self.settings, welcomed=True)
        self.save()
        if key is not None:
            self.call_later(self.obey, key)

    async def obey(self, key: events.Key) -> None:
        """Do what a key does on the screen that is now in front."""
        for name in dict.fromkeys((key.key, *key.aliases)):
            active = self.screen.active_bindings.get(name)
            if active is not None and active.enabled:
                await self.run_action(active.binding.action, active.node)
                return

    # What is on

    @property
    def activity(self) -> ActivityScreen | None:
        """The screen of the activity that is on, below any question; None before the first one is there."""
        found = [screen for screen in self.screen_stack if screen.has_class("activity")]
        return found[0] if found else None  # type: ignore[return-value]

    async def open(self, scene: Scene, history: History | None = None, keep_place: bool = False) -> None:
        """Show a scene on the screen of its activity; see `ActivityScreen.show`."""
        came_from = ""
        if history is None and (here := self.activity) is not None and scene.activity != here.ACTIVITY:
            history, came_from = here.history_after(), here.ACTIVITY
        await self.switch_mode(scene.activity)
        if self.activity is not None:
            self.activity.show(scene, history, keep_place, came_from)

    async def action_activity(self, name: str) -> None:
        """Switch to another activity, which goes on with the same scene."""
        here = self.activity
        if here is None or name == here.ACTIVITY or self.screen is not here:
            return
        newest = here.newest()
        await self.switch_mode(name)
        if newest is not None and self.activity is not None:
            self.activity.come(newest.scene, newest.history, here.ACTIVITY)

    async def go_back(self, left: str, name: str) -> None:
        """Return to an activity, which is as it was, from one that could not show its scene and is still on."""
        if self.activity is not None and left == self.activity.ACTIVITY:
            await self.switch_mode(name)

    def action_command_palette(self) -> None:
        """Every action by its name; on a screen too small for the list, nothing."""
        if not too_small(*self.size):
            from rnntui.ui.screens.once import Palette

            if self.use_command_palette and not any(isinstance(screen, Palette) for screen in self.screen_stack):
                self.push_screen(Palette(id="--command-palette"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette lists: every key's action, and the themes."""
        return commands(self, screen)

    def on_cursor_position(self, _event: events.CursorPosition) -> None:
        """The terminal has drawn everything up to here."""
        if (autoplay := getattr(self.activity, "autoplay", None)) is not None:
            autoplay.answered()

    async def idle(self) -> None:
        """Wait until no question is under way and everything has been painted: for pictures and tests."""
        await self.begun.wait()
        while True:
            under_way = [worker for worker in self.workers if worker.group in ASKING and not worker.is_finished]
            if under_way:
                with suppress(WorkerCancelled):  # by the next question
                    await self.workers.wait_for_complete(under_way)
            for _ in range(REFRESHES):
                settled = asyncio.Event()
                self.screen.call_after_refresh(settled.set)
                with suppress(TimeoutError):  # a screen that is taken away takes its callbacks along
                    await asyncio.wait_for(settled.wait(), SECONDS_TO_REFRESH)
            if all(worker.is_finished for worker in self.workers if worker.group in ASKING):
                return
