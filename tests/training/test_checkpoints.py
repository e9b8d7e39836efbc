import json
import math
import random
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnntui.errors import BadInput
from rnntui.models.sampler import Taste
from rnntui.training import checkpoints
from rnntui.training.checkpoints import Checkpoint, Damaged, kept, load, newest, save, steps
from rnntui.training.data import Place
from rnntui.training.loop import resume, train
from rnntui.training.past import neurons
from rnntui.training.sampling import sample
from rnntui.training.spec import CharModelSpec


def checkpoint(step):
    tensors = {"a": torch.arange(6.0).reshape(2, 3) + step, "random": torch.arange(9, dtype=torch.uint8)}
    return Checkpoint(CharModelSpec(), ("a", "\n", "☃"), step, Place(1, 7), 12.5, tensors)


@pytest.fixture
def folder(tmp_path):
    for step in (3, 5, 9):
        save(tmp_path, checkpoint(step))
    return tmp_path


def test_a_checkpoint_comes_back_as_it_was(folder):
    found = load(folder, 5)
    assert replace(found, tensors={}) == replace(checkpoint(5), tensors={})
    assert all(torch.equal(found.tensors[name], values) for name, values in checkpoint(5).tensors.items())
    assert newest(folder)[0].step == 9


@pytest.mark.parametrize("file", ["step-000000009.json", "step-000000009.safetensors"])
def test_a_file_cut_short_or_with_any_bit_flipped_is_passed_over_with_a_notice(folder, file):
    whole = (folder / file).read_bytes()
    source = random.Random(file)
    damages = [whole[: source.randrange(len(whole))] for _ in range(10)]
    for _ in range(40):
        place = source.randrange(len(whole))
        damages.append(whole[:place] + bytes([whole[place] ^ 1 << source.randrange(8)]) + whole[place + 1 :])
    for damage in damages:
        (folder / file).write_bytes(damage)
        found, notices = newest(folder)
        assert found.step == 5
        assert "step 9 is damaged" in notices[0]
        assert "\n" not in notices[0]
    (folder / file).unlink()
    assert newest(folder)[0].step == 5


def test_a_directory_without_a_whole_checkpoint_is_refused(folder, tmp_path):
    for file in folder.glob("*.safetensors"):
        file.write_bytes(b"")
    with pytest.raises(BadInput, match="no usable checkpoint"):
        newest(folder)
    with pytest.raises(BadInput, match="no file spec"):
        next(resume(tmp_path))
    with pytest.raises(BadInput, match="There is no run directory"):
        next(resume(tmp_path / "none"))


def test_a_checkpoint_of_another_version_is_refused_and_not_passed_over(folder, monkeypatch):
    monkeypatch.setattr(checkpoints, "FORMAT", 2)
    save(folder, checkpoint(11))
    monkeypatch.undo()
    with pytest.raises(BadInput, match="format 2, and 1 can be read"):
        newest(folder)


def test_a_write_that_fails_leaves_the_checkpoints_before_it(folder, monkeypatch):
    def full(file, fill):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "write", full)
    with pytest.raises(OSError, match="No space"):
        save(folder, checkpoint(12))
    monkeypatch.undo()
    assert newest(folder)[0].step == 9
    assert steps(folder) == (3, 5, 9)


@given(st.integers(0, 400), st.integers(1, 200))
def test_the_newest_are_kept_and_older_ones_ever_fewer(start, every):
    known = set()
    for step in range(start, start + 60 * every, every):
        known = set(kept({*known, step}))
        assert step in known
        assert start in known
        assert len(known) <= checkpoints.RECENT + 14
    newest_first = sorted(known, reverse=True)
    assert newest_first[: checkpoints.RECENT] == [start + (59 - back) * every for back in range(checkpoints.RECENT)]


def test_files_of_other_kinds_in_the_folder_are_left_alone(folder):
    (folder / "step-x.json").write_text("{}")
    (folder / "notes.txt").write_text("mine")
    save(folder, checkpoint(20))
    assert steps(folder) == (3, 5, 9, 20)
    assert (folder / "notes.txt").read_text() == "mine"
    assert json.loads((folder / "step-000000020.json").read_text())["step"] == 20


def test_a_checkpoint_that_vanishes_while_it_is_looked_for_is_damaged_and_no_crash(folder):
    (folder / "step-000000009.safetensors").unlink()
    with pytest.raises(Damaged, match="no file"):
        load(folder, 9)


def rewritten(folder, step, /, **fields):
    """Give a sidecar other fields, or take one away, as another program might, with a checksum that is right."""
    sidecar = folder / f"step-{step:09d}.json"
    about = json.loads(sidecar.read_text()) | fields
    about = {name: value for name, value in about.items() if value is not None and name != "checksum"}
    sidecar.write_text(json.dumps(about | {"checksum": checkpoints._checksum(about)}))


@pytest.mark.parametrize("document", ["[]", "7", "null", '"checksum"', "{}"])
def test_a_sidecar_that_is_json_but_no_object_is_passed_over(folder, document):
    (folder / "step-000000009.json").write_text(document)
    assert "step 9 is damaged" in newest(folder)[1][0]


def test_a_sidecar_that_lacks_something_or_is_of_another_model_is_passed_over(folder):
    said = [{"step": 8}, {"step": "9"}, {"epoch": True}, {"position": -1}]
    said += [
        {"val_step": [1]},
        {"val_loss": "x"},
        {"losses": [None]},
        {"characters": ["a", "a", "b"]},
        {"spec": ["aa"]},
    ]
    for fields in ({"spec": None}, {"epoch": None}, {"characters": 7}, {"seconds": math.nan}, *said):
        rewritten(folder, 9, **fields)
        assert "step 9 is damaged" in newest(folder)[1][0]
        save(folder, checkpoint(9))
    known = checkpoint(9)
    save(folder, replace(known, tensors={**known.tensors, "readout.bias": torch.zeros(4)}))
    assert "other characters than its model" in newest(folder)[1][0]


def test_a_run_whose_text_is_read_otherwise_now_is_not_gone_on_with(small, tmp_path):
    next(train(small, tmp_path))
    before = json.loads((tmp_path / "checkpoints" / "step-000000000.json").read_text())
    rewritten(tmp_path / "checkpoints", 0, characters=before["characters"][::-1])
    with pytest.raises(BadInput, match="knows other characters than its text has"):
        next(resume(tmp_path))
    rewritten(tmp_path / "checkpoints", 0, characters=before["characters"], spec={**before["spec"], "hidden": 3})
    for asks in (lambda: next(resume(tmp_path)), lambda: sample(tmp_path, "", 5, Taste(), 0)):
        with pytest.raises(BadInput, match="step 0 is not of the model that its spec says"):
            asks()


@pytest.mark.parametrize("name", ["weight_hh_l0", "random"])
@pytest.mark.parametrize("values", [None, torch.zeros(2, 3), torch.tensor(1.0), torch.zeros(3, dtype=torch.int64)])
def test_tensors_that_are_not_what_the_spec_asks_for_are_no_model(small, tmp_path, name, values):
    next(train(small, tmp_path))
    found, _ = newest(tmp_path / "checkpoints")
    others = {other: kept for other, kept in found.tensors.items() if other != name}
    save(tmp_path / "checkpoints", replace(found, tensors=others if values is None else {**others, name: values}))
    asks = [lambda: next(resume(tmp_path))]
    asks += [lambda: sample(tmp_path, "", 5, Taste(), 0), lambda: neurons(tmp_path, 0, "h")] * (name != "random")
    for ask in asks:
        with pytest.raises(BadInput, match="step 0 is not of the model that its spec says"):
            ask()
