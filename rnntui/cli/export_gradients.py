"""Gradients as JSON or CSV; the contract of `rnntui grad`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import IO

from rnntui.cli.export import COMPACT, Fill, inputs, matrix, number, refuse_large_inputs, row, table
from rnntui.core.flow import Curve, Gradients, PassGradients
from rnntui.scene import parse


def as_json(found: Gradients, curve: Curve, scene: str) -> Fill:
    """One object, ASCII only, non-finite numbers as strings; `dh` and the three after it are the last layer's forward.

    Raises BadInput when the input vectors, written out, would fill the disk.
    """
    refuse_large_inputs(found.trace)

    def fill(stream: IO[bytes]) -> None:
        for piece in _json(found, curve, scene):
            stream.write(piece.encode("ascii"))

    return fill


def as_csv(found: Gradients, show: Callable[[str], str] = str) -> Fill:
    """One line a value: t, token, layer, direction, symbol, unit, gradient, below a header; UTF-8.

    `show` is applied to the tokens, for a terminal that must not be moved by them.
    """

    def lines() -> Iterator[tuple[object, ...]]:
        for place, token in enumerate(found.trace.tokens):
            for one in found.passes:
                for symbol, gradients in one.total.items():
                    for unit, value in enumerate(map(str, gradients[place])):
                        yield place + 1, show(token), one.layer, one.direction, symbol, unit, value

    return table(("t", "token", "layer", "direction", "symbol", "unit", "gradient"), lines)


def _json(found: Gradients, curve: Curve, scene: str) -> Iterator[str]:
    tokens = ",".join(map(json.dumps, found.trace.tokens))
    yield f'{{"scene":{json.dumps(scene)},"tokens":[{tokens}],"inputs":'
    yield from matrix(inputs(found.trace))
    yield f',"loss":{json.dumps(found.loss)},"loss_value":{_said(found.loss_value)},'
    yield from _states(found.top, curve)
    yield ',"passes":['
    for place, one in enumerate(found.passes):
        yield f'{"," if place else ""}{{"layer":{one.layer},"direction":{json.dumps(one.direction)},'
        yield from _states(one, curve)
        yield "}"
    norms = {one.name: number(one.norm) for one in found.weights}
    yield f'],"weight_grad_norms":{_said(norms)},"clip":{_said(_clip(found))}'
    half_life = curve.half_life
    yield f',"half_life_steps":{_said(half_life)},"saliency":[{row(found.saliency.norms)}]'
    yield f',"truncated":{_said(_truncated(found))}'
    if found.readout:
        yield ',"readout":{"weight":'
        yield from matrix(map(row, found.readout["weight"]))
        yield f',"bias":[{row(found.readout["bias"])}]}}'
    yield "}\n"


def _states(one: PassGradients, curve: Curve) -> Iterator[str]:
    """The gradients of h and of the memory beside it, c; null for a cell without one."""
    h, memory = curve.states[0], curve.memory
    c = None if memory == h else memory
    for place, (key, state) in enumerate((("dh", h), ("dc", c))):
        yield f'{"," if place else ""}"{key}":'
        if state is None:
            yield "null"
        else:
            yield from matrix(map(row, one.total[state]))
    yield f',"dh_norm":[{row(one.norms(h))}],"dc_norm":{f"[{row(one.norms(c))}]" if c else "null"}'


def _clip(found: Gradients) -> Mapping[str, object] | None:
    clipped = found.clipped
    if clipped is None:
        return None
    parts = {name: [number(before), number(after)] for name, (before, after) in clipped.parts.items()}
    return {
        "by": clipped.by,
        "limit": clipped.limit,
        "before": number(clipped.before),
        "after": number(clipped.after),
        "angle": number(clipped.angle),
        "parts": parts,
    }


def _truncated(found: Gradients) -> Mapping[str, object] | None:
    """k2 and k1, the steps that the loss reaches, and the share of the gradient that is dropped."""
    scene = parse(found.trace.scene)
    if not scene.truncate:
        return None
    return {
        "truncate": scene.truncate,
        "every": scene.every or scene.truncate,
        "reached": found.reached.tolist(),
        "dropped": number(found.dropped),
    }


def _said(value: object) -> str:
    return json.dumps(number(value) if isinstance(value, float) else value, allow_nan=False, separators=COMPACT)
