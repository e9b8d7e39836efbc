"""A screen on which a person changes a training, copies and opens scenes, and writes panes to files."""

from __future__ import annotations

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

    async def changed(self, what: str, pane: Widget | None) -> None:
        """Make one change: copy or open a scene, write a pane, or change the training. Raises BadInput."""
        if what in CARRIED:
            await self.carried(what)
        elif what == "export":
            await self.exported(pane)
        else:
            await self.asked(what)

    async def asked(self, what: str) -> None:
        """Turn a knob, or choose another training. Raises BadInput for what cannot be used."""
        changed = await CHANGES[what](self.app, self.record)
        if isinstance(changed, Change):
            self.turn(changed)
        elif changed is not None and own_cell(changed.spec.cell) is not None and not changed.spec.equations:
            self.read_cell(changed, self.record.spec)
        elif changed is not None:
            self.choose(changed)

    def choose(self, chosen: Progress) -> None:
        """Train this next; at once where the run that waits has not learned anything yet."""
        record = self.record = replace(self.record, spec=chosen.spec, seconds=chosen.seconds)
        if record.state == "paused" and record.snapshot is not None and not record.snapshot.step:
            self.action_rewind()
        elif chosen.snapshot is not None:
            self.app.say(f"The next run: {training.planned(chosen)}; r begins it.")

    @work(group="asking-more", exclusive=True)
    async def read_cell(self, chosen: Progress, before: CharModelSpec) -> None:
        """Choose a cell of one's own, named by its path just now, once its file has been run and its equations read.

        A file that is no cell, a cell that cannot learn, and what its process died of is said. Whoever has chosen
        something else meanwhile gets that.
        """
        with self.waiting_for("reading the cell…"):
            async with self.turn_to_ask():
                spec = await self.answer(self.app.engine.ask("read_cell", chosen.spec))
        if isinstance(spec, CharModelSpec) and self.record.spec == before:
            self.choose(replace(chosen, spec=spec))

    async def carried(self, what: str) -> None:
        """Copy the scene line of the trained weights as they are shown; open one that is pasted. Raises BadInput."""
        scene: object = self.came_with.scene if self.came_with is not None else FALLBACK
        if what == "copy" and self.record.snapshot is not None:
            scene = await self.opened("explore")
        if isinstance(scene, Scene) and (wanted := await CARRIED[what](self.app, scene)) is not None:
            await self.app.open(wanted)

    async def opened(self, activity: str) -> Scene | None:
        """The scene in which an activity looks at the weights as they are shown, or as they were kept last.

        They are those of the moment to which one is on the way.
        """
        async with self.turn_to_ask():
            snapshot, into = self.record.snapshot, self.app.home.openings
            if snapshot is None or into is None:
                return None
            question = self.app.engine.ask("opened", snapshot.run, self.record.step, activity, self.cursor.unit, into)
            scene = await self.answer(question)
            return scene if isinstance(scene, Scene) else None

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
