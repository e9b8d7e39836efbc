import pytest

from rnntui.training.spec import CharModelSpec

TEXT = "".join(f"{number} sheep and {number + 1} goats went over the bridge;\n" for number in range(120))


@pytest.fixture
def small(tmp_path):
    """A spec that is trained in well under a second."""
    file = tmp_path / "sheep.txt"
    file.write_text(TEXT, encoding="utf-8")
    return CharModelSpec(
        file=str(file), cell="gru", hidden=12, layers=2, embedding=6, dropout=0.1, batch=4, sequence=8, steps=60
    )
