"""Which activities there are: one screen each, under a digit, loaded when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.screen import Screen

    from rnntui.ui.screens.activity import ActivityScreen


@dataclass(frozen=True)
class Activity:
    """One thing that can be done with a scene, and the screen for it."""

    name: str
    """As scenes say it."""
    title: str
    key: str
    tooltip: str
    load: Callable[[], Screen[None]]
    """Makes its screen; numpy and the painters come with it."""


def _explore() -> ActivityScreen:
    from rnntui.ui.screens.explore import ExploreScreen

    return ExploreScreen()


def _gradients() -> ActivityScreen:
    from rnntui.ui.screens.gradients import GradientsScreen

    return GradientsScreen()


def _train() -> Screen[None]:
    from rnntui.ui.screens.train import TrainScreen

    return TrainScreen()


ACTIVITIES: Final = (
    Activity("explore", "Explore", "1", "Step the text through the cell", _explore),
    Activity("gradients", "Gradients", "2", "See how the gradient flows back through time", _gradients),
    Activity("train", "Train", "3", "Train a tiny character model, and look inside while it learns", _train),
)
