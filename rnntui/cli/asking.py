"""Who computes for a command: the lab in this process or, for a learner's own cell, a process that may break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnntui.engine.client import Asker
    from rnntui.scene import Scene
    from rnntui.training.spec import CharModelSpec

Ask = Callable[..., object]
"""(the name of a lab function, its arguments) to its answer."""


@contextmanager
def asking(scene: Scene) -> Iterator[Ask]:
    """Whom to ask about a scene, until the command is done.

    Asking raises BadInput also where an own cell takes too long or ends its process.
    """
    from rnntui.versus import own_cells

    if not own_cells(scene):
        from rnntui import lab
        from rnntui.cli.threads import one_thread

        one_thread()
        yield lambda name, *arguments: getattr(lab, name)(*arguments)
        return

    with engine_for(scene) as engine:
        yield partial(answer, engine, scene)


def adopted(spec: CharModelSpec) -> CharModelSpec:
    """The spec with the equations of a learner's own cell, whose file is run in a process of its own.

    Raises BadInput as `lab.read_cell` does, and where the file breaks its process off.
    """
    from rnntui.cellname import own_cell
    from rnntui.scene import Scene
    from rnntui.training.spec import CharModelSpec

    if own_cell(spec.cell) is None:
        return spec
    with asking(Scene(cell=spec.cell)) as ask:
        found = ask("read_cell", spec)
    assert isinstance(found, CharModelSpec)
    return found


def answer(engine: Asker, scene: Scene, name: str, *arguments: object) -> object:
    """What an engine answers about a scene. Raises BadInput also where the scene's cell breaks its process off."""
    from rnntui.engine.faults import Overdue, WorkerDied
    from rnntui.errors import BadInput

    try:
        return engine.ask(name, *arguments).result()
    except (Overdue, WorkerDied) as error:
        raise BadInput(f"{scene.cell_title}: {error}") from None


@contextmanager
def engine_for(scene: Scene) -> Iterator[Asker]:
    """An engine that computes in this process or, for an own cell, in a child."""
    from rnntui.engine.worker import InlineEngine
    from rnntui.versus import own_cells

    if not own_cells(scene):
        with InlineEngine() as inline:
            yield inline
        return
    from rnntui.engine.client import Engine
    from rnntui.home import find

    with Engine(log=find().log_file) as engine:
        yield engine
