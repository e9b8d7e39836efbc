"""A trace as one npz file and back: what `step --format npz` writes and what snapshot tests draw. numpy only.

Arrays go by name: `input_ids` or `inputs`, `l0.forward.values.f`, `l0.forward.weights.if_`, `l0.forward.initial.c`,
`output`, `scene`, `readout.ids`; all else, the tokens too, is JSON in the text `about` (arrays of text lose NULs and
pad every token to the longest). Nothing is pickled.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from rnntui.core import byhand
from rnntui.core.trace import Array, Equation, Inputs, Pass, Readout, Trace
from rnntui.errors import BadInput

FORMAT: Final = 1
TEXTS: Final = ("scene", "cell", "doc", "file", "diagram", "sentence")
READOUT: Final = ("ids", "probabilities", "came")
LISTS: Final = ("states", "tokens", "notices")


def to_npz(trace: Trace, file: str | Path | IO[bytes], *, scene: str | None = None) -> None:
    """Write a trace; `scene` replaces its line of text, for a cursor that has moved. Raises OSError."""
    about: dict[str, object] = {"format": FORMAT, "size": trace.inputs.size}
    about |= {name: getattr(trace, name) for name in (*TEXTS, *LISTS)}
    about |= {"set": str(trace.by_hand), "difference": trace.minus is not None}
    about["equations"] = [asdict(equation) for equation in trace.equations]
    about["passes"] = [
        {"layer": one.layer, "direction": one.direction, "torch_names": dict(one.torch_names)} for one in trace.passes
    ]
    if scene is not None:
        about["scene"] = scene
    arrays: dict[str, NDArray[Any]] = {"output": trace.output}
    arrays["scene"] = np.array(about["scene"])
    if trace.readout is not None:
        about["labels"] = trace.readout.labels
        arrays |= {f"readout.{part}": getattr(trace.readout, part) for part in READOUT}
    if trace.inputs.ids is not None:
        arrays["input_ids"] = trace.inputs.ids
    if trace.inputs.dense is not None:
        arrays["inputs"] = trace.inputs.dense
    arrays["about"] = np.array(json.dumps(about))
    for one in trace.passes:
        for part in ("values", "initial", "weights"):
            arrays |= {f"{_place(one)}.{part}.{key}": array for key, array in getattr(one, part).items()}
    with zipfile.ZipFile(file, "w") as record:
        for name, array in arrays.items():
            with record.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)


def from_npz(file: str | Path | IO[bytes]) -> Trace:
    """Read a trace that `to_npz` wrote. Raises OSError, and BadInput for a file that is no such record."""
    try:
        with np.load(file, allow_pickle=False) as stored:
            arrays: dict[str, NDArray[Any]] = dict(stored)
        about = json.loads(str(arrays["about"]))
        if about["format"] != FORMAT:
            raise BadInput(f"This record has format {about['format']}, and {FORMAT} can be read; write it anew.")
        if about.get("difference"):
            raise BadInput("This record is the difference of two networks, which no one network explains.")
        return Trace(
            **({name: about[name] for name in TEXTS} | {name: tuple(about[name]) for name in LISTS}),
            equations=tuple(map(_equation, about["equations"])),
            inputs=Inputs(arrays.get("input_ids"), arrays.get("inputs"), about["size"]),
            passes=tuple(_pass(one, arrays) for one in about["passes"]),
            readout=_readout(about, arrays),
            by_hand=byhand.read(about.get("set", "")),
        )
    except BadInput:
        raise
    except (KeyError, TypeError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise BadInput(f"This is no record of a trace, or it was cut short ({error}).") from None


def _place(one: Pass) -> str:
    return f"l{one.layer}.{one.direction}"


def _equation(fields: Mapping[str, Any]) -> Equation:
    constants = tuple((name, value) for name, value in fields["constants"])
    return Equation(**{**fields, "before": tuple(fields["before"]), "constants": constants})


def _readout(about: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Readout | None:
    if "labels" not in about:
        return None
    return Readout(tuple(about["labels"]), **{part: arrays[f"readout.{part}"] for part in READOUT})


def _pass(fields: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Pass:
    layer, direction = fields["layer"], fields["direction"]

    def part(name: str) -> dict[str, Array]:
        start = f"l{layer}.{direction}.{name}."
        return {key.removeprefix(start): array for key, array in arrays.items() if key.startswith(start)}

    torch_names = {attribute: (name, row) for attribute, (name, row) in fields["torch_names"].items()}
    return Pass(layer, direction, part("initial"), part("values"), part("weights"), torch_names)
