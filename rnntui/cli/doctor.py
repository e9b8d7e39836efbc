"""`rnntui doctor`: whether everything that rnntui needs is there and works."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click

WIDTH = 12
REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?P<range>[^;\[]*)")
"""One that holds always: without extras, and without a condition behind a semicolon."""


@dataclass(frozen=True)
class Finding:
    """One line of the report; `good` is None for what is only told."""

    name: str
    text: str
    good: bool | None = None


@click.command(short_help="Check what rnntui needs.")
def doctor() -> None:
    """Check Python, the libraries, the terminal, the home folder, and one LSTM against torch's.

    Exits with 1 if something that is needed is broken.
    """
    from rnntui.paint.safe import safe_text

    broken = 0
    for finding in findings():
        mark = {True: "ok", False: "BROKEN", None: ""}[finding.good]
        click.echo(f"{finding.name:<{WIDTH}} {mark:<6} {safe_text(finding.text)}".rstrip())
        broken += finding.good is False
    if broken:
        from rnntui.cli.say import say

        say(f"{broken} of these are broken." if broken > 1 else "One of these is broken.")
        sys.exit(1)


def findings() -> Iterator[Finding]:
    """Everything there is to report, one after the other, so that the slow ones do not hold up the rest."""
    import platform

    from rnntui import __version__

    yield Finding("rnntui", f"{__version__}, Python {platform.python_version()}, {platform.platform()}")
    yield from _packages()
    yield _terminal()
    yield _home()
    yield _lessons()
    yield _torch()
    yield _truth()


def _packages() -> Iterator[Finding]:
    """Every library that the package says it needs, and whether it is there in a version that fits."""
    for requirement in _required():
        found = REQUIREMENT.fullmatch(requirement)
        if found is not None:
            yield _version(found["name"], _ordered(found["range"]))


def _ordered(bounds: str) -> str:
    """Bounds as they are read, the lower one first: >=5.3.2,<6."""
    return ",".join(sorted((bound.strip() for bound in bounds.split(",")), reverse=True))


def _required() -> list[str]:
    """The requirements in the package's metadata, or in the project's file beside it where it is not installed."""
    import tomllib
    from importlib.metadata import PackageNotFoundError, requires
    from pathlib import Path

    try:
        return requires("rnntui") or []
    except PackageNotFoundError:
        file = Path(__file__).parents[2] / "pyproject.toml"
        found: list[str] = tomllib.loads(file.read_text("utf-8"))["project"]["dependencies"] if file.is_file() else []
        return found


def _version(package: str, wanted: str) -> Finding:
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version(package)
    except PackageNotFoundError:
        return Finding(package, f"not installed, and rnntui needs {wanted}", False)
    good = all(_fits(found, bound) for bound in filter(None, wanted.split(",")))
    return Finding(package, found if good else f"{found}, and rnntui needs {wanted}", good)


def _fits(version: str, bound: str) -> bool:
    """Whether a version is inside one bound: >=5.3.2 or <6."""
    sign, limit = bound.rstrip("0123456789."), bound.lstrip("<>=!~")
    here, there = _numbers(version), _numbers(limit)
    known = {">=": here >= there, "<": here < there, "<=": here <= there, ">": here > there, "==": here == there}
    return known.get(sign, True)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, of 2.13.0+cpu those before the plus; zeros at the end count as none."""
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, re.sub(r"(\.0+)+$", "", match[0]).split("."))) if match else ()


def _terminal() -> Finding:
    import os
    import shutil

    from rnntui.cli import terminal
    from rnntui.errors import BadInput

    size = shutil.get_terminal_size((0, 0))
    facts = [
        f"TERM={os.environ.get('TERM', '')}",
        f"COLORTERM={os.environ.get('COLORTERM', '')}",
        f"colours={terminal.colours()}",
        f"size={size.columns}x{size.lines}",
        f"encoding={sys.stdout.encoding}",
        *(
            word
            for name, word in (("TMUX", "tmux"), ("STY", "screen"), ("SSH_CONNECTION", "ssh"))
            if name in os.environ
        ),
    ]
    try:
        terminal.require_terminal()
    except BadInput as error:
        facts.append(f"no app here: {error}")
    return Finding("terminal", ", ".join(facts))


def _home() -> Finding:
    import tempfile

    from rnntui.files import reason
    from rnntui.home import find, read

    paths = find()
    try:
        paths.state.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=paths.state) as stream:
            stream.write(b"rnntui")
    except OSError as error:
        return Finding("home", f"settings cannot be saved in {paths.state}: {reason(error)} (the app works without)")
    notices = read(paths.state_file)[1]
    return Finding("home", " ".join((str(paths.state), *notices)), True)


def _lessons() -> Finding:
    from rnntui.course.welcome import welcome
    from rnntui.errors import BadInput
    from rnntui.lessons import folder

    try:
        title = welcome().title
    except BadInput as error:
        return Finding("lessons", str(error), False)
    return Finding("lessons", f"{folder()} begins with: {title}", True)


def _torch() -> Finding:
    """How long a fresh Python takes to import torch: what a first answer waits for."""
    import subprocess
    import time

    start = time.perf_counter()
    try:
        child = subprocess.run([sys.executable, "-c", "import torch"], capture_output=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("import torch", f"{error}", False)
    if child.returncode:
        last = child.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return Finding("import torch", " ".join(last) or f"exit code {child.returncode}", False)
    return Finding("import torch", f"{time.perf_counter() - start:.1f} s in a fresh process", True)


def _truth() -> Finding:
    """The promise itself: our LSTM gives torch's numbers."""
    try:
        from rnntui.cli.selfcheck import difference

        worst = difference()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what the doctor is asked for
        return Finding("self-check", f"{type(error).__name__}: {error}", False)
    return Finding("self-check", f"LSTM equals torch.nn.LSTM: max difference {worst:.0e}", worst <= 1e-6)
