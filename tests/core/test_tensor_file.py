"""Files that others wrote: what is data is read, and everything else is refused in one sentence."""

import hashlib
import json
import os
import pickle
import zipfile
from collections import OrderedDict
from random import Random

import pytest
import torch
from safetensors.torch import save_file

from rnntui.core import tensor_file
from rnntui.core.tensor_file import divide, open_tensors
from rnntui.errors import BadInput

WEIGHTS = {"a": torch.arange(6.0).reshape(2, 3), "b.c": torch.ones(4, dtype=torch.int64)}


@pytest.fixture
def refused():
    """Open a file that is refused, and return the sentence."""

    def call(path):
        with pytest.raises(BadInput) as caught:
            open_tensors(str(path))
        assert "\n" not in str(caught.value)
        assert str(caught.value)[-1] == "."
        return str(caught.value)

    return call


def saved(content, path, **options):
    torch.save(content, path, **options)
    return path


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
def test_what_torch_saves_is_read_and_nested_dicts_become_names_with_dots(tmp_path, legacy):
    content = {"epoch": 3, "model": OrderedDict(WEIGHTS), "more": [{"x": torch.nn.Parameter(torch.zeros(1))}, "text"]}
    path = saved(content, tmp_path / "m", _use_new_zipfile_serialization=not legacy)
    found = open_tensors(str(path)).tensors
    assert list(found) == ["model.a", "model.b.c", "more.0.x"]
    assert torch.equal(found["model.a"], WEIGHTS["a"])
    assert not found["more.0.x"].requires_grad


def test_safetensors_are_read_whatever_the_file_is_called(tmp_path):
    save_file(WEIGHTS, tmp_path / "m.pt")
    found = open_tensors(str(tmp_path / "m.pt"))
    assert torch.equal(found.tensors["a"], WEIGHTS["a"])
    assert len(found.sha256.hexdigest()) == 64


class Evil:
    def __reduce__(self):
        return os.system, ("touch pwned",)


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "legacy"])
def test_a_pickle_that_runs_code_is_refused_and_never_run(tmp_path, monkeypatch, refused, legacy):
    monkeypatch.chdir(tmp_path)
    path = saved({"w": torch.zeros(1), "evil": Evil()}, "evil.pt", _use_new_zipfile_serialization=not legacy)
    assert "posix.system" in refused(path)
    (tmp_path / "plain.pkl").write_bytes(pickle.dumps(Evil(), protocol=2))
    refused("plain.pkl")
    assert not (tmp_path / "pwned").exists()


def test_a_whole_module_is_refused_with_what_to_save_instead(tmp_path, refused):
    said = refused(saved(torch.nn.LSTM(2, 3), tmp_path / "m"))
    assert "torch.nn.modules.rnn.LSTM" in said
    assert "save module.state_dict()" in said


@pytest.mark.parametrize("kept", [0, 4, 20, 100, -1, -30])
@pytest.mark.parametrize("kind", ["safetensors", "zip", "legacy"])
def test_a_file_cut_short_is_refused(tmp_path, refused, kind, kept):
    path = tmp_path / "m"
    if kind == "safetensors":
        save_file(WEIGHTS, path)
    else:
        saved(WEIGHTS, path, _use_new_zipfile_serialization=kind == "zip")
    path.write_bytes(path.read_bytes()[:kept])
    refused(path)


def test_a_flipped_bit_in_a_file_of_torchs_does_not_pass_its_checksum(tmp_path, refused):
    path = saved({"w": torch.arange(1000.0)}, tmp_path / "m")
    data = bytearray(path.read_bytes())
    data[data.index(torch.arange(1000.0).numpy().tobytes()[:64]) + 40] ^= 1
    path.write_bytes(data)
    assert "damaged: the checksum" in refused(path)


def headed(header, data=b"\0" * 24):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


