"""The curve that a run drew before it is looked at, from the metrics in its directory. No torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rnntui.training.curve import Curve
from rnntui.training.folder import changes, metrics
from rnntui.training.record import Snapshot, knobs_at


def remembered(folder: Path, snapshot: Snapshot) -> Curve:
    """The curve of a run up to a snapshot of it; empty where nothing was measured, or it cannot be read."""
    curve, then, turned = Curve(), replace(snapshot, val_loss=math.nan, notices=()), changes(folder)
    for line in metrics(folder):
        step = line.get("step")
        if isinstance(step, int) and step < snapshot.step:
            loss, val_loss = _nats(line.get("train_bpc")), _nats(line.get("val_bpc"))
            then = replace(then, step=step, train_loss=loss, gradient_norm=_number(line.get("gradient_norm")))
            then = replace(then, knobs=knobs_at(then.spec, turned, step), update_ratios=_ratios(line))
            if math.isfinite(val_loss):
                then = replace(then, val_loss=val_loss, val_step=step)
            curve = curve.longer(then)
    return curve


def _ratios(line: Mapping[str, object]) -> dict[str, float]:
    found = line.get("update_ratios")
    return {str(name): _number(ratio) for name, ratio in found.items()} if isinstance(found, dict) else {}


def _nats(bits: object) -> float:
    return _number(bits) * math.log(2)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
