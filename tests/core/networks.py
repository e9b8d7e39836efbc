"""Networks with torch's initial weights, and vectors for them to read."""

import torch

from rnntui.core.equations import load
from rnntui.core.initial import draw
from rnntui.core.parameters import Network

TOLERANCE = {torch.float32: 1e-6, torch.float64: 1e-12}


def make(cell, *, size=4, hidden=5, layers=1, bidirectional=False, dtype=torch.float64, seed=0):
    network = Network(load(cell), size, hidden, layers, bidirectional)
    return network, {name: values.to(dtype) for name, values in draw(network, seed, None).items()}


def vectors(steps, size=4, dtype=torch.float64):
    generator = torch.Generator().manual_seed(1)
    return torch.randn(steps, size, dtype=torch.float64, generator=generator).to(dtype)
