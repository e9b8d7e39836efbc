"""Texts that are on every machine: what Python's standard library says about itself, and its source.

They are read in place and change with every release of Python, so no test and no picture may depend on their words.
"""

from __future__ import annotations

import ast
import os
import random
import sysconfig
import warnings
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

EXCLUDED: Final = frozenset({"test", "tests", "idle_test", "site-packages", "dist-packages", "lib2to3", "__pycache__"})
SEED: Final = 2014
BLOCKS: Final = ("body", "handlers", "orelse", "finalbody", "cases")
"""Fields of a node that hold statements, in the order in which Python's grammar has them."""
LARGEST_MODULE: Final = 1 << 20
SOURCES: Final = (
    "argparse",
    "ast",
    "asyncio/base_events",
    "bdb",
    "calendar",
    "collections/__init__",
    "configparser",
    "csv",
    "dataclasses",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "heapq",
    "inspect",
    "json/decoder",
    "logging/__init__",
    "pathlib",
    "random",
    "shutil",
    "statistics",
    "string",
    "textwrap",
    "typing",
)
"""Modules that read well: long enough to show indentation, brackets and quotes, and stable from release to release."""


def folder() -> Path:
    """Where the standard library's source lies."""
    return Path(sysconfig.get_paths()["stdlib"])


def docstrings() -> Iterator[str]:
    """All docstrings of one module at a time, the modules in an order that a fixed seed shuffles."""
    modules = sorted(_modules(folder()))
    random.Random(SEED).shuffle(modules)  # noqa: S311
    for module in modules:
        if text := "\n\n".join(_docstrings(module)):
            yield text


def sources() -> Iterator[str]:
    """The source of a few modules, one at a time; those that this Python does not have are left out."""
    for name in SOURCES:
        if text := _text(folder() / f"{name}.py"):
            yield text


def _modules(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = (name for name in folders if name not in EXCLUDED)
        yield from (Path(folder, file) for file in files if file.endswith(".py"))


def _docstrings(module: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(_text(module))
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in _statements(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                if text := ast.get_docstring(node):
                    yield text


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Those nodes of `ast.walk`, in its order, that may hold a definition: no expression does."""
    todo: deque[ast.AST] = deque([tree])
    while todo:
        node = todo.popleft()
        yield node
        for name in BLOCKS:
            if isinstance(block := getattr(node, name, None), list):  # the body of a lambda is none
                todo.extend(block)


def _text(file: Path) -> str:
    """The file's text, or nothing when it cannot be read or is uncommonly large."""
    try:
        return file.read_text(encoding="utf-8") if file.stat().st_size <= LARGEST_MODULE else ""
    except (OSError, UnicodeDecodeError):
        return ""
