"""A screen on which a person changes a training, copies and opens scenes, and writes panes to files."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Final

from textual import work
from textual.widget import Widget

from rnntui.cellname import own_cell
from rnntui.paint import training
from rnntui.scene import FALLBACK, Scene
from rnntui.training.progress import Progress
from rnntui.training.record import Change
from rnntui.training.spec import CharModelSpec
from rnntui.ui.history import Look
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.screens.activity import SECONDS_TO_ASK
from rnntui.ui.screens.changes import copy, open_line, write_pane
from rnntui.ui.screens.training import TrainingScreen
from rnntui.ui.tables import table
from rnntui.ui.trainings import CHANGES

CARRIED: Final = {"copy": copy, "open": open_line}
"""The changes that carry a scene out of the app, or into it."""


class ChoosingScreen(TrainingScreen):
    """Asks what is to be changed, and does it."""

    def __init__(self) -> None:
        super().__init__()
        self.came_with: Look | None = None
        """The scene of the activity that one came from, and goes back to."""
        self.changing = asyncio.Lock()

    async def action_change(self, what: str) -> None:
        """Begin a change; the keys that follow wait until its question is open, so that none goes astray."""
        self.app.asked.clear()
        self.change(what)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.app.asked.wait(), SECONDS_TO_ASK)

    @work(group="change")
    async def change(self, what: str) -> None:
        """Ask for a change, then make it; what cannot be used is said, and nothing is lost."""
        pane = self.focused
        async with self.changing:
            try:
                if what in CARRIED:
                    await self.carried(what)
                elif what == "export":
                    await self.exported(pane)
                else:
                    await self.changed(what)
            except Exception as error:  # noqa: BLE001 - a change that fails is said, and the app goes on
                self.app.say(error)
            finally:
                self.app.asked.set()

    async def changed(self, what: str) -> None:
        """Turn a knob, or choose another training. Raises BadInput for what cannot be used."""
        changed = await CHANGES[what](self.app, self.record)
        if isinstance(changed, Change):
            self.turn(changed)
        elif changed is not None and own_cell(changed.spec.cell) is not None and not changed.spec.equations:
            self.read_cell(changed, self.record.spec)
        elif changed is not None:
            self.choose(changed)

    def choose(self, chosen: Progress) -> None:
        """Train this next."""
        self.record = replace(self.record, spec=chosen.spec, seconds=chosen.seconds)
        if chosen.snapshot is not None:
            self.app.say(f"The next run: {training.planned(chosen)}; r begins it.")

    @work(group="asking-more", exclusive=True)
    async def read_cell(self, chosen: Progress, before: CharModelSpec) -> None:
        """Choose a cell of one's own, named by its path just now, once its file has been run and its equations read.

        A file that is no cell, a cell that cannot learn, and what its process died of is said. Whoever has chosen
        something else meanwhile gets that.
        """
        with self.waiting_for("reading the cell…"):
            spec = await self.answer(self.app.engine.ask("read_cell", chosen.spec))
        if isinstance(spec, CharModelSpec) and self.record.spec == before:
            self.choose(replace(chosen, spec=spec))

    async def carried(self, what: str) -> None:
        """Copy the scene line of the trained weights as they are shown; open one that is pasted. Raises BadInput."""
        scene: object = self.came_with.scene if self.came_with is not None else FALLBACK
        snapshot = self.record.snapshot
        if what == "copy" and snapshot is not None:
            step, unit = self.record.step, self.cursor.unit
            scene = await self.answer(self.app.engine.ask("opened", snapshot.run, step, "explore", unit))
        if isinstance(scene, Scene) and (wanted := await CARRIED[what](self.app, scene)) is not None:
            await self.app.open(wanted)

    async def exported(self, pane: Widget | None) -> None:
        """Write what a pane shows to a file that is asked for. Raises BadInput for one that cannot be written."""
        if isinstance(pane, PaintedPane):
            record, cursor, painting = self.record, self.cursor, pane.painting()
            name = f"{record.spec.title}-{record.step}"
            written = await write_pane(
                self.app, name, pane, lambda shown: table(record, cursor, str(shown.id), painting)
            )
            if written:
                self.app.say(f"Written: {written}")
