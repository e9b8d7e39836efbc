import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEEN = (
    "rnntui.ui.app",
    "rnntui.engine.client",
    "rnntui.course.welcome",
    "rnntui.paint.layout",
    "rnntui.core.provenance",
)


def imported_by(code):
    """The modules that a fresh interpreter has after running some code."""
    marked = f"import sys\nsys.argv = ['rnntui']\n{code}\nprint('MODULES', *sys.modules)"
    out = subprocess.run([sys.executable, "-c", marked], capture_output=True, text=True, check=True).stdout
    return set(out.rpartition("MODULES")[2].split())


def test_imports_run_in_the_directions_of_the_design():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("module", SEEN)
def test_what_is_seen_imports_no_torch(module):
    found = imported_by(f"import {module}")
    assert module in found
    assert not found & {"torch", "safetensors", "rnntui.lab", "rnntui.core.equations"}


def test_what_computes_imports_no_textual():
    found = imported_by("import rnntui.lab, rnntui.engine.worker")
    assert "torch" in found
    assert not found & {"textual", "rich", "click", "rnntui.paint", "rnntui.ui"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["step", "--help"], ["explore", "--help"], ["paths"]])
def test_help_and_version_import_nothing_heavy(arguments):
    found = imported_by(f"from rnntui.cli.main import run\nassert run({arguments!r}) == 0")
    assert "click" in found
    assert not found & {"torch", "textual", "numpy", "rich", "rnntui.paint.layout"}


def test_the_package_itself_imports_nothing():
    found = imported_by("import rnntui")
    assert {name for name in found if name.startswith("rnntui")} == {"rnntui"}


def test_no_file_of_the_package_is_long():
    long = {
        str(file.relative_to(ROOT)): count
        for file in (ROOT / "rnntui").rglob("*.py")
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert not long


def test_init_files_below_the_top_are_empty():
    inits = [file for file in (ROOT / "rnntui").rglob("__init__.py") if file.parent != ROOT / "rnntui"]
    assert len(inits) >= 8
    assert not [file for file in inits if file.stat().st_size]
