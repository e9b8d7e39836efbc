"""How long gradients take, against autograd over the same equations and torch's own forward, in one run.

`python tests/bench/bench_gradients.py [--check]`: medians of interleaved rounds, CPU time of one thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from rnntui import lab
from rnntui.core.equations import load
from rnntui.core.gradients.backprop import linearised
from rnntui.core.gradients.jacobian import jacobians
from rnntui.core.gradients.linear import LinearStep
from rnntui.core.gradients.spectrum import bound, products
from rnntui.core.gradients.windows import Windows
from rnntui.core.initial import draw
from rnntui.core.parameters import Network, bind
from rnntui.core.sequence import Dense
from rnntui.core.unroll import run, sub_steps
from rnntui.scene import Scene
from tests.bench.measure import finish, medians, report

CELLS = ("lstm", "gru", "rnn")
HIDDEN = (8, 32, 128)
STEPS = 2000
STUDY = ("rnn", "lstm", "gru")


def seconds(contestant: Callable[[], object]) -> Callable[[], float]:
    """CPU seconds of one call."""

    def call() -> float:
        start = time.thread_time()
        contestant()
        return time.thread_time() - start

    return call


def network(cell: str, hidden: int, steps: int) -> tuple[Network, dict[str, torch.Tensor], torch.Tensor]:
    made = Network(load(cell), 16, hidden)
    x = torch.randn(steps, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    return made, draw(made, 0, None), x


@torch.no_grad()
def ours(made: Network, parameters: dict[str, torch.Tensor], x: torch.Tensor) -> object:
    """dL/dh and dL/dc at every step, the forward pass with it."""
    net = linearised(made, parameters, Dense(x), run(made, parameters, Dense(x), "fused"))
    seed = torch.zeros(len(x), 1, made.hidden, dtype=torch.float64).numpy()
    seed[0] = 1
    totals = net.back(seed, Windows.whole(len(x)))[0].arrived().totals
    return [totals[state].plain() for state in made.cell.states]


def autograd(made: Network, parameters: dict[str, torch.Tensor], x: torch.Tensor) -> object:
    """The same by torch: the loop over the equations, every state keeping its gradient."""
    step, states = sub_steps(made.cell), made.cell.states
    symbols = [equation.symbol for equation in made.cell.equations]
    weights = bind({name: values.requires_grad_() for name, values in parameters.items()}, made.cell, 0, "forward")
    found = tuple(torch.zeros(made.hidden, dtype=torch.float64) for _ in states)
    kept = []
    for row in x.unbind(0):
        computed = step(row, *found, weights)
        found = tuple(computed[symbols.index(state)] for state in states)
        for state in found:
            state.retain_grad()
        kept.append(found)
    found[0].sum().backward()
    return [torch.stack([one[place].grad for one in kept]) for place in range(len(states))]


def flowing_back() -> None:
    for cell in CELLS:
        for hidden in HIDDEN:
            made, parameters, x = network(cell, hidden, STEPS)
            again = {name: values.clone() for name, values in parameters.items()}
            taken = medians(
                {
                    "ours": seconds(lambda made=made, p=parameters, x=x: ours(made, p, x)),
                    "autograd": seconds(lambda made=made, p=again, x=x: autograd(made, p, x)),
                },
                rounds=5,
            )
            what = f"dL/dstate, {cell}, T {STEPS}, H {hidden}: ours / autograd"
            report(what, taken["ours"] / taken["autograd"], 1 / 3 if hidden == 32 else 1, "")


@torch.no_grad()
def lane(cell: str, hidden: int, steps: int) -> tuple[LinearStep, nn.RNN, torch.Tensor]:
    made, parameters, x = network(cell, hidden, steps)
    net = linearised(made, parameters, Dense(x), run(made, parameters, Dense(x), "fused"))
    module = nn.RNN(16, hidden, dtype=torch.float64)
    if cell == "rnn":
        module.load_state_dict(parameters)
    return net.steps[0], module, x


def taking_steps_apart() -> None:
    step, _, x = lane("lstm", 32, 200)
    made, parameters, _ = network("lstm", 32, 200)
    weights = bind(parameters, made.cell, 0, "forward")
    symbols = [equation.symbol for equation in made.cell.equations]

    def joined(given: torch.Tensor, *before: torch.Tensor) -> torch.Tensor:
        computed = sub_steps(made.cell)(given, *before, weights)
        return torch.cat([computed[symbols.index(state)] for state in made.cell.states])

    before = [torch.from_numpy(step.lane.before[state].copy()) for state in made.cell.states]
    vmapped = torch.func.vmap(torch.func.jacrev(joined, argnums=(1, 2)))
    taken = medians(
        {"ours": seconds(lambda: jacobians(step)), "jacrev": seconds(lambda: vmapped(x, *before))}, rounds=9
    )
    report("Jacobians, lstm, T 200, H 32: ours / vmap(jacrev)", taken["ours"] / taken["jacrev"], 1 / 4, "")


@torch.no_grad()
def far_back() -> None:
    made, parameters, x = network("rnn", 32, 10_000)
    step, module, _ = lane("rnn", 32, 10_000)

    def curve() -> object:
        net = linearised(made, parameters, Dense(x), run(made, parameters, Dense(x), "fused"))
        return products(net.steps[0])

    distances, logs = products(step)
    assert np.isfinite(logs).all()
    taken = medians(
        {
            "forward": seconds(lambda: module(x[:, None])),
            "curve": seconds(curve),
            "bound": seconds(lambda: bound(step, distances)),
        },
        rounds=5,
    )
    report("product norms, rnn, T 10,000, H 32 / nn.RNN forward", taken["curve"] / taken["forward"], 6, "x")
    print(f"   the bound beside it, every step's singular value: {taken['bound'] / taken['forward']:.1f} x more")


def studies() -> None:
    for hidden in (8, 32):
        scene = Scene(activity="gradients", text="hello world", length=200, hidden=hidden)
        taken = medians({"study": seconds(lambda scene=scene: lab.study(scene, STUDY))}, rounds=7)
        report(f"study of three cells, T 200, H {hidden}", taken["study"] * 1e3, 150, "ms")


if __name__ == "__main__":
    torch.set_num_threads(1)
    flowing_back()
    taking_steps_apart()
    far_back()
    studies()
    finish()
