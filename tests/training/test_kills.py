import subprocess
import sys
from pathlib import Path

import pytest
import torch

from rnntui.training import checkpoints
from rnntui.training.loop import train

DRIVER = Path(__file__).with_name("killed.py")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_run_that_was_killed_again_and_again_ends_to_the_bit_like_one_that_was_not(small, tmp_path, seed):
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.killed", tmp_path / "killed", small.to_json(), str(seed)],
        cwd=DRIVER.parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 2
    for _ in train(small, tmp_path / "whole"):
        pass
    killed, whole = (checkpoints.newest(tmp_path / name / "checkpoints") for name in ("killed", "whole"))
    assert killed[1] == whole[1] == ()
    assert killed[0].step == whole[0].step == small.steps
    assert all(torch.equal(killed[0].tensors[name], values) for name, values in whole[0].tensors.items())
