"""Any record as one npz file and back, for pictures that no processor's last bit changes: floats as float32, no pickle.

Records, tuples and mappings become a tree in JSON; arrays are named by their place in it.
"""

import json
from dataclasses import fields, is_dataclass
from types import MappingProxyType

import numpy as np

from rnntui.core import flow, trace
from rnntui.training import curve, neurons, progress, spec
from rnntui.training import record as training


def named(kind):
    """What a kind of record is called in a file; those of a training have a second Curve among them."""
    room = kind.__module__.rpartition(".")[2]
    return f"{room}.{kind.__name__}" if kind.__module__.startswith("rnntui.training.") else kind.__name__


KINDS = {
    named(kind): kind
    for room in (flow, trace, curve, neurons, progress, spec, training)
    for kind in vars(room).values()
    if isinstance(kind, type) and is_dataclass(kind)
}


def keep(record, file):
    """Write a record."""
    arrays = []

    def tree(value):
        if is_dataclass(value):
            return {
                "kind": named(type(value)),
                "fields": {f.name: tree(getattr(value, f.name)) for f in fields(value)},
            }
        if isinstance(value, np.ndarray):
            arrays.append(value.astype(np.float32) if value.dtype == np.float64 else value)
            return {"array": len(arrays) - 1}
        if isinstance(value, dict | MappingProxyType):
            return {"map": [[tree(key), tree(one)] for key, one in value.items()]}
        if isinstance(value, tuple | list):
            return {"tuple": [tree(one) for one in value]}
        return value.item() if isinstance(value, np.generic) else value

    text = json.dumps(tree(record))
    np.savez_compressed(file, tree=np.array(text), **{f"a{place}": array for place, array in enumerate(arrays)})


def found(file):
    """Read the record that `keep` wrote."""
    with np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}

    def value(node):
        if not isinstance(node, dict):
            return node
        if "kind" in node:
            return KINDS[node["kind"]](**{name: value(one) for name, one in node["fields"].items()})
        if "array" in node:
            return arrays[f"a{node['array']}"]
        if "map" in node:
            return {value(key): value(one) for key, one in node["map"]}
        return tuple(value(one) for one in node["tuple"])

    return value(json.loads(str(arrays["tree"])))
