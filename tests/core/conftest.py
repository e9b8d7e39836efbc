"""Models of somebody's own, in files."""

import pytest
import torch

from rnntui.scene import Scene
from tests.core.language import MODELS, TEXT, TOKENS


@pytest.fixture
def files(tmp_path):
    """Save a model as somebody would, and return it with the scene that reads it."""

    def make(kind, save=torch.save):
        torch.manual_seed(3)
        model = MODELS[kind]()
        path = str(tmp_path / "my model: best.pt")
        content = {"step": 9, "model": model.state_dict()}
        save(content, path) if save is torch.save else save(
            {f"model.{name}": values for name, values in model.state_dict().items()}, path
        )
        (tmp_path / "vocab.txt").write_text("\n".join(TOKENS), encoding="utf-8")
        asked = Scene(
            cell=kind, text=TEXT, weights=f"{path}:model.rnn", embedding=f"{path}:model.embed",
            vocab=str(tmp_path / "vocab.txt"), readout="model.head",
        )  # fmt: skip
        return model, asked

    return make
