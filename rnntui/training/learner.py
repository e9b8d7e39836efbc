"""A model in the middle of its training: what one update is, and all that must be kept to go on from here."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from rnntui.core.initial import generator
from rnntui.models.charmodel import CharModel, Shape, initial, layer_of
from rnntui.training.adamw import AdamW
from rnntui.training.data import VALIDATION_STEPS, Place, Stream, Text, side_by_side
from rnntui.training.record import Knobs
from rnntui.training.spec import CharModelSpec

HOPELESS: Final = 10.0
"""How many times as bad as guessing blindly a loss may be."""
SOUND: Final = 1.5
"""How many times as bad the loss of a model may be that is worth going back to."""
TINY: Final = 1e-24
"""Added to a squared norm that may be 0."""


class Exploded(ArithmeticError):
    """A model that an update has ruined, as its loss shows; or one that was hopeless before the first."""

    def __init__(self, step: int, loss: float, norm: float, rate: float) -> None:
        self.step = step
        """At which it was seen; 0 where the initial weights are at fault, so that no learning rate helps."""
        seen = f"the loss was {loss:.3g} and the gradient norm {norm:.3g}"
        if not step:
            self.sentence = (
                f"The training cannot begin: with the initial weights {seen}. No learning rate helps; begin again with "
                "another initialisation."
            )
        else:
            self.sentence = (
                f"Training exploded at step {step:,}: {seen}. A step so large leaves the region in which the gradient "
                f"means anything; lower the learning rate ({rate:.3g}) or clip the gradient."
            )
        super().__init__(self.sentence)


@dataclass(frozen=True)
class Update:
    """What one update was like."""

    loss: float
    """Nats per character, before it."""
    norm: float
    """Of the gradient, before clipping."""
    rate: float
    """The learning rate."""
    characters: int
    ratios: Mapping[str, float]
    """Layer → the norm of the update of its parameters against their own; empty unless asked for."""


def shape_of(spec: CharModelSpec, characters: Sequence[str]) -> Shape:
    """How large the model of a spec is that knows these characters."""
    return Shape(spec.cell, spec.hidden, spec.layers, spec.embedding, spec.tied, len(characters), spec.equations)


class Learner:
    """Parameters, optimizer, carried states and the place in the text."""

    def __init__(self, spec: CharModelSpec, text: Text) -> None:
        self.spec = spec
        shape = shape_of(spec, text.characters)
        made = initial(shape, text.characters, spec.seed, spec.init)
        self._adam = AdamW(made, spec.weight_decay)
        self.parameters = self._adam.parameters
        self.model = CharModel(shape, self.parameters)
        self.step = 0
        self.place = Place()
        self._validation = text.validation
        self._stream = Stream(text.training, spec.batch, spec.sequence, spec.seed)
        self._states = self.model.start(self._stream.rows)
        self._source = generator(spec.seed, "dropout")

    @property
    def rows(self) -> int:
        """B, how many rows of text are read side by side."""
        return self._stream.rows

    @property
    def blind(self) -> float:
        """Nats per character of guessing blindly: about what initial weights do."""
        return math.log(self.model.shape.characters + 1)

    def update(self, knobs: Knobs, *, watched: bool = False) -> Update:
        """Read on, and change the parameters against the gradient; `watched` also measures by how much.

        Raises Exploded before anything is changed where the loss or the gradient is no longer of use: then it is the
        update before that has ruined the model.
        """
        x, y, goes_on, place = self._stream.read(self.place, knobs.sequence)
        states = self._states if goes_on else self.model.start(self.rows)
        logits, states = self.model.read(x, states, self.spec.dropout, self._source)
        loss = cross_entropy(logits.flatten(0, 1), y.flatten())
        norm = self._adam.gradient(loss)
        rate = self.spec.rate(self.step + 1, knobs.learning_rate)
        found = loss.item()
        if not (math.isfinite(norm) and found < HOPELESS * self.blind):
            raise Exploded(self.step and self.step + 1, found, norm, rate)
        before = {name: values.detach().clone() for name, values in self.parameters.items()} if watched else {}
        self._adam.clip(norm, knobs.clip or math.inf)
        self._adam.update(self.step + 1, rate)
        self._states = tuple(state.detach() for state in states)
        self.place = place
        self.step += 1
        return Update(found, norm, rate, x.numel(), self._ratios(before))

    @torch.inference_mode()
    def validate(self, most: int | None = None) -> float:
        """Nats per character of the validation text, or of its first `most` characters; each row's first is given."""
        table = side_by_side(self._validation[:most])
        states, total = self.model.start(table.shape[1]), 0.0
        pieces = (torch.split(one, VALIDATION_STEPS) for one in (table[:-1], table[1:]))
        for x, y in zip(*pieces, strict=True):
            logits, states = self.model.read(x, states)
            total += cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum").item()
        return total / table[1:].numel()

    def tensors(self) -> dict[str, Tensor]:
        """Everything that is needed to go on, by name; the parameters under theirs."""
        found = {name: values.detach() for name, values in self.parameters.items()}
        found |= {"optimizer.first": self._adam.first, "optimizer.second": self._adam.second}
        found |= {f"state.{place}": state for place, state in enumerate(self._states)}
        found["random"] = self._source.get_state()
        return {name: values.clone() for name, values in found.items()}

    def restore(self, tensors: Mapping[str, Tensor], step: int, place: Place) -> None:
        """Go on from what `tensors` gave, at this step and place.

        Raises KeyError for a tensor that is missing, and RuntimeError or TypeError for one that is of another model.
        """
        with torch.no_grad():
            moments = {"optimizer.first": self._adam.first, "optimizer.second": self._adam.second}
            for name, values in {**self.parameters, **moments}.items():
                values.copy_(tensors[name].view(values.shape))
        self._states = tuple(tensors[f"state.{number}"] for number in range(len(self._states)))
        self._source.set_state(tensors["random"])
        self.step, self.place = step, place

    def _ratios(self, before: Mapping[str, Tensor]) -> dict[str, float]:
        """Layer → ‖Δw‖ / ‖w‖, all parameters of the layer as one vector w."""
        moved, size = defaultdict[str, float](float), defaultdict[str, float](float)
        with torch.no_grad():
            for name, old in before.items():
                moved[layer_of(name)] += (self.parameters[name] - old).norm().item() ** 2
                size[layer_of(name)] += old.norm().item() ** 2
        return {layer: math.sqrt(moved[layer] / (size[layer] + TINY)) for layer in size}
