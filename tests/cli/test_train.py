import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rnntui import lab
from rnntui.training.spec import CharModelSpec
from tests.core.own.files import MGU

TEXT = "".join(f"{number} sheep and {number + 1} goats went over the bridge;\n" for number in range(120))
SMALL = ("--hidden", "8", "--embedding", "4", "--batch", "4", "--sequence", "8")
KEYS = ["step", "seconds", "chars_per_second", "train_bpc", "val_bpc", "ngram_bpc", "parameters", "run"]


@pytest.fixture
def sheep(tmp_path):
    file = tmp_path / "sheep.txt"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run that is done, and how it ended."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "sheep.txt").write_text(TEXT, encoding="utf-8")
    sizes = {"hidden": 8, "embedding": 4, "batch": 4, "sequence": 8}
    *_, ended = lab.train(CharModelSpec(file=str(folder / "sheep.txt"), steps=40, **sizes), folder / "run")
    return folder / "run", ended


def test_the_last_line_is_the_result_and_the_bar_is_on_stderr(rnntui, sheep, tmp_path):
    folder = tmp_path / "run"
    done = rnntui("train", "--file", sheep, "--steps", "40", *SMALL, "--out", folder, "--format", "json")
    result = json.loads(done.text.splitlines()[-1])
    assert list(result) == KEYS
    assert result["step"] == 40
    assert list(result["ngram_bpc"]) == ["1", "2", "3", "4", "5", "6"]
    assert 0 < result["val_bpc"] < 6
    assert result["run"] == str(folder)
    assert "step 40/40" in done.err
    assert (folder / "metrics.jsonl").is_file()


