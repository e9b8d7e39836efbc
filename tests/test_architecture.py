import ast
import importlib
import inspect
import re
import subprocess
import sys
from functools import cache
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


PUBLIC_IN_SPITE_OF_ITS_NAME = {"os._exit"}
TOUCHES_PRIVATE_PARTS = {"ui/frame.py"}


def private(name):
    return name.startswith("_") and not name.startswith("__")


def own_names(tree):
    """The private names that a module itself defines: functions, methods, fields, and what it sets on self."""
    found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            on_self = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self"
            found |= {node.id} if isinstance(node, ast.Name) else {node.attr} if on_self else set()
    return found


def trespasses(source):
    """Where a module reads or sets a private part of an object that is not its own, or imports a private name."""
    tree = ast.parse(source)
    own = own_names(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and private(node.attr):
            whole = ast.unparse(node)
            if ast.unparse(node.value) not in {"self", "cls"} and node.attr not in own:
                found.append(whole)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"getattr", "setattr", "hasattr", "delattr"}:
            whom, name = node.args[:2]
            named = name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else ""
            if private(named) and ast.unparse(whom) not in {"self", "cls"} and named not in own:
                found.append(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom):
            parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            found += [ast.unparse(node)] * any(private(part) for part in parts)
    return [one for one in found if one not in PUBLIC_IN_SPITE_OF_ITS_NAME]


@pytest.mark.parametrize(
    "line",
    [
        "app._driver.write('')",
        "self.app._display(x)",
        "super()._on_click()",
        "getattr(app, '_driver')",
        "widget._dirty = True",
        "from textual import _compositor",
        "from textual._compositor import ChopsUpdate",
    ],
)
def test_a_trespass_is_seen(line):
    assert len(trespasses(line)) == 1
    assert not trespasses("class A:\n    def _a(self): self._b = cls._c; other._a()\nos._exit(0)")


def test_only_the_frame_touches_the_private_parts_of_other_objects():
    files = sorted((ROOT / "rnntui").rglob("*.py"))
    found = {
        str(file.relative_to(ROOT / "rnntui")): wrong
        for file in files
        if (wrong := trespasses(file.read_text(encoding="utf-8")))
    }
    assert set(found) == TOUCHES_PRIVATE_PARTS, found


@cache
def private_names_of(cls):
    """Every private name that a class defines, or sets on self."""
    return {*re.findall(r"\bself\.(_\w+)", inspect.getsource(cls)), *filter(private, vars(cls))}


def textuals(cls):
    """Every private name of the Textual classes below a class of ours."""
    below = (base for base in cls.__mro__ if base.__module__.partition(".")[0] == "textual")
    return set().union(*map(private_names_of, below))


def test_no_private_name_of_a_widget_or_screen_is_one_of_textuals():
    from rnntui.ui.panes.keyline import KeyLine

    assert {"_render", "_size"} <= textuals(KeyLine)
    checked = 0
    for file in sorted((ROOT / "rnntui" / "ui").rglob("*.py")):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        if file.name == "__init__.py" or name == "rnntui.ui.frame":
            continue
        for cls in vars(importlib.import_module(name)).values():
            if isinstance(cls, type) and cls.__module__ == name and (taken := textuals(cls)):
                checked += 1
                source = inspect.getsource(cls)
                own = re.findall(
                    r"\bdef (_[a-z]\w*)|\bself\.(_[a-z]\w*)(?:: [^=\n]+)? = |^    (_[a-z]\w*)\b", source, re.M
                )
                assert not {one for names in own for one in names if one} & taken, cls
    assert checked >= 8
