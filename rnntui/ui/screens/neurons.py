"""The part of a screen that trains which looks at single units: which one follows what, and what a learner marks."""

from __future__ import annotations

from collections.abc import Callable
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
        self.look(lambda found: found, 1)

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

    def look(self, choice: Choice, symbols_on: int = 0) -> None:
        """Show what the units do on a text by now, and go to the one that follows the chosen property.

        They are looked at by their hidden state, or the symbol that was looked at before, or so many after that.
        """
        snapshot = self.record.snapshot
        if snapshot is not None:
            self.board.go("neuron")
            self.record = replace(self.record, asked=True)
            self.receive_neurons(snapshot.run, choice, symbols_on)

    @work(group="asking")
    async def receive_neurons(self, run: str, choice: Choice, symbols_on: int) -> None:
        """Show what the units do at the moment to which one is on the way, unless another run has begun; marks stay."""
        async with self.turn_to_ask():
            found: object = self.record.neurons
            at = max((step for step in self.record.kept if step <= self.record.step), default=0)
            symbol = self.symbol(symbols_on)
            if self.shows(run) and not (isinstance(found, Neurons) and (found.step, found.symbol) == (at, symbol)):
                found = await self.answer(self.app.engine.ask("neurons", run, at, symbol))
            before = self.record.neurons
            self.record = replace(self.record, asked=False)
            if isinstance(found, Neurons) and self.shows(run):
                self.take(choice(before.again(found) if before is not None else found))

    def shows(self, run: str) -> bool:
        """Whether this run is still the one that is looked at."""
        return self.record.snapshot is not None and self.record.snapshot.run == run

    def symbol(self, on: int) -> str:
        """The state or gate by which the units are looked at, or so many after it; before any, the hidden state."""
        found, reading = self.record.neurons, self.record.reading
        if not on or reading is None:
            return found.symbol if found is not None else reading.state if reading is not None else "h"
        symbols = list(reading.layers[-1])
        here = symbols.index(found.symbol) if found is not None else -1
        return symbols[(here + on) % len(symbols)]

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