def test_what_a_full_disk_keeps_from_being_kept_is_said_and_the_result_told_all_the_same(
    rnntui, sheep, tmp_path, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rnntui.training.checkpoints.write", full)
    done = rnntui("train", "--file", sheep, "--steps", "3", *SMALL, "--out", tmp_path / "run", "--format", "json")
    assert (done.code, json.loads(done.text)["step"]) == (1, 3)
    assert "The model of step 3 could not be kept (No space left on device); nothing is kept." in done.err


def test_a_run_goes_to_the_state_folder_when_it_is_not_told_where_and_none_is_overwritten(rnntui, sheep, tmp_path):
    runs = [
        json.loads(rnntui("train", "--file", sheep, "--steps", "3", *SMALL, "--format", "json").text)["run"]
        for _ in range(2)
    ]
    parent = tmp_path / "home" / "state" / "runs"
    assert [Path(run).relative_to(parent).name for run in runs] == ["file-lstm-1", "file-lstm-2"]


def test_a_cell_of_ones_own_is_trained_gone_on_with_and_writes(rnntui, sheep, tmp_path):
    folder, file = tmp_path / "run", tmp_path / "mgu.py"
    shutil.copy(MGU, file)
    done = rnntui("train", "--cell", f"{file}:mgu", "--file", sheep, "--steps", "20", *SMALL, "--out", folder)
    assert "mgu.py:mgu learns by its equations, step by step" in done.err
    assert "bits per character; the best n-gram" in done.text
    file.write_text("raise SystemExit\n")
    again = rnntui("train", "--resume", folder, "--format", "json")
    result = json.loads(again.text)
    assert (list(result), result["step"]) == (KEYS, 20)
    assert "mgu.py:mgu has changed since this run began" in again.err
    assert len(rnntui("sample", folder, "--length", "20").text) > 20


@pytest.mark.slow
def test_a_cell_that_ends_its_process_is_one_sentence(refused, sheep, tmp_path):
    (tmp_path / "mine.py").write_text("import os\nos._exit(3)\n\ndef f(x, h, W):\n    h = W.a @ x + h\n    return h\n")
    said = refused("train", "--cell", tmp_path / "mine.py", "--file", sheep, "--steps", "5", *SMALL)
    assert said.startswith("mine.py: read_cell was not finished")
    assert "ended by itself with exit code 3" in said


def test_seconds_become_steps_that_the_spec_remembers(rnntui, sheep, tmp_path):
    done = rnntui("train", "--file", sheep, "--seconds", "0.5", *SMALL, "--out", tmp_path / "run", "--format", "json")
    steps = json.loads(done.text)["step"]
    assert steps >= 20
    assert json.loads((tmp_path / "run" / "spec.json").read_text())["steps"] == steps


def test_as_text_the_result_is_compared_with_the_best_n_gram(rnntui, sheep):
    done = rnntui("train", "--file", sheep, "--steps", "3", *SMALL, "--cell", "rnn")
    assert "bits per character; the best n-gram" in done.text
    assert "it writes" in done.text
    assert "\x1b" not in done.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--corpus", "stdlib-dosc"], "'stdlib-docs'"),
        (["--cell", "mgu"], "Known"),
        (["--seconds", "0"], "--seconds 0 is not above 0 and at most 604,800"),
        (["--seconds", "nan"], "--seconds"),
        (["--seconds", "5", "--steps", "5"], "keep one"),
        (["--steps", "0"], "steps"),
        (["--steps", "5", "--hidden", "0"], "hidden"),
        (["--steps", "5", "--lr", "nan"], "learning_rate"),
        (["--steps", "5", "--corpus", "lessons", "--init", "orthogonl"], "orthogonal"),
        (["--steps", "5", "--tied", "--embedding", "4"], "equal"),
        (["--steps", "5", "--file", ""], "--file"),
        (["--steps", "5", "--file", "/nowhere"], "no file"),
        (["--steps", "5", "--file", "/"], "directory"),
        (["--steps", "5", "--file", "/dev/zero"], "device"),
        (["--steps", "5", "--file", "a", "--corpus", "lessons"], "keep one"),
        (["--out", ""], "--out"),
        (["--resume", ""], "--resume"),
        (["--resume", "/nowhere"], "no run directory"),
        (["--resume", "/tmp"], "no run directory"),
        (["--resume", "x" * 300], "no run directory"),
        (["--corpus", "lessons", "--steps", "5", "--out", "x" * 300], "File name too long"),
        (["--resume", "x", "--hidden", "3"], "--hidden"),
        (["--resume", "x", "--seconds", "3", "--out", "y"], "--seconds, --out"),
        (["--resume", "x", "--lr", "nan"], "learning_rate"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(refused, arguments, said):
    assert said in refused("train", *arguments)


@pytest.mark.parametrize("content", [b"", b"a", b"ab\0cd", b"a short text\n"])
def test_a_text_that_is_no_use_is_one_sentence(refused, tmp_path, content):
    (tmp_path / "text").write_bytes(content)
    refused("train", "--file", tmp_path / "text", "--steps", "5")


def test_a_directory_that_holds_a_run_is_not_written_over(refused, trained, sheep):
    folder, _ = trained
    assert "--resume" in refused("train", "--file", sheep, "--steps", "5", *SMALL, "--out", folder)


def test_a_directory_with_a_file_that_would_be_written_over_is_left_as_it_is(refused, sheep, tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "metrics.jsonl").write_text("mine\n")
    assert "has a file 'metrics.jsonl' that is no run's" in refused("train", "--file", sheep, "--out", folder)
    assert [(one.name, one.read_text()) for one in folder.iterdir()] == [("metrics.jsonl", "mine\n")]


def test_a_run_that_a_process_trains_is_not_resumed_but_sampled_until_that_is_killed(rnntui, refused, sheep, tmp_path):
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "rnntui", "train", "--file", sheep, "--steps", "300", *SMALL, "--out", folder]
    with subprocess.Popen([*command, "--hidden", "64"], stderr=subprocess.PIPE, text=True) as child:
        assert any("step 0/" in line for line in child.stderr)
        child.send_signal(signal.SIGSTOP)
        sentence = refused("train", "--resume", folder)
        assert "Another rnntui is training in" in sentence
        assert "it can only be looked at; wait for it, stop it, or name another directory" in sentence
        assert len(rnntui("sample", folder, "--length", "20").text) > 20
        child.kill()
    assert json.loads(rnntui("train", "--resume", folder, "--format", "json").text)["step"] == 300


def test_an_explosion_is_one_sentence_with_the_way_on(rnntui, sheep, tmp_path):
    bad, run = ("--cell", "rnn-relu", "--clip", "0", "--lr", "1000"), str(tmp_path / "run")
    done = rnntui("train", "--file", sheep, "--seconds", "0.1", *SMALL, *bad, "--out", run)
    assert done.code == 2
    assert done.text == ""
    assert "Training exploded at step" in done.err
    assert "This is a fault" not in done.err
    assert f"Go on with: rnntui train --resume {run} --lr X\n" in done.err
    assert rnntui("train", "--resume", run, "--lr", "0.001").code == 0


def test_a_refused_training_leaves_no_run_directory(refused, tmp_path):
    refused("train", "--file", "/nonexist", "--steps", "5")
    assert [*(tmp_path / "home" / "state" / "runs").iterdir()] == []


@pytest.mark.parametrize(
    "number", [signal.SIGHUP, *(pytest.param(rest, marks=pytest.mark.slow) for rest in (signal.SIGINT, signal.SIGTERM))]
)
def test_a_signal_leaves_a_checkpoint_and_its_code_and_the_run_goes_on(rnntui, sheep, tmp_path, number):
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "rnntui", "train", "--file", sheep, "--steps", "1000000", *SMALL, "--out", folder]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        assert any("step 0/" in line for line in child.stderr)
        child.send_signal(number)
        said = child.stderr.read()
        assert child.wait(60) == 128 + number
    step = re.search(f"Stopped by {number.name} at step ([0-9,]+); go on with: rnntui train --resume {folder}", said)
    written = rnntui("sample", folder, "--length", "10", "--format", "json")
    assert json.loads(written.text)["step"] == int(step[1].replace(",", ""))


