"""Which activities there are: one screen each, under a digit, loaded when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rnntui.names import COMPARED

if TYPE_CHECKING:
    from textual.screen import Screen

    from rnntui.scene import Scene
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
    question: Callable[[Scene], tuple[object, ...]] | None = None
    """The lab's function that answers for a scene, by its name, and its arguments; None where it shows no scene."""


def _explore() -> ActivityScreen:
    from rnntui.ui.screens.explore import ExploreScreen

    return ExploreScreen()


def _gradients() -> ActivityScreen:
    from rnntui.ui.screens.gradients import GradientsScreen

    return GradientsScreen()


def _train() -> Screen[None]:
    from rnntui.ui.screens.train import TrainScreen

    return TrainScreen()


def _trace(scene: Scene) -> tuple[object, ...]:
    """Everything that happens while the text is read, by one network or by two; which file that was, is asked later."""
    return "lockstep" if scene.versus else "trace", scene, False


def _study(scene: Scene) -> tuple[object, ...]:
    """The scene's gradients, and the curves of the usual cells and its own."""
    return "study", scene, tuple(dict.fromkeys((*COMPARED, scene.cell)))


ACTIVITIES: Final = (
    Activity("explore", "Explore", "1", "Step the text through the cell", _explore, _trace),
    Activity("gradients", "Gradients", "2", "See how the gradient flows back through time", _gradients, _study),
    Activity("train", "Train", "3", "Train a tiny character model, and look inside while it learns", _train),
)


def question(scene: Scene) -> tuple[str, tuple[object, ...]]:
    """What the activity of a scene asks the lab: the name of a function, and its arguments."""
    asks = next(one.question for one in ACTIVITIES if one.name == scene.activity and one.question is not None)
    name, *arguments = asks(scene)
    return str(name), tuple(arguments)