@pytest.mark.parametrize(
    "data",
    [
        headed({"a": {"dtype": "F32", "shape": [1000, 1000, 1000, 1000], "data_offsets": [0, 24]}}),
        headed({"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 2**60]}}),
        headed({"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [24, 0]}}),
        headed({"a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}),
        headed({"a": {"dtype": "F99", "shape": [2, 3], "data_offsets": [0, 24]}}),
        headed(b"[" * 100_000),
        headed(b"\xff\xfe"),
        (2**63).to_bytes(8, "little") + b"{}",
        b"\xff" * 100,
        b"hello, I am a text",
        b"PK\3\4 something",
        b"\x80\x02garbage",
    ],
)
def test_a_header_that_lies_is_refused(tmp_path, refused, data):
    (tmp_path / "m").write_bytes(data)
    refused(tmp_path / "m")


def test_a_tensor_that_claims_more_than_lies_in_the_file_is_refused_before_it_is_touched(tmp_path, refused):
    path = saved({"w": torch.zeros(1).expand(2**20, 2**20)}, tmp_path / "m")
    assert "tensor 'w' claims (1048576, 1048576) numbers" in refused(path)


def test_a_compressed_archive_is_refused_before_it_is_unpacked(tmp_path, refused):
    with zipfile.ZipFile(tmp_path / "m", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m/data.pkl", b"\0" * 2**24)
    assert "compressed" in refused(tmp_path / "m")


def test_a_torchscript_archive_is_refused(tmp_path, refused):
    with zipfile.ZipFile(tmp_path / "m", "w") as archive:
        archive.writestr("m/data.pkl", b"")
        archive.writestr("m/constants.pkl", b"")
    assert "TorchScript" in refused(tmp_path / "m")


def test_a_sparse_file_of_three_gigabytes_is_refused_at_once(tmp_path, refused):
    with (tmp_path / "m").open("wb") as stream:
        stream.truncate(3 * 2**30)
    assert "3,221,225,472 bytes" in refused(tmp_path / "m")


def test_what_multiplies_when_it_is_looked_at_is_refused(tmp_path, refused, monkeypatch):
    layer: object = 0
    for _ in range(7):
        layer = [layer] * 10
    monkeypatch.setattr(tensor_file, "MOST_THINGS", 5000)
    assert "nested too deeply or holds too many" in refused(saved(layer, tmp_path / "m"))
    deep: object = torch.zeros(1)
    for _ in range(20):
        deep = {"x": deep}
    assert "nested too deeply" in refused(saved(deep, tmp_path / "m"))


def test_too_many_tensors_and_too_long_names_are_refused(tmp_path, refused, monkeypatch):
    monkeypatch.setattr(tensor_file, "MOST", 1)
    save_file(WEIGHTS, tmp_path / "m")
    assert "more than 1 tensors" in refused(tmp_path / "m")
    assert "more than 1 tensors" in refused(saved(WEIGHTS, tmp_path / "m"))
    save_file({"x" * 500: torch.zeros(1)}, tmp_path / "m")
    assert "a name of 500 characters" in refused(tmp_path / "m")


def test_a_missing_file_a_directory_and_a_pipe_are_refused(tmp_path, refused):
    os.mkfifo(tmp_path / "pipe")
    assert "no file" in refused(tmp_path / "none")
    assert "directory" in refused(tmp_path)
    assert "pipe" in refused(tmp_path / "pipe")


def test_a_file_and_a_name_are_told_apart_though_both_may_hold_colons(tmp_path):
    plain, colon = tmp_path / "m.pt", tmp_path / "a:b.pt"
    plain.touch()
    colon.touch()
    assert divide(f"{plain}") == (str(plain), None)
    assert divide(f"{plain}:rnn:0.x") == (str(plain), "rnn:0.x")
    assert divide(f"{plain}:") == (str(plain), "")
    assert divide(f"{colon}") == (str(colon), None)
    assert divide(f"{colon}:rnn") == (str(colon), "rnn")
    assert divide("none.pt:rnn") == ("none.pt", "rnn")
    assert divide("none.pt") == ("none.pt", None)


@pytest.mark.parametrize("kind", ["safetensors", "zip", "legacy"])
def test_whatever_is_damaged_is_read_or_refused_in_a_sentence(tmp_path, kind):
    path, random = tmp_path / "m", Random(kind)
    if kind == "safetensors":
        save_file(WEIGHTS, path)
    else:
        saved(WEIGHTS, path, _use_new_zipfile_serialization=kind == "zip")
    whole, said = path.read_bytes(), []
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(random.choice((1, 2, 8))):
            data[random.randrange(min(len(data), 600))] = random.randrange(256)
        path.unlink()
        path.write_bytes(data)
        try:
            open_tensors(str(path))
        except BadInput as error:
            said.append(str(error))
    assert said
    assert not [sentence for sentence in said if "\n" in sentence or sentence[-1] != "."]


def test_a_file_that_was_replaced_after_it_was_read_has_no_fingerprint(tmp_path):
    file = tmp_path / "w.pt"
    torch.save({"a": torch.zeros(2)}, file)
    found = open_tensors(str(file))
    torch.save({"a": torch.zeros(3, 3)}, file)
    assert found.sha256.hexdigest() == ""
    assert open_tensors(str(file)).sha256.hexdigest() == hashlib.sha256(file.read_bytes()).hexdigest()
