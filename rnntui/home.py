"""Where rnntui keeps what survives a restart: the last scene and the settings, in one small JSON file.

Nothing here ever stops the app: a missing or read-only home, a damaged file and a second instance end in a notice and
defaults. `RNNTUI_HOME` moves everything into one folder. The lock is what a second instance finds taken.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from rnntui.errors import BadInput
from rnntui.files import reason, write
from rnntui.looks import MODES, THEMES
from rnntui.scene import parse

if TYPE_CHECKING:
    from filelock import BaseFileLock

FORMAT: Final = 1
SPEEDS: Final = (0.1, 100.0)
LARGEST_STATE: Final = 4 << 20
LARGEST_LOG: Final = 1 << 20
SECOND: Final = "Another rnntui is open: this one will not save its settings."


@dataclass(frozen=True)
class Paths:
    """The folders that rnntui uses, and nothing outside them."""

    config: Path
    state: Path
    cache: Path
    log: Path

    @property
    def config_file(self) -> Path:
        """What a person wants always (`rnntui.config`)."""
        return self.config / "config.toml"

    @property
    def state_file(self) -> Path:
        """The last scene and the settings."""
        return self.state / "state.json"

    @property
    def runs(self) -> Path:
        """Where trainings are kept that were not told where."""
        return self.state / "runs"

    @property
    def openings(self) -> Path:
        """Where weights of trainings lie that other activities look at."""
        return self.cache / "openings"

    @property
    def log_file(self) -> Path:
        """What went wrong, and what libraries printed while the app had the screen."""
        return self.log / "rnntui.log"


@dataclass(frozen=True)
class Settings:
    """What a person chose and would not like to choose again."""

    scene: str = ""
    """The scene line of last time, or nothing."""
    theme: str = "dark"
    speed: float = 4.0
    """Auto-play, in steps a second."""
    equations: str = "numbers"
    """How the equations are shown: in symbols, with numbers, or as the torch source line."""
    welcomed: bool = False
    """True once the first minute was seen."""


def find(environ: Mapping[str, str] | None = None) -> Paths:
    """The folders, existing or not: below `RNNTUI_HOME` if that is set, else where the platform keeps such."""
    environ = os.environ if environ is None else environ
    if root := environ.get("RNNTUI_HOME"):
        home = Path(os.path.abspath(root))  # noqa: PTH100 - resolve() would follow links, expanduser() would guess
        return Paths(home / "config", home / "state", home / "cache", home / "log")
    import platformdirs

    where = platformdirs.PlatformDirs("rnntui", appauthor=False)
    return Paths(where.user_config_path, where.user_state_path, where.user_cache_path, where.user_log_path)


class Home:
    """The settings of last time, and the right to save those of this time."""

    def __init__(
        self,
        settings: Settings,
        notices: tuple[str, ...],
        file: Path | None,
        lock: BaseFileLock | None,
        runs: Path | None = None,
        openings: Path | None = None,
    ) -> None:
        self.settings = settings
        self.notices = notices
        """What had to be said while opening, each one sentence."""
        self.runs = runs
        """Where trainings are kept; None keeps none."""
        self.openings = openings
        """Where weights of a training lie that other activities look at; None is nowhere."""
        self._file = file
        self._lock = lock
        self._taken: Path | None = None
        """Where the settings are while another instance has the right to save them."""
        self._said = False

    @classmethod
    def open(cls, paths: Paths | None = None) -> Home:
        """Read the settings and take the lock; whatever fails becomes a notice. Never raises."""
        paths = find() if paths is None else paths
        settings, notices = read(paths.state_file)
        lock, notice = _lock(paths.state)
        if notice and notice != SECOND:
            notices = (*notices, notice)
        file = paths.state_file if lock is not None else None
        home = cls(settings, notices, file, lock, paths.runs, paths.openings)
        home._taken = paths.state_file if notice == SECOND else None
        return home

    @property
    def taken(self) -> bool:
        """Whether another instance has the lock, so that this one saves nothing."""
        return self._taken is not None

    def take(self) -> None:
        """Try again for a lock that was taken: the instance that had it may only have been about to end."""
        lock, _ = _lock(self._taken.parent) if self._taken is not None else (None, None)
        if lock is not None:
            self._lock, self._file, self._taken = lock, self._taken, None

    @classmethod
    def nowhere(cls, settings: Settings | None = None) -> Home:
        """A home that keeps nothing: for pictures and tests."""
        return cls(settings or Settings(welcomed=True), (), None, None)

    def save(self, settings: Settings) -> str | None:
        """Keep the settings for next time; the answer is a notice if that failed (said once), or None. Never raises."""
        self.settings = settings
        if self._file is None:
            return None
        document = json.dumps({"format": FORMAT, **asdict(settings)}, indent=1).encode()
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write(self._file, lambda stream: stream.write(document))
        except OSError as error:
            said, self._said = self._said, True
            return None if said else f"The settings could not be saved: {reason(error)}."
        return None

    def close(self) -> None:
        """Let the next instance have the lock."""
        if self._lock is not None:
            self._lock.release()
            self._lock, self._file = None, None


def read(file: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings in a state file, and what had to be said about it; defaults where it cannot be used."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST_STATE + 1)
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        return Settings(), (f"The settings could not be read ({reason(error)}); starting with the defaults.",)
    try:
        document = json.loads(raw) if len(raw) <= LARGEST_STATE else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or type(document.get("format")) is not int:
        return Settings(), (f"The settings file {file} is damaged; starting with the defaults.",)
    if document["format"] != FORMAT:
        return Settings(), (f"The settings file {file} is of another version; starting with the defaults.",)
    return _checked(document, file)


def open_log(paths: Paths | None = None) -> IO[bytes] | None:
    """The log, open for appending, or None where there can be none; a long one is put aside first. Never raises."""
    try:
        file = (find() if paths is None else paths).log_file
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LARGEST_LOG:
            file.replace(file.with_suffix(".log.1"))
        return file.open("ab")
    except OSError:
        return None


def _lock(folder: Path) -> tuple[BaseFileLock | None, str | None]:
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock")
        lock.acquire(timeout=0)
    except Timeout:
        return None, SECOND
    except (OSError, NotImplementedError) as error:
        return None, f"The settings will not be saved: {reason(error)}."
    return lock, None


def _checked(document: dict[str, Any], file: Path) -> tuple[Settings, tuple[str, ...]]:
    good: dict[str, Any] = {}
    bad = []
    for field in fields(Settings):
        if field.name not in document:
            continue
        if _fits(field.name, document[field.name]):
            good[field.name] = document[field.name]
        else:
            bad.append(field.name)
    if not bad:
        return Settings(**good), ()
    return Settings(**good), (f"The settings file {file} has no usable {', '.join(bad)}; using the default instead.",)


def _fits(name: str, value: object) -> bool:
    match name, value:
        case "scene", str(line):
            return line == "" or _is_scene(line)
        case "theme", str(theme):
            return theme in THEMES
        case "equations", str(mode):
            return mode in MODES
        case "welcomed", bool():
            return True
        case "speed", int() | float():
            return not isinstance(value, bool) and math.isfinite(value) and SPEEDS[0] <= value <= SPEEDS[1]
    return False


def _is_scene(line: str) -> bool:
    try:
        parse(line)
    except BadInput:
        return False
    return True
