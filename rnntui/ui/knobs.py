"""What can be turned on the Gradients screen: a knob reads one thing off a scene, and gives the scene with another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from rnntui import inits
from rnntui.errors import counted
from rnntui.scene import LARGEST, Scene

T = TypeVar("T")

RADII: Final = (None, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.5, 2.0)
LENGTHS: Final = (0, 10, 20, 30, 50, 100, 200, 500, 1000)
TRUNCATIONS: Final = (0, 1, 2, 5, 10, 20, 50, 100)
CLIPS: Final = ("", "0.1", "0.5", "1", "5", "10", "value:0.01", "value:0.1", "value:1")
LOSSES: Final = ("last", "mean", "lm", "token:1")
NONLINEARITIES: Final = {"rnn": "tanh", "rnn-relu": "relu"}
"""The cells that differ in nothing else."""


@dataclass(frozen=True)
class Knob:
    """One thing of a scene that can be more or less, or something else."""

    name: str
    label: str
    read: Callable[[Scene], str]
    """Its value in words."""
    turned: Callable[[Scene, int], Scene]
    """The scene with the knob turned up or down by one; the same scene at an end."""
    live: Callable[[Scene], bool] = lambda _scene: True
    """Whether it means anything for the scene."""


def _forget_bias(scene: Scene, by: int) -> Scene:
    return _initialised(scene, "forget-bias", (inits.number(scene.init, "forget-bias") or 0) + by)


def _radius(scene: Scene, by: int) -> Scene:
    now = inits.number(scene.init, "spectral-radius")
    return _initialised(scene, "spectral-radius", _beside(RADII, now, by, lambda one: -1.0 if one is None else one))


def _base(scene: Scene, by: int) -> Scene:
    name = inits.BASES[_held(inits.BASES.index(inits.base(scene.init)) + by, inits.BASES)]
    return _drawn(scene, inits.with_base(scene.init, name))


def _nonlinearity(scene: Scene, by: int) -> Scene:
    cells = list(NONLINEARITIES)
    cell = cells[_held(cells.index(scene.cell) + by, cells)]
    return replace(scene, cell=cell, symbol="") if cell != scene.cell else scene


def _length(scene: Scene, by: int) -> Scene:
    return replace(scene, length=_beside(LENGTHS, scene.length, by, float))


def _truncate(scene: Scene, by: int) -> Scene:
    steps = _beside(TRUNCATIONS, scene.truncate, by, float)
    return replace(scene, truncate=steps, every=scene.every if steps else 0)


def _clip(scene: Scene, by: int) -> Scene:
    return replace(scene, clip=_beside(CLIPS, scene.clip, by, _limit))


def _loss(scene: Scene, by: int) -> Scene:
    """The loss beside it; a token of one's own is the last, where token:1 is else."""
    losses = LOSSES if scene.loss in LOSSES else (*LOSSES[:-1], scene.loss)
    return replace(scene, loss=losses[_held(losses.index(scene.loss) + by, losses)])


def _seed(scene: Scene, by: int) -> Scene:
    seed = min(max(scene.seed + by, 0), LARGEST["seed"])
    return _drawn(replace(scene, seed=seed), scene.init) if seed != scene.seed else scene


def _initialised(scene: Scene, name: str, value: float | None) -> Scene:
    return _drawn(scene, inits.with_number(scene.init, name, value))


def _drawn(scene: Scene, init: str) -> Scene:
    """The scene with its weights drawn, not read from a file."""
    return replace(scene, init=init, weights="", weights_sha256="", readout="")


def _limit(clip: str) -> float:
    """Where a clip stands among others: off, the limits of the norm, then those of each number."""
    by, _, number = clip.rpartition(":")
    return float(number or 0) + (1e9 if by else 0)


def _held(place: int, among: Sequence[object]) -> int:
    return min(max(place, 0), len(among) - 1)


def _beside(values: Sequence[T], now: T, by: int, size: Callable[[T], float]) -> T:
    """The next larger or smaller one of some values that rise; `now` need not be among them."""
    larger = [one for one in values if size(one) > size(now)]
    smaller = [one for one in values if size(one) < size(now)]
    if by > 0:
        return larger[0] if larger else now
    return smaller[-1] if smaller else now


def _said_number(init: str, name: str) -> str:
    value = inits.number(init, name)
    return "torch's" if value is None else f"{value:g}"


def _said_steps(count: int) -> str:
    return counted(count, "step") if count else "off"


FORGET_BIAS: Final = Knob(
    "forget-bias", "forget bias", lambda scene: _said_number(scene.init, "forget-bias"), _forget_bias
)
KNOBS: Final = (
    FORGET_BIAS,
    Knob("spectral-radius", "spectral radius", lambda scene: _said_number(scene.init, "spectral-radius"), _radius),
    Knob("init", "recurrent weights", lambda scene: inits.base(scene.init), _base),
    Knob(
        "nonlinearity",
        "nonlinearity",
        lambda scene: NONLINEARITIES.get(scene.cell, "the gates'"),
        _nonlinearity,
        lambda scene: scene.cell in NONLINEARITIES,
    ),
    Knob("length", "length T", lambda scene: str(scene.length) if scene.length else "the text's", _length),
    Knob("truncate", "truncate after", lambda scene: _said_steps(scene.truncate), _truncate),
    Knob("loss", "loss", lambda scene: scene.loss, _loss),
    Knob("clip", "clip at", lambda scene: scene.clip or "off", _clip),
    Knob("seed", "seed", lambda scene: str(scene.seed), _seed),
)
"""In the order in which they stand on the screen."""
