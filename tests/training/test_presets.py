from dataclasses import replace

import pytest
import torch

from rnntui.training.loop import train
from rnntui.training.spec import PRESETS

MARGINS = {10: 0.15, 30: 0.05, 60: 0.0, 300: 0.0}
"""Seconds → how far above the best n-gram the validation bits per character may be."""
CASES = [
    (300, 0),
    *((seconds, seed) for seconds in (60, 30, 10) for seed in (0, 1, 2)),
    *(pytest.param(300, seed, marks=pytest.mark.longest) for seed in (1, 2)),
]


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("seconds", "seed"), CASES)
def test_a_preset_gets_to_the_best_n_gram_in_its_steps(seconds, seed):
    torch.set_num_threads(1)
    spec = replace(PRESETS[seconds], seed=seed)
    *_, final = train(spec)
    best = min(final.final_baselines.values())
    print(f"{seconds} s, seed {seed}: {final.final_bpc:.3f} bits per character, best n-gram {best:.3f}")
    assert final.final_bpc <= best + MARGINS[seconds]
