"""The part of a screen that trains which looks at single units: which one follows what, and what a learner marks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from textual import work

from rnntui.paint import neuron
from rnntui.scene import Cursor
from rnntui.training.neurons import Marking, Neurons
from rnntui.ui.panes.painted import PaintedPane
from rnntui.ui.panes.train_board import TrainBoard
from rnntui.ui.screens.choosing import ChoosingScreen

Choice = Callable[[Neurons], Neurons]
"""What is wanted of the units once it is known what they do."""


class NeuronsScreen(ChoosingScreen):
    """Finds the unit that follows a property of a text, among them one that the learner marks."""

    @property
    def board(self) -> TrainBoard:
        """The panes that share the middle of the screen."""
        return self.query_one(TrainBoard)

    @property
    def looking(self) -> bool:
        """Whether the pane of one unit has the focus and shows a text."""
        return self.record.neurons is not None and self.focused is not None and self.focused.id == "neuron"

    @property
    def marking(self) -> bool:
        """Whether the arrows move the hand that marks."""
        return self.looking and self.record.neurons is not None and self.record.neurons.marking.active

    @property
    def has_marks(self) -> bool:
        """Whether there are marks, or the hand that makes them, where one looks."""
        found = self.record.neurons
        return found is not None and self.looking and (found.marking.active or bool(found.marking.stretches))

    def action_feature(self) -> None:
        """Go to the unit that follows the next property."""
        self.look(lambda found: found.choosing(found.chosen + (self.record.neurons is not None)))

    def action_symbol(self) -> None:
        """Look at the next state or gate of the units."""
        found, reading = self.record.neurons, self.record.reading
        if reading is not None:
            symbols = list(reading.layers[-1])
            here = symbols.index(found.symbol) if found is not None else -1
            self.look(lambda found: found, symbols[(here + 1) % len(symbols)])

    def action_mark(self) -> None:
        """Take the hand that marks; begin a stretch; end it, and go to the unit that follows what is marked."""
        found = self.record.neurons
        if found is None:
            self.look(lambda found: found.marked(found.marking.pressed()))
            return
        self.board.go("neuron")
        self.mark(found.marking.pressed())

    def action_marked(self) -> None:
        """Put the hand away; the marks stay."""
        if self.marking and self.record.neurons is not None:
            self.mark(self.record.neurons.marking.left())

    def mark(self, marking: Marking) -> None:
        """Show other marks; where a stretch has ended, see which unit follows them by now."""
        found = self.record.neurons
        if found is not None:
            self.record = replace(self.record, neurons=found.marked(marking))
            if marking.stretches != found.marking.stretches and marking.stretches:
                self.look(lambda found: found)

    def forget_marks(self) -> bool:
        """Take all marks away and the hand; whether there were any."""
        there = self.has_marks
        if there:
            self.mark(Marking())
        return there

    def move_hand(self, what: str, by: int) -> None:
        """The hand that marks goes to another character, or another line."""
        found = self.record.neurons
        if found is not None:
            self.mark(replace(found.marking, at=self.reached(found, what, by)))

    def reached(self, found: Neurons, what: str, by: int) -> int:
        """The character to which the hand gets."""
        at, pane = found.marking.at, self.query_one("#neuron", PaintedPane)
        if what == "unit":
            return neuron.beside(neuron.laid_out(found.text, pane.canvas.room(pane)[0]), at, by)
        return min(max(at + by * (what == "t"), 0), len(found.text) - 1)

    def ranked(self, here: Cursor, by: int) -> Cursor:
        """The unit that follows the chosen property next more or less closely than this one."""
        found = self.record.neurons
        assert found is not None
        order = found.ranked(found.chosen)
        place = order.index(min(here.unit, len(order) - 1)) + by
        return replace(here, unit=order[min(max(place, 0), len(order) - 1)])

    def look(self, choice: Choice, symbol: str = "") -> None:
        """Show what the units do on a text by now, and go to the one that follows the chosen property.

        They are looked at by their hidden state, or the symbol that was looked at before.
        """
        record = self.record
        state = record.reading.state if record.reading is not None else "h"
        symbol = symbol or (record.neurons.symbol if record.neurons is not None else state)
        if record.snapshot is None:
            return
        self.board.go("neuron")
        at = max((step for step in record.kept if step <= record.step), default=0)
        if record.neurons is not None and (record.neurons.step, record.neurons.symbol) == (at, symbol):
            self.take(choice(record.neurons))
        elif not record.asked:
            self.record = replace(record, asked=True)
            run = record.snapshot.run
            self.receive_neurons(self.app.engine.ask("neurons", run, at, symbol), run, choice)

    @work(group="asking", exclusive=True)
    async def receive_neurons(self, question: Future[object], run: str, choice: Choice) -> None:
        """Show what the units do once it is there, unless another run has begun; marks stay."""
        found = await self.answer(question)
        self.record = replace(self.record, asked=False)
        snapshot, before = self.record.snapshot, self.record.neurons
        if isinstance(found, Neurons) and snapshot is not None and snapshot.run == run:
            self.take(choice(before.again(found) if before is not None else found))

    def take(self, found: Neurons) -> None:
        """Show the units, and go to the one that follows the chosen property most closely.

        At another symbol, and where none can follow it, stay.
        """
        before = self.record.neurons
        self.record = replace(self.record, neurons=found)
        layer = self.record.snapshot.spec.layers - 1 if self.record.snapshot is not None else 0
        stays = bool(found.absence(found.chosen)) or (before is not None and before.symbol != found.symbol)
        unit = self.cursor.unit if stays else found.ranked(found.chosen)[0]
        self.cursor = self.record.clamp(replace(self.cursor, layer=layer, unit=unit))
