"""What the processes are made of: no torch at the client, one thread at the worker, the other way to start them."""

import subprocess
import sys
from pathlib import Path

import pytest

from rnntui.engine.client import Engine, LabFault, WorkerDied
from tests.engine.helpers import FAKE_LAB, LONG, offspring, until

ROOT = Path(__file__).parents[2]


def test_the_client_brings_neither_torch_nor_textual_nor_numpy_nor_the_lab():
    code = (
        "import sys; from rnntui.engine.client import Engine; Engine('tests.engine.fake_lab', modules=()).start();"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'torch', 'textual', 'numpy', 'tests', 'asyncio', 'multiprocessing'}), 'rnntui.engine.worker' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_torch_is_loaded_before_the_first_question_uses_one_thread_and_keeps_its_tensors(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    with Engine(FAKE_LAB) as engine:
        engine.ready.result(LONG)
        assert engine.ask("torch_is_loaded").result(LONG) is True
        assert engine.ask("threads").result(LONG) == 1
        assert engine.ask("torch_threads").result(LONG) == (1, 1)
        with pytest.raises(LabFault, match=r"^tensor gave an answer that cannot be sent: "):
            engine.ask("tensor").result(LONG)


def test_the_log_is_begun_anew_when_it_has_grown_long(tmp_path: Path):
    log = tmp_path / "log"
    log.write_bytes(b"old\n" * 300_000)
    with Engine(FAKE_LAB, log=log, modules=()) as engine:
        engine.ask("noise").result(LONG)
    assert "noise" in log.read_text()
    assert "old" not in log.read_text()


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path):
    with Engine(FAKE_LAB, log=tmp_path, modules=()) as engine:
        assert engine.ask("noise").result(LONG) == "quiet"


def test_spawned_workers_keep_the_same_promises(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    before = set(offspring())
    log = tmp_path / "log"
    with Engine(FAKE_LAB, log=log, modules=(), method="spawn") as engine:
        assert engine.ask("echo", 1).result(LONG) == 1
        assert engine.ask("noise").result(LONG) == "quiet"
        assert engine.ask("interrupt_self").result(LONG) == "still here"
        with pytest.raises(WorkerDied, match="its process was killed by SIGKILL"):
            engine.ask("kill_self").result(LONG)
        mark = tmp_path / "mark"
        slow = engine.ask("spin_in_c", str(mark))
        until(mark.exists)
        assert engine.ask("pid").result(LONG) != int(mark.read_text())
        assert slow.cancelled()
    from multiprocessing import resource_tracker

    tracker = {resource_tracker._resource_tracker._pid}
    assert set(offspring()) <= before | tracker
    assert capfd.readouterr() == ("", "")
    assert "noise by fd 2" in log.read_text()


def test_a_spawned_worker_that_cannot_load_the_lab_says_so():
    with (
        Engine(FAKE_LAB, modules=("tests.engine.fails_to_load",), method="spawn") as engine,
        pytest.raises(LabFault, match=r"could not be loaded: ImportError: libtorch_cpu.so"),
    ):
        engine.ask("echo", 1).result(LONG)
