"""How fast training and sampling are, as ratios to loops that anybody would write, in the same run.

`python tests/bench/bench_train.py [--check]`: CPU seconds, medians of interleaved rounds, one thread. All ratios are of
time: 0.83 of torch's time is 1.2 times as fast.
"""

from __future__ import annotations

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import tempfile
import time
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

from rnntui.models.sampler import Sampler, Taste
from rnntui.training.data import prepare
from rnntui.training.learner import Learner
from rnntui.training.owncell import adopted
from rnntui.training.record import Knobs
from rnntui.training.run import Run
from rnntui.training.session import Session
from rnntui.training.spec import CharModelSpec, preset
from tests.bench.measure import finish, medians, report

SPEC, TEXT = prepare(CharModelSpec(hidden=128, batch=32, init="torch", steps=10**6))
CHARACTERS = len(TEXT.characters)
CELLS = Path(__file__).parents[2] / "lessons" / "cells"
UPDATES = 12
WRITTEN = 1000


class Bare(nn.Module):
    """Embedding, a recurrent layer, a read-out: the loop of every tutorial."""

    def __init__(self, layer, optimizer=torch.optim.Adam):
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, SPEC.embedding)
        self.layer = layer
        self.readout = nn.Linear(SPEC.hidden, CHARACTERS)
        self.optimizer = optimizer(self.parameters(), lr=1e-3, fused=True)
        width = len(TEXT.training) // SPEC.batch
        self.text = TEXT.training[: width * SPEC.batch].view(SPEC.batch, width).t().contiguous()
        self.place, self.states = 0, None

    def update(self):
        if self.place + SPEC.sequence >= len(self.text):
            self.place = 0
        x = self.text[self.place : self.place + SPEC.sequence]
        y = self.text[self.place + 1 : self.place + SPEC.sequence + 1]
        self.place += SPEC.sequence
        self.optimizer.zero_grad()
        h, states = self.layer(self.embedding(x), self.states)
        self.states = tuple(one.detach() for one in states) if isinstance(states, tuple) else states.detach()
        cross_entropy(self.readout(h).flatten(0, 1), y.flatten()).backward()
        nn.utils.clip_grad_norm_(self.parameters(), 1.0)
        self.optimizer.step()


class CellLoop(nn.Module):
    """One linear map of x and h side by side, step after step, as makemore's RNN does it."""

    def __init__(self):
        super().__init__()
        self.map = nn.Linear(SPEC.embedding + SPEC.hidden, SPEC.hidden)

    def forward(self, x, h):
        x = x.transpose(0, 1)  # (B, T, E)
        h = x.new_zeros(len(x), SPEC.hidden) if h is None else h
        found = []
        for t in range(x.shape[1]):
            h = torch.tanh(self.map(torch.cat([x[:, t, :], h], dim=1)))
            found.append(h)
        return torch.stack(found), h


class MinCharRnn:
    """A vanilla RNN in plain numpy as its description has it: float64, one row of text, 25 steps, 100 units, Adagrad.

    A character is a one-hot column that is multiplied like any other; with `looked_up`, which the description does not
    have, its column of the matrix is taken instead.
    """

    steps, hidden = 25, 100

    def __init__(self, looked_up=False):
        source, size = np.random.default_rng(0), self.hidden
        shapes = ((size, CHARACTERS), (size, size), (CHARACTERS, size))
        self.weights = [source.standard_normal(shape) * 0.01 for shape in shapes]
        self.weights += [np.zeros((size, 1)), np.zeros((CHARACTERS, 1))]
        self.squares = [np.zeros_like(one) for one in self.weights]
        self.h, self.text, self.place = np.zeros((size, 1)), TEXT.training.tolist(), 0
        self.looked_up, self.loss = looked_up, 0.0

    def update(self):
        W, U, V, b, d = self.weights
        self.place %= len(self.text) - self.steps
        characters = self.text[self.place : self.place + self.steps + 1]
        self.place += self.steps
        inputs, states, chances, self.loss = [], [self.h], [], 0.0
        for x, following in pairwise(characters):
            inputs.append(np.zeros((CHARACTERS, 1)))
            inputs[-1][x] = 1
            of_x = W[:, [x]] if self.looked_up else W @ inputs[-1]
            states.append(np.tanh(of_x + U @ states[-1] + b))
            e = np.exp(V @ states[-1] + d)
            chances.append(e / e.sum())
            self.loss -= np.log(chances[-1][following, 0])
        gradients = [np.zeros_like(one) for one in self.weights]
        later = np.zeros_like(self.h)
        for t in reversed(range(self.steps)):
            dy = chances[t].copy()
            dy[characters[t + 1]] -= 1
            dz = (V.T @ dy + later) * (1 - states[t + 1] ** 2)
            if self.looked_up:
                gradients[0][:, [characters[t]]] += dz
            else:
                gradients[0] += dz @ inputs[t].T
            gradients[1] += dz @ states[t].T
            gradients[2] += dy @ states[t + 1].T
            gradients[3] += dz
            gradients[4] += dy
            later = U.T @ dz
        for one, gradient, square in zip(self.weights, gradients, self.squares, strict=True):
            np.clip(gradient, -5, 5, out=gradient)
            np.add(square, gradient**2, out=square)
            np.subtract(one, 0.1 * gradient / np.sqrt(square + 1e-8), out=one)
        self.h = states[-1]


