"""Snapshots as a training makes them, made up: for what is painted, and for screens without a training."""

import math
from dataclasses import replace

import numpy as np

from rnntui.training.features import FEATURES, correlations
from rnntui.training.neurons import Neurons
from rnntui.training.record import Knobs, Reading, Sample, Snapshot
from rnntui.training.spec import CharModelSpec

TEXT = 'Say "hi".'
CHARACTERS = tuple('\n abeghinrsty".S')
SPEC = CharModelSpec(hidden=6, embedding=4, steps=200)
SYMBOLS = ("i", "f", "g", "o", "c", "h")


def reading(step=0, text=TEXT, hidden=6, layers=1):
    source = np.random.default_rng(step)
    values = tuple(
        {symbol: source.uniform(-1, 1, (len(text), hidden)).astype(np.float32) for symbol in SYMBOLS}
        for _ in range(layers)
    )
    scores = np.exp(source.normal(0, 1.5, (len(text), len(CHARACTERS))))
    return Reading(text, values, scores / scores.sum(1, keepdims=True), CHARACTERS)


def sample(text="This is a text\nit wrote", prime="\n", copied=4):
    return Sample(prime, text, tuple(place < copied for place in range(len(text))))


def neurons(step=0, text=TEXT, hidden=6):
    """Unit 4 is the opposite of being inside quotes, the others are noise."""
    units = np.random.default_rng(step).uniform(-1, 1, (len(text), hidden))
    units[:, 4] = -np.array(FEATURES["inside quotes"](text))
    return Neurons(step, text, units, tuple(FEATURES), correlations(text, units))


def snapshot(step=0, bits=6.0, run="", **changes):
    known = Snapshot(
        spec=SPEC,
        run=run,
        knobs=Knobs.of(SPEC),
        step=step,
        seconds=step / 10,
        characters_per_second=12_345.0 if step else 0.0,
        train_loss=bits * math.log(2) if step else math.nan,
        val_loss=bits * math.log(2),
        val_step=step,
        gradient_norm=1.5 if step else math.nan,
        learning_rate=0.01,
        update_ratios={},
        baselines={1: 4.5, 2: 3.5, 3: 2.5},
        parameters=1234,
        sample=sample(),
        reading=reading(step),
        kept=(0, 16, 24) if run else (),
    )
    return replace(known, **changes)
