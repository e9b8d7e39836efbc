import pytest
import torch

from rnntui.training.adamw import BETAS, AdamW

SHAPES = {"a": (3, 5), "b": (7,), "c": (2, 2)}


@pytest.mark.parametrize("limit", [0.1, 1e9])
def test_updates_are_those_of_torchs_optimizer(limit):
    source = torch.Generator().manual_seed(0)
    made = {name: torch.randn(shape, generator=source) for name, shape in SHAPES.items()}
    theirs = [values.clone().requires_grad_() for values in made.values()]
    optimizer = torch.optim.AdamW(theirs, betas=BETAS, weight_decay=0.1)
    ours = AdamW(made, 0.1)
    target = [torch.randn(shape, generator=source) for shape in SHAPES.values()]

    def loss(parameters):
        return sum(((one - wanted) ** 4).sum() for one, wanted in zip(parameters, target, strict=True))

    for step in range(1, 30):
        rate = 0.1 / step
        optimizer.zero_grad()
        loss(theirs).backward()
        norm = torch.nn.utils.clip_grad_norm_(theirs, limit).item()
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        found = ours.gradient(loss(ours.parameters.values()))
        assert found == pytest.approx(norm, rel=1e-4)
        ours.clip(found, limit)
        ours.update(step, rate)
        for mine, their in zip(ours.parameters.values(), theirs, strict=True):
            torch.testing.assert_close(mine, their, rtol=1e-4, atol=1e-5)