def seconds(work, times=UPDATES):
    """CPU seconds of one of so many."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def updates():
    knobs = Knobs.of(SPEC)
    learners = {cell: Learner(replace(SPEC, cell=cell), TEXT) for cell in ("lstm", "gru", "rnn")}
    layers = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
    bare = {cell: Bare(layer(SPEC.embedding, SPEC.hidden)) for cell, layer in layers.items()}
    loop = Bare(CellLoop())
    contestants = {f"ours {cell}": lambda one=one: seconds(lambda: one.update(knobs)) for cell, one in learners.items()}
    contestants |= {f"bare {cell}": lambda one=one: seconds(one.update) for cell, one in bare.items()}
    contestants["cell loop"] = lambda: seconds(loop.update)
    found = medians(contestants, rounds=9)
    characters = SPEC.batch * SPEC.sequence
    for name, spent in found.items():
        print(f"  {name:10} {characters / spent:12,.0f} characters a second")
    report("an update of an LSTM, of nn.LSTM's bare loop", found["ours lstm"] / found["bare lstm"], 1 / 0.95, "x")
    report("an update of a vanilla RNN, of nn.RNN's", found["ours rnn"] / found["bare rnn"], 1 / 1.2, "x")
    report("an update of a GRU, of nn.GRU's", found["ours gru"] / found["bare gru"], 1 / 1.05, "x")
    report("a vanilla RNN, of a loop of cells", found["ours rnn"] / found["cell loop"], 1 / 2, "x")


def own_cells():
    """Cells of one's own, which learn by their equations, step by step."""
    knobs = Knobs.of(SPEC)
    specs = {"gru": replace(SPEC, cell="gru")}
    specs |= {name: adopted(replace(SPEC, cell=str(CELLS / f"{name}.py"))) for name in ("mgu", "peephole")}
    learners = {name: Learner(spec, TEXT) for name, spec in specs.items()}
    found = medians(
        {name: lambda one=one: seconds(lambda: one.update(knobs)) for name, one in learners.items()}, rounds=9
    )
    for name in ("mgu", "peephole"):
        report(f"an update of one's own cell, {name}, of a GRU's", found[name] / found["gru"], 4, "x")


def beside_numpy():
    """A vanilla RNN of min-char-rnn's size as it is trained here if one chooses nothing else."""
    spec, _ = prepare(replace(preset(60, "rnn"), hidden=MinCharRnn.hidden, steps=10**6))
    ours, plain, looked_up = Learner(spec, TEXT), MinCharRnn(), MinCharRnn(looked_up=True)
    knobs = Knobs.of(spec)
    contestants = {
        "ours": lambda: seconds(lambda: ours.update(knobs)) / (spec.batch * spec.sequence),
        "numpy": lambda: seconds(plain.update) / MinCharRnn.steps,
        "numpy, columns looked up": lambda: seconds(looked_up.update) / MinCharRnn.steps,
    }
    found = medians(contestants, rounds=15)
    for name, spent in found.items():
        print(f"  {name:24} {1 / spent:12,.0f} characters a second, {spent / found['ours']:5.1f} x ours")
    report("a vanilla RNN's character, of numpy's min-char-rnn", found["ours"] / found["numpy"], 1 / 20, "x")


def whole_loop():
    """With everything that is seen and kept: samples, readings, validation, checkpoints."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run.create(Path(folder) / "run", SPEC)
        session = Session(Learner(SPEC, TEXT), TEXT, run)
        session.begin()
        bare = Bare(nn.LSTM(SPEC.embedding, SPEC.hidden))

        def advance():
            if session.advance():
                session.snapshot()

        found = medians({"ours": lambda: seconds(advance, 60), "bare": lambda: seconds(bare.update, 60)}, rounds=7)
        run.close()
    report("training with all that is seen, of nn.LSTM's bare loop", found["ours"] / found["bare"], 1 / 0.95, "x")


def sampling():
    model = Learner(SPEC, TEXT).model
    parameters = {name: values.detach() for name, values in model.parameters.items()}
    lstm = nn.LSTM(SPEC.embedding, SPEC.hidden)
    lstm.load_state_dict({name: parameters[name] for name in model.shape.network.shapes})
    ids = TEXT.training[:WRITTEN].tolist()

    @torch.inference_mode()
    def theirs():
        states, source = None, torch.Generator().manual_seed(0)
        for one in ids:
            h, states = lstm(parameters["embedding.weight"][one][None, None], states)
            logits = h[0, 0] @ parameters["readout.weight"].T + parameters["readout.bias"]
            torch.multinomial((logits / 0.8).softmax(0), 1, generator=source).item()

    def ours():
        sampler = Sampler("lstm", {name: values.numpy() for name, values in parameters.items()})
        list(islice(sampler.write(ids[:1], Taste(), 0), WRITTEN))

    found = medians({"ours": lambda: seconds(ours, 1), "theirs": lambda: seconds(theirs, 1)}, rounds=9)
    report("writing a character, of nn.LSTM one step at a time", found["ours"] / found["theirs"], 1 / 8, "x")
    with torch.inference_mode():
        vectors = one_hot(torch.tensor(ids), CHARACTERS).float() @ parameters["embedding.weight"]
        expected = lstm(vectors)[0] @ parameters["readout.weight"].T + parameters["readout.bias"]
    sampler = Sampler("lstm", {name: values.numpy() for name, values in parameters.items()})
    read = np.stack([sampler.read(one) for one in ids])
    report("largest difference of a logit", float(np.abs(read - expected.numpy()).max()) * 1e6, 1.0, "1e-6")


if __name__ == "__main__":
    torch.set_num_threads(1)
    updates()
    own_cells()
    beside_numpy()
    whole_loop()
    sampling()
    finish()
