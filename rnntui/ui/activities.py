"""Which activities there are: one screen each, under a digit, loaded when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rnntui.ui.screens.activity import ActivityScreen


@dataclass(frozen=True)
class Activity:
    """One thing that can be done with a scene, and the screen for it."""

    name: str
    """As scenes say it."""
    title: str
    key: str
    tooltip: str
    load: Callable[[], ActivityScreen]
    """Makes its screen; numpy and the painters come with it."""


def _explore() -> ActivityScreen:
    from rnntui.ui.screens.explore import ExploreScreen

    return ExploreScreen()


def _gradients() -> ActivityScreen:
    from rnntui.ui.screens.gradients import GradientsScreen

    return GradientsScreen()


ACTIVITIES: Final = (
    Activity("explore", "Explore", "1", "Step the text through the cell", _explore),
    Activity("gradients", "Gradients", "2", "See how the gradient flows back through time", _gradients),
)
