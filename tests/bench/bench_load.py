"""How long a 100 MB file takes from its name to its first trace, as a multiple of torch's own way, in one run.

The reference numbers the text's characters by the vocabulary, then `safetensors.torch.load_file`, an `nn.LSTM` with
what it gives, and one forward: what somebody would write who has the same text and files. The whole file is an
LSTM; with `--embedding` nearly all of it is an embedding, of which load_file reads nothing. The app asks for the sha256
that a scene line carries once the first trace is there; how long that takes is told beside it.
`python tests/bench/bench_load.py [--embedding] [--check]`: medians of interleaved rounds on the clock.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[2]))

from rnntui import lab
from rnntui.cli.threads import one_thread
from rnntui.core.tensor_file import fingerprint
from rnntui.scene import Scene
from tests.bench.measure import finish, medians, report

ROUNDS = 7
GOAL = 2.0
TEXT = "the quick brown fox jumps over the lazy dog " * 3


def clock(action: Callable[[], object]) -> float:
    """Seconds that an action takes which has never seen the file."""
    fingerprint.cache_clear()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


@torch.inference_mode()
def plain(path: Path, vocab: Path, size: int, hidden: int, layers: int, text: str) -> object:
    """What somebody would write: load, make the module, read one-hot vectors or rows of the embedding."""
    numbers = {token: number for number, token in enumerate(json.loads(vocab.read_text(encoding="utf-8")))}
    ids = torch.tensor([numbers[character] for character in text])
    found = load_file(path)
    embedding = found.pop("embedding", None)
    with torch.device("meta"):
        module = nn.LSTM(size, hidden, layers)
    module.load_state_dict(found, assign=True)
    return module(nn.functional.one_hot(ids, size).float() if embedding is None else embedding[ids])


def main() -> None:
    one_thread()
    embedded = "--embedding" in sys.argv
    rows, size, hidden, layers = (50_000, 512, 256, 1) if embedded else (1024, 1024, 1024, 3)
    vocabulary = [chr(32 + number) for number in range(1024)] + [f"word {number}" for number in range(1024, rows)]
    with tempfile.TemporaryDirectory() as folder:
        path, vocab = Path(folder, "m.safetensors"), Path(folder, "v.json")
        tensors = dict(nn.LSTM(size, hidden, layers).state_dict())
        save_file(tensors | ({"embedding": torch.randn(rows, size)} if embedded else {}), path)
        vocab.write_text(json.dumps(vocabulary), encoding="utf-8")
        print(f"{path.stat().st_size / 1e6:.0f} MB, {layers} x {hidden} units")
        for steps in (5, 20, 100):
            asked = Scene(
                text=TEXT[:steps], weights=str(path), vocab=str(vocab), hidden=hidden, layers=layers,
                embedding=f"{path}:embedding" if embedded else "",
            )  # fmt: skip
            theirs = partial(plain, path, vocab, size, hidden, layers, asked.text)
            ways = {"plain": theirs, "ours": partial(lab.trace, asked, pin=False)}
            taken = medians({name: partial(clock, way) for name, way in ways.items()}, ROUNDS)
            said = f"first trace of {steps} steps (torch {taken['plain'] * 1e3:.0f} ms)"
            report(said, taken["ours"] / taken["plain"], GOAL, "x")
        print(f"its sha256, afterwards: {clock(partial(lab.pinned, asked)) * 1e3:.0f} ms")
    finish()


if __name__ == "__main__":
    main()
