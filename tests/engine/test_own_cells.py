"""An own cell that breaks its process, in a real child: one sentence, and the next question is answered."""

import pytest

from rnntui.core.trace import Trace
from rnntui.engine.client import Engine, WorkerDied
from rnntui.errors import BadInput
from rnntui.scene import Scene
from tests.core.own.files import GOOD, MGU, write
from tests.engine.helpers import LONG, until


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("own") / "engine.log"


@pytest.fixture(scope="module")
def engine(log):
    with Engine(limit=LONG, log=log) as engine:
        engine.ready.result(LONG)
        yield engine


@pytest.mark.parametrize(
    ("head", "kind", "said"),
    [
        ("os.kill(os.getpid(), 9)\n", WorkerDied, "SIGKILL"),
        ("os._exit(3)\n", WorkerDied, "exit code 3"),
        ("import ctypes\nctypes.string_at(0)\n", WorkerDied, "SIGSEGV"),
        ("os.closerange(3, 99)\n", WorkerDied, "its process"),
        ("sys.exit(1)\n", BadInput, "own.py:3: SystemExit"),
        ("sys.stdout.close()\nos.close(1)\nraise KeyError('gone')\n", BadInput, "own.py:5: KeyError"),
        ("A = torch.zeros(100 * 2**28)\n", BadInput, "own.py:3: this needs more than the 4 GiB"),
    ],
    ids=["kill", "exit", "segfault", "closed", "sys.exit", "streams", "memory"],
)
def test_a_cell_that_breaks_its_process_costs_one_sentence(engine, tmp_path, head, kind, said):
    with pytest.raises(kind) as caught:
        engine.ask("trace", Scene(text="abc", cell=write(tmp_path, head + GOOD))).result(LONG)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert isinstance(engine.ask("trace", Scene(text="abc", cell=MGU)).result(LONG), Trace)


def test_a_cell_that_waits_for_ever_gives_way_to_the_next_question(engine, tmp_path):
    began = tmp_path / "began"
    head = f"import threading\nopen({str(began)!r}, 'w').close()\nthreading.Event().wait()\n"
    waiting = engine.ask("trace", Scene(text="abc", cell=write(tmp_path, head + GOOD)))
    until(began.exists)
    assert isinstance(engine.ask("trace", Scene(text="abc", cell=MGU)).result(LONG), Trace)
    assert waiting.cancelled()


def test_what_a_cell_prints_reaches_neither_the_terminal_nor_the_log(engine, log, tmp_path, capfd):
    head = "print('a' * 9999)\nos.write(1, b'a' * 9999)\nos.write(2, b'a' * 9999)\n"
    engine.ask("trace", Scene(text="abc", cell=write(tmp_path, head + GOOD))).result(LONG)
    assert "aaa" not in log.read_text()
    assert capfd.readouterr() == ("", "")


def test_the_next_version_of_a_file_is_read_by_the_same_worker(engine, tmp_path):
    first = engine.ask("trace", Scene(text="abc", cell=write(tmp_path, GOOD))).result(LONG)
    with pytest.raises(BadInput, match=r"own\.py:4: this is not Python"):
        engine.ask("trace", Scene(text="abc", cell=write(tmp_path, GOOD.replace("= tanh", "= = tanh")))).result(LONG)
    second = engine.ask("trace", Scene(text="abc", cell=write(tmp_path, GOOD.replace("tanh", "sigmoid")))).result(LONG)
    assert first.equation("h").source.startswith("tanh")
    assert second.equation("h").source.startswith("sigmoid")
