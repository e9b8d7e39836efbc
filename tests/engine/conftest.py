"""One started engine for each file of tests: starting takes longer than asking."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rnntui.engine.client import Asker, Engine
from rnntui.engine.worker import InlineEngine
from tests.engine.helpers import FAKE_LAB, LONG


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine") / "new folder" / "engine.log"


@pytest.fixture(scope="module")
def engine(log: Path) -> Iterator[Engine]:
    with Engine(FAKE_LAB, limit=LONG, log=log, modules=()) as engine:
        yield engine


@pytest.fixture(scope="module", params=["child", "inline"])
def asker(request: pytest.FixtureRequest, log: Path) -> Iterator[Asker]:
    asker: Asker = InlineEngine(FAKE_LAB) if request.param == "inline" else Engine(FAKE_LAB, log=log, modules=())
    asker.start()
    yield asker
    asker.close()
