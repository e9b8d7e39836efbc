"""One thread for torch: with two, a long text takes 30 times as long as soon as another process is busy."""

from __future__ import annotations


def one_thread() -> None:
    """Import torch, and let it compute in this thread only."""
    import torch

    torch.set_num_threads(1)
