"""What the Train screen looks like in the middle of a real training, drawn from stored records.

The first picture is the README's.
"""

from dataclasses import replace

import numpy as np
import pytest

from rnntui.core.store import from_npz
from rnntui.scene import FALLBACK
from rnntui.training.features import FEATURES, correlations
from tests.ui.pictures import DRAW, Stored, looks_as_approved, named, record
from tests.ui.stored import found, keep

STRETCH = 640
"""Characters of the text that the neuron view reads here."""
SHARE = 0.7
"""Of its steps, that the run has made."""

MARK = ("m", *["down"] * 3, "m", *["right"] * 11, "m", "enter")
PICTURES = [
    ("train", (120, 36), "dark", ()),
    ("train", (80, 24), "dark", ()),
    ("train", (200, 50), "dark", ("f", "f")),
    ("train-norm", (120, 36), "light", ("p", "right", "right")),
    ("train-ratio", (80, 24), "light", ("p", "p", "p")),
    ("train-past", (120, 36), "dark", ("less_than_sign", "p", "p")),
    ("train-neuron", (120, 36), "dark", ("f", "f", "f")),
    ("train-mark", (120, 36), "contrast", MARK[:-1]),
    ("train", (60, 16), "dark", ("p", "p")),
]


def slim(values):
    """As it is kept: half the digits are as good in a picture."""
    return np.asarray(values, dtype=np.float16)


def slim_reading(reading):
    layers = tuple({symbol: slim(one) for symbol, one in layer.items()} for layer in reading.layers)
    return replace(reading, layers=layers, chances=slim(reading.chances))


def draw_records(folder):
    """Train for real: first a vanilla net to the end, then the LSTM of a minute, up to its middle."""
    import time
    from types import SimpleNamespace

    import torch

    from rnntui.training import past, session
    from rnntui.training.loop import train
    from rnntui.training.progress import Progress
    from rnntui.training.spec import preset

    torch.set_num_threads(1)
    session.time = SimpleNamespace(perf_counter=time.process_time)  # other processes' share is not its own
    past.STRETCH = STRETCH
    progress = Progress()
    for seconds, share in ((10, 1), (60, SHARE)):
        spec = preset(seconds)
        progress = replace(progress.beginning(), spec=spec, seconds=seconds)
        training = train(spec, folder / str(seconds))
        for snapshot in training:
            progress = progress.shown(snapshot, paused=False)
            if snapshot.step >= share * spec.steps:
                break
        training.close()
    last = progress.snapshot
    early = past.looked_back(last.run, 60, last.knobs)
    units = past.neurons(last.run, last.step, "h")
    known = replace(last, run="a-run", reading=slim_reading(last.reading), notices=())
    keep(replace(progress, snapshot=known), record("train-progress"))
    keep(replace(early, reading=slim_reading(early.reading)), record("train-past"))
    keep(replace(units, units=slim(units.units)), record("train-neurons"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    if DRAW == "train":
        draw_records(tmp_path_factory.mktemp("runs"))
    return Stored(
        trace=lambda: from_npz(record("lstm")),
        looked_back=lambda: found(record("train-past")),
        neurons=lambda: found(record("train-neurons")),
    )


def in_the_middle(app):
    """Show the stored training as if it went on."""
    app.activity.record = found(record("train-progress"))


@pytest.mark.parametrize(("name", "size", "theme", "keys"), PICTURES)
async def test_the_screen_looks_as_it_was_approved(name, size, theme, keys, engine, monkeypatch):
    moves = ("3", in_the_middle, *keys)
    await looks_as_approved(named(name, size, theme), engine, FALLBACK, size, theme, moves, monkeypatch)


def test_the_stored_records_are_those_of_one_real_training():
    progress, early, units = (found(record(f"train-{name}")) for name in ("progress", "past", "neurons"))
    curve, last = progress.curve, progress.snapshot
    assert curve.steps[-1] == last.step == units.step >= SHARE * last.spec.steps
    assert early.step < 100 < last.step
    assert curve.training[-1] == pytest.approx(last.train_bpc, rel=1e-5)
    assert curve.validation[0] > curve.validation[-1] == pytest.approx(last.val_bpc, rel=1e-5)
    assert set(curve.ratios) == set(last.update_ratios) == {"embedding", "layer 0", "read-out"}
    assert early.reading.text == last.reading.text
    assert last.reading.chances.sum(1) == pytest.approx(1, abs=0.01)
    assert units.features == tuple(FEATURES)
    np.testing.assert_allclose(units.correlations, correlations(units.text, units.units), atol=0.01)
