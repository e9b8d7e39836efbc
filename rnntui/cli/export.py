"""A trace as JSON, CSV or NPZ, written as it goes, so that a long text never stands in memory twice.

Every number is the shortest that reads back as the same float32 or float64.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import IO

import numpy as np

from rnntui.core.provenance import Explanation, Ref
from rnntui.core.trace import Array, Readout, Trace
from rnntui.errors import BadInput, counted

Fill = Callable[[IO[bytes]], None]
COMPACT = (",", ":")
MOST = 2**26
"""How many numbers the input vectors in a JSON may have; one-hot ones are as long as the vocabulary."""
TOP = 10
"""How many of the most probable tokens of a step are listed."""
NOT_FINITE = {"inf": '"inf"', "-inf": '"-inf"', "nan": '"nan"'}


def as_json(trace: Trace, scene: str, explanation: Explanation | None = None, second: Trace | None = None) -> Fill:
    """The contract of `rnntui step --format json`: one object, ASCII only, non-finite numbers as strings.

    What stands beside the trace is another such object, under "versus"; a difference of two says "difference": true.

    Raises BadInput when the input vectors, written out, would fill the disk.
    """
    refuse_large_inputs(trace)

    def fill(stream: IO[bytes]) -> None:
        for piece in _json(trace, scene, explanation, second):
            stream.write(piece.encode("ascii"))

    return fill


def refuse_large_inputs(trace: Trace) -> None:
    """Raise BadInput for input vectors that are too many numbers for a JSON."""
    size, steps = trace.inputs.size, trace.steps
    if steps * size > MOST:
        raise BadInput(
            f"The JSON would hold {steps * size:,} input numbers ({counted(steps, 'step')} x "
            f"{counted(size, 'different token')}), more than {MOST:,}; use --format csv or npz, or --inputs random."
        )


def as_csv(trace: Trace, show: Callable[[str], str] = str) -> Fill:
    """One line a value: t, token, layer, direction, symbol, unit, value, below a header; UTF-8.

    `show` is applied to the tokens, for a terminal that must not be moved by them.
    """

    def lines() -> Iterator[tuple[object, ...]]:
        for place, token in enumerate(trace.tokens):
            for one in trace.passes:
                for symbol, values in one.values.items():
                    for unit, value in enumerate(map(str, values[place])):
                        yield place + 1, show(token), one.layer, one.direction, symbol, unit, value

    return table(("t", "token", "layer", "direction", "symbol", "unit", "value"), lines)


def table(header: tuple[str, ...], lines: Callable[[], Iterable[tuple[object, ...]]]) -> Fill:
    """Lines of values as CSV below a header, in UTF-8."""

    def fill(stream: IO[bytes]) -> None:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
        try:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(lines())
            text.flush()
        finally:
            text.detach()

    return fill


def as_npz(trace: Trace, scene: str) -> Fill:
    """The whole record: arrays by name and what they mean as JSON; see `core.store`, which reads it back."""
    from rnntui.core.store import to_npz

    return lambda stream: to_npz(trace, stream, scene=scene)


def _json(
    trace: Trace, scene: str, explanation: Explanation | None, second: Trace | None = None, end: str = "}\n"
) -> Iterator[str]:
    tokens = ",".join(map(json.dumps, trace.tokens))
    yield f'{{"scene":{json.dumps(scene)},"cell":{json.dumps(trace.cell)},"tokens":[{tokens}],"inputs":'
    yield from matrix(inputs(trace))
    symbols = [
        {"name": one.symbol, "formula": one.formula(), "meaning": one.meaning, "line": one.line}
        for one in trace.equations
    ]
    yield f',"symbols":{json.dumps(symbols, separators=COMPACT)},"passes":['
    for number, one in enumerate(trace.passes):
        yield f'{"," if number else ""}{{"layer":{one.layer},"direction":{json.dumps(one.direction)},"values":{{'
        for place, (symbol, values) in enumerate(one.values.items()):
            yield f"{',' if place else ''}{json.dumps(symbol)}:"
            yield from matrix(map(row, values))
        yield "}}"
    yield "],"
    if trace.minus is not None:
        yield '"difference":true,'
    yield '"output":'
    yield from matrix(map(row, trace.output))
    if trace.readout is not None:
        yield from _readout(trace.readout)
    if explanation is not None:
        yield f',"why":{_why(explanation)}'
    if second is not None:
        yield ',"versus":'
        yield from _json(second, second.scene, None, end="}")
    yield end


def _readout(readout: Readout) -> Iterator[str]:
    """The most probable tokens of every step, and all probabilities where they were kept."""
    labels = [json.dumps(label) for label in readout.labels]
    yield f',"readout":{{"labels":[{",".join(labels)}],"top":'
    yield from matrix(
        ",".join(f"[{labels[row]},{value!s}]" for row, value in zip(rows[:TOP], values[:TOP], strict=True))
        for rows, values in zip(readout.ids, readout.probabilities, strict=True)
    )
    yield f',"came":[{",".join("null" if np.isnan(value) else str(value) for value in readout.came)}]'
    if len(labels) == readout.ids.shape[1]:
        yield ',"probabilities":'
        whole = np.empty_like(readout.probabilities)
        np.put_along_axis(whole, readout.ids, readout.probabilities, axis=1)
        yield from matrix(map(row, whole))
    yield "}"


def matrix(rows: Iterable[str]) -> Iterator[str]:
    """Rows of numbers as a JSON array of arrays, piece by piece."""
    start = "["
    for row in rows:
        yield f"{start}[{row}]"
        start = ","
    yield "[]" if start == "[" else "]"


def inputs(trace: Trace) -> Iterator[str]:
    """The input vectors, row by row."""
    if trace.inputs.ids is None:
        yield from map(row, trace.inputs.dense if trace.inputs.dense is not None else ())
        return
    size = trace.inputs.size
    for column in trace.inputs.ids.tolist():
        yield "0.0," * column + "1.0" + ",0.0" * (size - 1 - column)


def row(values: Array) -> str:
    """Numbers between commas; those that are not finite as strings."""
    numbers: Iterable[str] = map(str, values)
    if not np.isfinite(values).all():
        numbers = (NOT_FINITE.get(number, number) for number in numbers)
    return ",".join(numbers)


def number(value: float) -> float | str:
    """A number for JSON: as a string where it is not finite."""
    return value if np.isfinite(value) else str(float(value))


def _why(explanation: Explanation) -> str:
    def place(ref: Ref | None) -> dict[str, object] | None:
        return None if ref is None else asdict(ref)

    parts = [
        {
            "label": part.label,
            "numbers": part.numbers,
            "value": number(part.value),
            "weight": part.weight or None,
            "source": place(part.source),
        }
        for part in explanation.parts
    ]
    return json.dumps(
        {
            "name": explanation.name,
            **asdict(explanation.ref),
            "meaning": explanation.meaning,
            "formula": explanation.formula,
            "numbers": explanation.numbers,
            "value": number(explanation.value),
            "parts": parts,
        },
        allow_nan=False,
        separators=COMPACT,
    )
