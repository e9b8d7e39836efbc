import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


def run(*command, cwd, **environ):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RNNTUI", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=kept | environ,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel that is built from the sdist, and the sdist, so that each is tested."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return wheel, sdist


def test_the_wheel_holds_the_lessons_the_style_sheet_and_every_cell(built):
    names = set(zipfile.ZipFile(built[0]).namelist())
    assert {"rnntui/_lessons/welcome.md", "rnntui/_lessons/cells/mgu.py"} <= names
    cells = {f"rnntui/core/cells/{file.name}" for file in (ROOT / "rnntui/core/cells").glob("*.py")}
    styles = {str(file.relative_to(ROOT)) for file in (ROOT / "rnntui").rglob("*.tcss")}
    assert len(cells) >= 6
    assert styles
    assert cells | styles <= names
    assert not [name for name in names if name.startswith(("tests/", "lessons/"))]


def test_the_sdist_holds_lessons_tests_and_the_licence(built):
    with tarfile.open(built[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "lessons/welcome.md",
        "tests/test_packaging.py",
        "LICENSE",
        "README.md",
        "pyproject.toml",
        ".ci/run",
    } <= names


def test_the_wheel_works_in_an_empty_environment(built, tmp_path):
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", built[0], cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    home = {"RNNTUI_HOME": str(tmp_path / "home")}
    rnntui = python.with_name("rnntui")
    found = json.loads(run(rnntui, "step", "hello", "--format", "json", cwd=elsewhere, **home))
    assert found["tokens"] == list("hello")
    assert len(found["output"]) == 5
    paths = dict(line.split("\t") for line in run(rnntui, "paths", cwd=elsewhere, **home).splitlines())
    lessons = Path(paths["lessons"])
    assert lessons.name == "_lessons"
    assert lessons.is_relative_to(tmp_path / "venv")
    assert (lessons / "welcome.md").is_file()
    run(rnntui, "snap", "explore:cell=gru,text=hello,hidden=4,seed=0,t=2", "-o", "a.svg", cwd=elsewhere, **home)
    assert (elsewhere / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "ok" in run(rnntui, "doctor", cwd=elsewhere, **home)
