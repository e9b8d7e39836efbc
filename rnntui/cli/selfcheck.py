"""The one promise, checked on the spot: an LSTM of ours and torch's own, the same weights, the same output."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from rnntui import lab
from rnntui.scene import Scene


def difference() -> float:
    """The largest difference between our output and `torch.nn.LSTM`'s for a two-layer, two-way network."""
    scene = Scene(text="hello world", layers=2, bidirectional=True)
    trace = lab.trace(scene)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "weights.safetensors"
        lab.save_weights(scene, file)
        net = torch.nn.LSTM(trace.inputs.size, scene.hidden, scene.layers, bidirectional=True)
        net.load_state_dict(load_file(file))
    with torch.no_grad():
        output, _ = net(torch.from_numpy(np.stack(list(trace.inputs.rows())).astype(np.float32)))
    return float(np.abs(output.numpy() - trace.output).max())
