"""The curves that were drawn before one looks at a run, from the metrics in the directories of runs. No torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from rnntui.training.curve import Curve, Point, name_of
from rnntui.training.folder import changes, metrics
from rnntui.training.record import Snapshot, knobs_at
from rnntui.training.shelf import beside, spec_of
from rnntui.training.spec import CharModelSpec


def remembered(snapshot: Snapshot) -> tuple[Curve, tuple[Curve, ...]]:
    """The curve of a run up to a snapshot of it, and those that stood beside it when it began."""
    folder = Path(snapshot.run)
    known = ((other, spec_of(other)) for other in beside(folder))
    others = [measured(other, spec) for other, spec in known if spec is not None]
    return measured(folder, snapshot.spec, snapshot.step), tuple(one for one in others if one.validation.size)


def measured(folder: Path, spec: CharModelSpec, before: float = math.inf) -> Curve:
    """The curve of a run up to a step; empty where nothing was measured, or it cannot be read."""
    curve, turned = Curve(name_of(spec), str(folder)), changes(folder)
    for line in metrics(folder):
        step = line.get("step")
        if isinstance(step, int) and step < before:
            curve = curve.through(
                Point(
                    step,
                    _number(line.get("train_bpc")),
                    _number(line.get("gradient_norm")),
                    knobs_at(spec, turned, step).clip,
                    _ratios(line),
                    step,
                    _number(line.get("val_bpc")),
                )
            )
    return curve


def _ratios(line: Mapping[str, object]) -> dict[str, float]:
    found = line.get("update_ratios")
    return {str(name): _number(ratio) for name, ratio in found.items()} if isinstance(found, dict) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