def test_a_run_that_is_done_is_told_again_by_resume(rnntui, trained):
    folder, ended = trained
    again = json.loads(rnntui("train", "--resume", folder, "--format", "json").text)
    assert (again["step"], again["val_bpc"]) == (40, pytest.approx(ended.val_bpc))


def test_a_knob_that_comes_too_late_for_a_run_is_said_and_not_logged(rnntui, trained):
    folder, _ = trained
    done = rnntui("train", "--resume", folder, "--lr", "0.001", "--sequence", "4", "--format", "json")
    assert (done.code, json.loads(done.text)["step"]) == (0, 40)
    left = "there is nothing left to do with learning_rate = 0.001, sequence = 4; start a new run."
    assert f"All 40 steps of this run are made, so {left}" in done.err
    assert not (folder / "changes.jsonl").exists()


def test_the_same_seed_writes_the_same_text(rnntui, trained):
    folder, _ = trained
    options = ("sample", folder, "--prime", "3 sheep", "--temperature", "0.8", "--length", "50")
    first, again, other = (rnntui(*options, "--seed", seed) for seed in (0, 0, 1))
    assert first.code == 0
    assert first.text == again.text != other.text
    assert first.text.startswith("3 sheep")
    assert len(first.text) == len("3 sheep") + 50 + 1


def test_an_earlier_checkpoint_writes_as_the_model_did_then(rnntui, trained):
    folder, _ = trained
    then = json.loads(rnntui("sample", folder, "--step", "0", "--length", "50", "--format", "json").text)
    now = json.loads(rnntui("sample", folder, "--length", "50", "--format", "json").text)
    assert (then["step"], now["step"]) == (0, 40)
    assert then["text"] != now["text"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--prime", "sheep!é"], "'!'"),
        (["--temperature", "-1"], "temperature"),
        (["--top-p", "0"], "top-p = 0.0 is not above 0 and at most 1"),
        (["--top-k", "-1"], "top-k"),
        (["--length", "-1"], "--length"),
        (["--seed", "-1"], "--seed"),
        (["--step", "7"], "no checkpoint at step 7"),
    ],
)
def test_a_sample_that_cannot_be_written_is_one_sentence(refused, trained, arguments, said):
    assert said in refused("sample", trained[0], *arguments)


def test_a_directory_that_is_no_run_is_one_sentence(refused, tmp_path):
    assert "no run directory" in refused("sample", tmp_path)
    assert "no run directory" in refused("sample", tmp_path / "none")


def test_a_damaged_checkpoint_is_said_and_the_one_before_it_writes(rnntui, trained, tmp_path):
    folder, _ = trained
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "checkpoints" / "step-000000040.safetensors").write_bytes(b"")
    done = rnntui("sample", copy, "--length", "5", "--format", "json")
    assert done.code == 0
    assert "step 40 is damaged" in done.err
    assert json.loads(done.text)["step"] < 40
